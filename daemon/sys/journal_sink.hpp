// SPDX-License-Identifier: GPL-3.0-or-later
// journal_sink.hpp — log records as journal entries, with their fields.
//
// Runs in:   every process, when standard error is the journal.
// Invariant: no descriptor outlives a write(). Roles close what is not in their
//            inheritance; sd_journal_sendv(3) remembers its socket for the life of the
//            process, and would afterwards write to whatever has got that number. So the
//            journal's native protocol is spoken here (systemd.io/JOURNAL_NATIVE_PROTOCOL).
// Errors:    a journal that does not take the entry gets the line through standard error;
//            one that hangs costs 100 ms and the line, and the process goes on.
#pragma once

#include <string>

#include "common/base/log.hpp"

namespace chatd::sys {

// Whether $JOURNAL_STREAM names the stream that `fd` leads to. That it is set is not enough:
// programs whose output was redirected inherit it.
[[nodiscard]] bool is_journal_stream(int fd);

// The entry in the native protocol: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, the record's
// fields, and MESSAGE_ID if CHATD_EVENT names an event of kLogEvents.
[[nodiscard]] std::string to_journal_entry(const LogRecord& record);

class JournalSink final : public LogSink {
 public:
  explicit JournalSink(std::string socket_path = "/run/systemd/journal/socket")
      : socket_path_{std::move(socket_path)} {}
  void write(const LogRecord& record) noexcept override;

 private:
  std::string socket_path_;
};

}  // namespace chatd::sys
