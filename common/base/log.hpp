// SPDX-License-Identifier: GPL-3.0-or-later
// log.hpp — one line for the administrator, with named fields.
//
// Runs in:   every process; each inherits the sink across fork.
// Owns:      the process's one sink. main() chooses it (journal, syslog or stderr).
// Invariant: nothing that a member says is ever logged.
//
// log(LogLevel::info, "ada joined", {{"CHATD_EVENT", "join"}, {"CHATD_USER", "ada"}});
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace chatd {

// The values are those of syslog(3).
enum class LogLevel : std::uint8_t {
  critical = 2,
  error = 3,
  warning = 4,
  notice = 5,
  info = 6,
  debug = 7
};

// "error", "warning", "notice", "info", "debug": the names of the `log.level` setting.
// "critical" is written but not parsed: a daemon that hides its errors helps nobody.
[[nodiscard]] std::string_view to_text(LogLevel level) noexcept;
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text) noexcept;

// Names are upper case as in the journal: CHATD_EVENT, CHATD_USER, CHATD_ADDRESS, ...
struct LogField {
  std::string_view name;
  std::string_view value;
};

struct LogRecord {
  LogLevel level;
  std::string_view message;
  std::span<const LogField> fields;
};

class LogSink {
 public:
  LogSink() = default;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;
  LogSink(LogSink&&) = delete;
  LogSink& operator=(LogSink&&) = delete;
  virtual ~LogSink() = default;
  // Must not fail loudly: there is nobody left to tell.
  virtual void write(const LogRecord& record) noexcept = 0;
};

// Control characters (C0, DEL, C1) as \n, \t or \xNN: one line stays one line, and no
// name drives the administrator's terminal.
[[nodiscard]] std::string escape_controls(std::string_view text);

// Plain lines on a descriptor that somebody else owns:
// "2026-11-20T23:15:04.250Z info ada joined from 127.0.0.1:40000". The message is escaped;
// the fields are left out, as it says the same for people.
[[nodiscard]] std::unique_ptr<LogSink> make_line_sink(int fd,
                                                      std::function<WallTime()> now = &wall_now);

// Until the first call, and after a null: a line sink on standard error.
void set_log_sink(std::unique_ptr<LogSink> sink);
// Records less urgent than `level` are dropped. Default: info.
void set_log_level(LogLevel level) noexcept;

// errno survives both.
void log(LogLevel level, std::string_view message, std::span<const LogField> fields);
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace chatd
