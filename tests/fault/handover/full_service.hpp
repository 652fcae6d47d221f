// SPDX-License-Identifier: GPL-3.0-or-later
// full_service.hpp — a kept service with sessions of every kind: ada by text, at the second of two
// sockets, cyd by the native protocol with keys, a direct message and rooms, and a log that
// wrapped.
//
// Runs in:   fault tests.
// See:       tests/daemon/handover/kept_service.hpp
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/state/mailbox.hpp"
#include "daemon/state/room_log.hpp"
#include "tests/daemon/handover/kept_service.hpp"
#include "tests/fault/handover/full_rooms.hpp"
#include "tests/support/key.hpp"

namespace chatd::handover {

class FullService : public KeptService {
 protected:
  static constexpr state::Slot kCydsSlot{5};
  static constexpr std::uint64_t kCydsUplink = 640;
  static constexpr std::uint64_t kCydsCounter = 9;  // of the last packet that was opened
  static constexpr state::Geometry kLarger{
      .sessions = 16, .ring_bytes = 65536, .rooms = 7, .room_ring_bytes = 32768};

  FullService() {
    geometry_ = FullRooms::kGeometry;
    sockets_ = {test::endpoint("127.0.0.1:8888"), adas_socket_};
    begin(1);
    for (int i = 0; i < 250; ++i) say(std::to_string(i));
    enter_cyd();
    rooms_.make_in(view(first_), kCydsSlot, now_);
    log_ = log_of(first_);
    adas_generation_ = adas().generation;
  }

  void say(const std::string& text) {
    state::RoomLog{view(first_)}.append({.kind = state::RecordKind::say,
                                         .sender = adas(),
                                         .name = "ada",
                                         .text = text + std::string(100, 'x'),
                                         .time = now_});
  }
  [[nodiscard]] state::Sender adas() const {
    return state::SessionTable{view(first_)}.sender(kAdasSlot);
  }
  [[nodiscard]] static state::KeyTable keys(const Begin& begin) {
    const auto sessions = view(begin).geometry().sessions;
    return state::KeyTable::map(begin.keys.get(), sessions, state::Access::writer).value();
  }
  // Each record that can be read, as "sequence text".
  [[nodiscard]] static std::vector<std::string> log_of(const Begin& begin) {
    std::vector<std::string> all;
    for (const auto& record : test::records_of(view(begin))) {
      all.push_back(std::to_string(record.sequence) + ' ' + record.text);
    }
    return all;
  }
  [[nodiscard]] static std::size_t members_of(const Begin& begin) {
    const auto state = view(begin);
    std::size_t count = 0;
    for (const auto& slot : state.slots()) {
      if (slot.phase.load() != state::SessionPhase::free) ++count;
    }
    return count;
  }

  // Expects all members and the whole log, exactly once.
  void expect_everything(const Begin& begin) const {
    EXPECT_FALSE(begin.is_lost) << begin.words;
    EXPECT_EQ(members_of(begin), 2U);
    EXPECT_EQ(log_of(begin), log_);
    expect_ada(begin);
    expect_cyd(begin);
    rooms_.expect_all(view(begin));
  }
  void expect_ada(const Begin& begin) const {
    const auto state = view(begin);
    const auto& slot = state.slots()[kAdasSlot];
    EXPECT_TRUE(has_ada(begin));
    EXPECT_EQ(slot.generation.load(), adas_generation_);
    ASSERT_LT(slot.delivery.socket, sockets_.size());
    EXPECT_EQ(sockets_[slot.delivery.socket], adas_socket_);
    EXPECT_NE(state.active()[0].load() & (1ULL << kAdasSlot), 0U);
  }
  static void expect_cyd(const Begin& begin) {
    const auto state = view(begin);
    const auto& native = state.native_slots()[kCydsSlot];
    EXPECT_EQ(state.slots()[kCydsSlot].phase.load(), state::SessionPhase::active);
    EXPECT_EQ(state::SessionTable{state}.name(kCydsSlot), "cyd");
    EXPECT_EQ(native.uplink, kCydsUplink);
    EXPECT_EQ(native.packet_counter.load(), kCydsCounter);
    EXPECT_EQ(direct_messages_of(state), kCydsDirectMessage);
    const auto table = keys(begin);
    EXPECT_EQ(state::tx_key(table.slot(kCydsSlot)).key, test::key(1));
    EXPECT_EQ(table.rx_key(kCydsSlot, kCydsCounter + 1), test::key(2));
    EXPECT_FALSE(table.slot(kCydsSlot).replay.is_fresh(kCydsCounter));
    EXPECT_TRUE(table.slot(kCydsSlot).replay.is_fresh(kCydsCounter + 1));
  }

  const Endpoint adas_socket_{test::endpoint("127.0.0.1:8889")};
  FullRooms rooms_;
  std::vector<std::string> log_;
  std::uint64_t adas_generation_{0};

 private:
  static constexpr std::string_view kCydsDirectMessage = "between us";
  void enter_cyd() {
    const auto state = view(first_);
    auto& native = state.native_slots()[kCydsSlot];
    const auto where = test::delivery_to(test::endpoint("192.0.2.2:5000"));
    state::SessionTable sessions{state};
    sessions.open(kCydsSlot, {.kind = state::SessionKind::native,
                              .delivery = where,
                              .name = "cyd",
                              .log_tail = state.ring_head().tail.load(),
                              .joined = now_,
                              .now = test::mono_at(std::chrono::seconds{1})});
    state::update_peer(native, [&](state::NativePeer& peer) {
      peer.delivery = where;
      peer.datagram_bytes = wire::kBaseDatagram;
    });
    native.uplink = kCydsUplink;
    auto table = keys(first_);
    table.install(kCydsSlot, test::key(1), test::key(2), native.packet_counter, {});
    table.opened(kCydsSlot, kCydsCounter);
    native.packet_counter = kCydsCounter;
    state::Mailbox{state, kCydsSlot}.append({.kind = state::RecordKind::direct,
                                             .sender = adas(),
                                             .name = "ada",
                                             .text = kCydsDirectMessage,
                                             .time = now_});
    sessions.activate(kCydsSlot);
  }
  // The text in cyd's mailbox, if it is one whole record.
  static std::string direct_messages_of(const state::StateView& state) {
    const state::Mailbox mailbox{state, kCydsSlot};
    std::vector<std::byte> bytes(mailbox.tail());
    mailbox.read(0, bytes);
    const auto record = wire::read_record(bytes);
    return record && record->header.size == bytes.size() ? std::string{record->text} : "none";
  }
};

}  // namespace chatd::handover
