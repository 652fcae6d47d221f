// SPDX-License-Identifier: GPL-3.0-or-later
// member_log.hpp — who comes and goes, in the service's log; the same for every protocol.
//
// Runs in:   gateway. Pure but for log(): the time is an argument.
// Invariant: a storm does not drown the log. Of one second the first kLines comings and
//            goings have a line each, the others one together; while it goes on, all of a
//            second have one. The lines that are saved so are there at log level debug.
//            A kick is an administrator's deed and always has its line.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/chat/room.hpp"

namespace chatd::gateway {

class MemberLog {
 public:
  static constexpr std::uint32_t kLines = 20;

  void joined(const chat::Room& room, chat::Slot slot, MonoTime now);
  // Before it is removed: its name and address are still there.
  void left(const chat::Room& room, chat::Slot slot, state::LeaveKind kind, std::string_view reason,
            MonoTime now);

  // About once a second: writes what is due.
  void tick(MonoTime now);
  // Writes what is left: this process ends.
  void finish();

 private:
  // Whether one more has a line of its own.
  [[nodiscard]] bool has_line(MonoTime now);
  void write_crowd();

  MonoTime second_began_{};
  std::uint32_t seen_{0};        // in this second
  std::uint32_t lines_{kLines};  // this second's
  std::uint64_t joined_{0};      // without a line of their own
  std::uint64_t left_{0};
};

}  // namespace chatd::gateway
