// SPDX-License-Identifier: GPL-3.0-or-later
// room_answers.hpp — commands of a hostile member for a room that it may not find, and for a room
// that was never made: the answers are equal.
//
// Runs in:   fuzz targets.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/hidden_room.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/native_world.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd::test {

class RoomAnswers {
 public:
  RoomAnswers(NativeWorld& world, const NativeWorld::Seat& seat, std::string_view name)
      : world_{world}, seat_{seat}, name_{name} {}

  // The member sends a command for the room that it may not find, and for one that was never made.
  // Both have the same answer. `what` chooses the kind of the command. A join names an open room,
  // and has a position in the other one.
  void expect_same(state::RoomId hidden, std::uint8_t what, std::string_view text) {
    using wire::CommandKind;
    constexpr std::array kKinds{CommandKind::say,      CommandKind::action, CommandKind::who,
                                CommandKind::leave,    CommandKind::topic,  CommandKind::set,
                                CommandKind::moderate, CommandKind::about,  CommandKind::join};
    constexpr state::RoomId kFree{16'000'000};
    const CommandKind kind = kKinds[what % kKinds.size()];
    std::array<Answer, 2> answers;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const state::RoomId id = i == 0 ? hidden : kFree;
      answers[i] = kind == CommandKind::join ? answer(kind, HiddenRoom::kOpen, position_in(id))
                                             : answer(kind, id_text(id), text);
    }
    // A command that comes too early is not read.
    require(answers[0] == answers[1] || !answers[0].is_read || !answers[1].is_read);
  }

 private:
  struct Answer {
    bool is_read{false};
    wire::RecordKind kind{};
    std::string name{};
    std::string text{};
    friend bool operator==(const Answer&, const Answer&) = default;
  };

  [[nodiscard]] std::string position_in(state::RoomId id) const {
    std::array<std::byte, wire::encoded_bytes(wire::RoomPosition{})> bytes{};
    wire::ByteWriter out{bytes};
    wire::encode(out, wire::RoomPosition{.history_id = world_.view().header().epoch,
                                         .offset = state::first_offset(id) + 1});
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // The last record that the command appends to the mailbox.
  Answer answer(wire::CommandKind kind, std::string_view room, std::string_view text) {
    const auto slot = world_.sessions().find_name(name_);
    if (!slot) return {};
    const auto& uplink = world_.view().native_slots()[*slot].uplink;
    const std::uint64_t before = uplink;
    const state::Offset tail = world_.chat().mailboxes.tail(*slot);
    std::array<std::byte, wire::kMaxCommandBytes> bytes{};
    wire::ByteWriter out{bytes};
    if (!wire::write_command(out, kind, room, text)) return {};
    const std::array<wire::Frame, 2> frames{
        wire::AckFrame{.stream = wire::kMailboxStream, .window = 65'536, .cumulative = tail},
        wire::DataFrame{.stream = wire::kCommandStream, .offset = before, .bytes = out.written()}};
    world_.forge(seat_, name_, frames);
    Answer last{.is_read = uplink != before};
    logs::RecordBuffer buffer;
    logs::LogFollower follower{world_.view().mailbox_log(*slot), buffer, tail};
    wire::RecordView record{};
    while (follower.next(record) == logs::LogFollower::Status::record) {
      last = {.is_read = uplink != before,
              .kind = record.header.kind,
              .name = std::string{record.name},
              .text = std::string{record.text}};
    }
    // Without the id of the room in the command.
    if (last.kind == wire::RecordKind::left) last.text.erase(1, 4);
    return last;
  }

  NativeWorld& world_;
  const NativeWorld::Seat& seat_;
  std::string_view name_;
};

}  // namespace chatd::test
