// SPDX-License-Identifier: GPL-3.0-or-later
// hidden_room.hpp — a hidden room for invited members in a simulated world, with one member, sam.
// No other client may learn anything of it: its name, its topic and what sam says in it contain a
// random word, which is in no datagram to another client.
//
// Runs in:   fuzz targets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common/crypto/random.hpp"
#include "common/transport/packet_seal.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::test {

class HiddenRoom {
 public:
  // A room that is open to everybody.
  static constexpr std::string_view kOpen = "open";

  explicit HiddenRoom(NativeWorld& world) : world_{world} {
    std::uint64_t random = 0;
    crypto::fill_random(std::as_writable_bytes(std::span{&random, 1}));
    word_ = fmt::format("{:016x}", random);  // not known to the fuzzer
    auto& chat = world_.chat();
    const chat::Moderation::By by{.now = world_.server_now()};
    require(chat.rooms.make_kept(kOpen, by.now).has_value());
    place_ = chat.rooms.make_kept("r" + word_, by.now).value();
    for (const auto property : {wire::RoomProperty::invited, wire::RoomProperty::hidden}) {
      require(chat.moderation.set(by, place_, {.property = property, .value = 1}).has_value());
    }
    require(chat.moderation.set_topic(by, place_, word_).has_value());
    require(chat.moderation
                .moderate(by, place_, {.action = wire::ModerateAction::invite, .name = "sam"})
                .has_value());
    const std::string name{chat.rooms.name(place_.index)};
    (void)sam_.member.send(client::JoinRoom{.name = name}, world_.now());
    (void)sam_.member.send(client::Say{.text = word_, .room = name}, world_.now());
    require(world_.run_until([&] { return sam_.member.unconfirmed() == 0; }));
    require(chat.rooms.members(place_.index) == 1);
    tail_ = chat.rooms.tail(place_.index);
    world_.on_datagram = [this](wire::Bytes datagram, bool to_server) {
      if (!to_server) look(datagram);
    };
  }
  HiddenRoom(const HiddenRoom&) = delete;
  HiddenRoom& operator=(const HiddenRoom&) = delete;
  ~HiddenRoom() { world_.on_datagram = nullptr; }

  // The room is as it was. sam may have left and joined again.
  void expect_unchanged() const {
    const auto& chat = world_.chat();
    const state::RoomProperties& set = world_.view().properties(place_.index);
    require(chat.rooms.row(place_.index).id.load() == static_cast<std::uint32_t>(place_.id));
    require(set.is_hidden.load() && set.is_invited.load());
    require(view_of(topic_of(set).text) == word_);
    require(chat.rooms.members(place_.index) <= 1);
    logs::RecordBuffer buffer;
    const auto check = [&](const wire::RecordView& record, logs::Offset at) {
      const bool is_his = record.name == "sam" && !chat::is_line(record.header.kind);
      require(at < tail_ || is_his || record.header.kind == wire::RecordKind::crowd);
    };
    logs::for_each_record(world_.view().room_log(place_.index), buffer, check);
  }
  [[nodiscard]] state::RoomId id() const { return place_.id; }
  // Nor does a log that others read have the word, also if it was not sent to them yet.
  void expect_unseen() const {
    logs::RecordBuffer buffer;
    const auto check = [&](const wire::RecordView& record, logs::Offset) {
      require(!has_word(record.name) && !has_word(record.text));
    };
    logs::for_each_record(world_.view().room_log(), buffer, check);
    const auto& rooms = world_.chat().rooms;
    for (auto room = rooms.next(0); room;
         room = rooms.next(static_cast<std::uint32_t>(room->index) + 1)) {
      if (room->id == place_.id) continue;
      logs::for_each_record(world_.view().room_log(room->index), buffer, check);
    }
  }

 private:
  [[nodiscard]] bool has_word(std::string_view text) const {
    return text.find(word_) != std::string_view::npos;
  }
  [[nodiscard]] bool has_word(wire::Bytes bytes) const {
    return has_word({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  // The server has sent the datagram to any client.
  void look(wire::Bytes datagram) {
    require(!has_word(datagram));
    const auto header = wire::read_sealed(datagram);
    if (!header) return;
    crypto::Aead aead;
    std::vector<std::byte> plain(datagram.size());
    for (const state::Slot slot : world_.sessions().all(state::SessionKind::native)) {
      const auto& peer = state::peer_of(world_.view().native_slots()[slot]);
      if (peer.connection != header->connection || world_.sessions().name(slot) == "sam") continue;
      const crypto::Key key = state::tx_key(world_.keys().slot(slot)).key;
      wire::Bytes frames;
      if (!transport::open_packet(aead, key, header->counter, datagram, plain, frames)) continue;
      require(!has_word(frames));
    }
  }
  NativeWorld& world_;
  NativeWorld::Seat& sam_{world_.enter("sam")};
  std::string word_;
  state::RoomPlace place_;
  state::Offset tail_;
};

}  // namespace chatd::test
