// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/log_choice.hpp"

#include <unistd.h>

#include "daemon/sys/journal_sink.hpp"
#include "daemon/sys/syslog_sink.hpp"

namespace chatd::sys {

std::unique_ptr<LogSink> choose_log_sink(bool daemonized) {
  if (is_journal_stream(STDERR_FILENO)) return std::make_unique<JournalSink>();
  if (daemonized) return std::make_unique<SyslogSink>();
  return make_line_sink(STDERR_FILENO);
}

}  // namespace chatd::sys
