// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/syslog_sink.hpp"

#include <syslog.h>

#include <string_view>

namespace chatd::sys {

static_assert(LOG_CRIT == static_cast<int>(LogLevel::critical));
static_assert(LOG_DEBUG == static_cast<int>(LogLevel::debug));

std::string to_syslog_line(const LogRecord& record) {
  std::string line = escape_controls(record.message);
  std::string_view before = " [";
  for (const auto& [name, value] : record.fields) {
    line += before;
    line += name;
    line += '=';
    line += escape_controls(value);
    before = " ";
  }
  if (!record.fields.empty()) line += ']';
  return line;
}

void SyslogSink::write(const LogRecord& record) noexcept {
  ::openlog("chatd", LOG_PID, LOG_DAEMON);  // each time: closelog() forgets the name
  try {
    ::syslog(static_cast<int>(record.level), "%s", to_syslog_line(record).c_str());
  } catch (...) {  // no memory for a line: lose the line, not the process
    ::syslog(LOG_WARNING, "a log line was lost");
  }
  ::closelog();
}

}  // namespace chatd::sys
