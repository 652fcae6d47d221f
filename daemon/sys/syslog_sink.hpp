// SPDX-License-Identifier: GPL-3.0-or-later
// syslog_sink.hpp — log records as lines of syslog(3), facility daemon.
//
// Runs in:   every process of a daemon that detached itself from its terminal.
// Invariant: the connection to the system log does not outlive a write(): roles close what
//            is not in their inheritance, and syslog(3) must not write to another file with that
//            number.
#pragma once

#include <string>

#include "common/base/log.hpp"

namespace chatd::sys {

// The message on one line, then its fields: "ada joined [CHATD_EVENT=join CHATD_USER=ada]".
[[nodiscard]] std::string to_syslog_line(const LogRecord& record);

class SyslogSink final : public LogSink {
 public:
  void write(const LogRecord& record) noexcept override;
};

}  // namespace chatd::sys
