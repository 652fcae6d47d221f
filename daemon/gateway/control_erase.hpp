// SPDX-License-Identifier: GPL-3.0-or-later
// control_erase.hpp — `chatctl erase`: erases the lines that are in memory, and passes the caller
// to the archive, which erases those on disk.
//
// Runs in:   gateway. A request reads the logs of the rooms that it is for, which takes up to 0.2 s
//            for a thousand full rooms.
// Borrows:   the StateView, the Chat, the ControlRooms, the ControlHistory.
// Invariant: memory comes first, so that the archive stores nothing again. If this process dies in
//            between, or the archive does, the caller gets no answer, and repeats the request.
// Errors:    a Refusal.
#pragma once

#include <cstdint>
#include <expected>
#include <vector>

#include "common/wire/control/long_reports.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/control_history.hpp"
#include "daemon/gateway/control_rooms.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::gateway {

class ControlErase {
 public:
  ControlErase(const state::StateView& state, chat::Chat& chat, const ControlRooms& rooms,
               const ControlHistory& history)
      : state_{state}, chat_{chat}, rooms_{rooms}, history_{history} {}

  // The caller wakes the workers afterwards.
  control::AnswerOrPassed<wire::ErasedReport> erase(const control::Args& args,
                                                    const control::Caller& caller);

 private:
  using Room = ControlRooms::Room;
  struct Request {
    std::vector<Room> rooms;  // in memory
    chat::LineErasure::Selection selection;
    bool has_room{false};  // a room is named
    bool is_dry_run{false};
  };
  [[nodiscard]] std::expected<Request, control::Refusal> read(const control::Args& args) const;
  [[nodiscard]] std::vector<Room> all_rooms() const;
  // With a history, a room that is not in memory is no error: it may have lines on disk.
  [[nodiscard]] std::expected<std::vector<Room>, control::Refusal> rooms_named(
      std::string_view name) const;
  // The number that the line has in memory.
  [[nodiscard]] std::expected<std::uint64_t, control::Refusal> number_of(std::string_view text,
                                                                         const Room& room) const;

  const state::StateView& state_;
  chat::Chat& chat_;
  const ControlRooms& rooms_;
  const ControlHistory& history_;
};

}  // namespace chatd::gateway
