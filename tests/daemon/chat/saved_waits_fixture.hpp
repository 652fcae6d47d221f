// SPDX-License-Identifier: GPL-3.0-or-later
// saved_waits_fixture.hpp — members that wait until their messages are on disk, without an archive.
//
// Runs in:   test programs.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "daemon/chat/saved_waits.hpp"
#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {

class SavedWaitsFixture : public NativeFixture {
 protected:
  SavedWaitsFixture() { start(true); }
  void start(bool has_archive) {
    waits_.emplace(state_, sessions(), has_archive);
    waits_->adopt();
  }
  // The gateway is killed.
  void replace() {
    restart();
    start(true);
  }
  Slot enter_and_ask(std::string_view name, int key) {
    const Slot slot = enter(name, key).slot;
    state_.native_slots()[slot].wants_saved = 1;
    waits_->begin(slot, true);
    return slot;
  }
  // A message, as the gateway carries it out. `room`: 0: the default one.
  void say(Slot slot, std::uint64_t end, std::uint32_t room = 0) {
    const auto address = wire::as_argument(wire::RoomAddress{wire::RoomId{room}});
    const std::string_view name{address.data(), room == 0 ? 0 : address.size()};
    const wire::CommandView command{
        .kind = wire::CommandKind::say, .name = name, .text = {}, .size = 0};
    waits_->will_carry_out(slot, command, end);
    commands().say(order(slot, end), state::RecordKind::say, name, "hello");
    if (!is_killed_) waits_->carried_out(slot, command, end);
  }
  std::uint32_t make_room(Slot slot, std::string_view name, std::uint64_t end) {
    commands().make(order(slot, end), name);
    return static_cast<std::uint32_t>(chat_->rooms.find_name(name).value().id);
  }
  // "lab", as make_room().
  std::uint32_t make_lab_without_history(Slot slot, std::uint64_t end) {
    const std::uint32_t lab = make_room(slot, "lab", end);
    state_.properties(row_of("lab")).history = wire::kHistoryOff;
    return lab;
  }
  state::RoomIndex row_of(std::string_view name) {
    return chat_->rooms.find_name(name).value().index;
  }
  // The archive has stored what the logs have now.
  void store(std::optional<state::RoomIndex> room = std::nullopt) {
    state_.stored_place(room).offset =
        room ? state_.room_log(*room).tail() : state_.room_log().tail();
    store_rows();
  }
  // And the rows that last.
  void store_rows() { state_.registry_figures().saved = state_.registry_head().version.load(); }
  // A command that has changed a row that lasts.
  void change_row(Slot slot, std::uint64_t end) {
    state_.registry_head().version += 2;
    state_.native_slots()[slot].uplink = end;
    waits_->carried_out(
        slot, {.kind = wire::CommandKind::direct, .name = "bob", .text = {}, .size = 0}, end, true);
  }
  void lose() {
    auto& place = state_.stored_place(std::nullopt);
    place.lost = std::uint64_t{state_.room_log().tail()};
    state_.archive().lost_tail = state_.room_log().tail() + 1;
    place.offset = std::uint64_t{state_.room_log().tail()};
  }
  // "0 saved 30": slot, state and offset of each frame.
  std::vector<std::string> answers() {
    std::vector<std::string> all;
    waits_->take_due([&](Slot slot, std::span<const wire::Frame> frames) {
      for (const wire::Frame& frame : frames) {
        constexpr std::array kNames{"saved", "unknown", "no_history"};
        const auto& saved = std::get<wire::SavedFrame>(frame);
        all.push_back(fmt::format("{} {} {}", static_cast<std::uint32_t>(slot),
                                  kNames.at(static_cast<std::size_t>(saved.state)), saved.offset));
      }
    });
    return all;
  }
  std::vector<std::string> look() {
    (void)waits_->look();
    return answers();
  }

  std::optional<SavedWaits> waits_;
  bool is_killed_{false};  // behind the record of a message
};

}  // namespace chatd::chat
