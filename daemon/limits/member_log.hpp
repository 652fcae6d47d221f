// SPDX-License-Identifier: GPL-3.0-or-later
// member_log.hpp — log messages about joins and leaves of members, and about further programs of a
// member; the same for both protocols.
//
// Runs in:   gateway. Pure but for log(): the time is an argument.
// Invariant: the number of lines in a second is bounded. The first kLines joins and leaves of a
//            second have a line each; the others share one summary line. If the next second has
//            too many again, all of them share one line. At log level debug each join and leave
//            has a line. A kick always has a line: an administrator caused it.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/chat/sessions.hpp"

namespace chatd::gateway {

class MemberLog {
 public:
  // Joins and leaves of one second that have a line each.
  static constexpr std::uint32_t kLines = 20;

  void joined(const chat::Sessions& sessions, chat::Slot slot, MonoTime now);
  // To be called before the session is removed: its name and address are read. `reason` is the
  // administrator's text for a kick, or empty.
  void left(const chat::Sessions& sessions, chat::Slot slot, state::LeaveKind kind,
            std::string_view reason, MonoTime now);

  // A code has admitted a person. Each admission has a line: codes are the administrator's.
  void admitted(std::string_view name, state::InvitationId invitation);

  // Writes the summary line that is due. The gateway calls it about once a second.
  void tick(MonoTime now);
  // Writes what is left. Called once, when this process ends.
  void finish();

 private:
  // Counts one join or leave. True: it has its own line.
  [[nodiscard]] bool has_line(MonoTime now);
  void write_summary();

  MonoTime second_began_{};
  std::uint32_t seen_{0};        // joins and leaves in this second
  std::uint32_t lines_{kLines};  // the number of lines that this second may have
  std::uint64_t joined_{0};      // joins without their own line, for the summary
  std::uint64_t left_{0};        // the same for leaves
};

}  // namespace chatd::gateway
