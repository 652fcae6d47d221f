// SPDX-License-Identifier: GPL-3.0-or-later
// log.hpp — one line for the administrator, with named fields.
//
// Runs in:   every process; each inherits the sink across fork.
// Owns:      the process's one sink. main() chooses it (journal, syslog or stderr).
// Invariant: the text of a message is never logged.
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

// The severity of a line. The values are those of syslog(3).
enum class LogLevel : std::uint8_t {
  critical = 2,
  error = 3,
  warning = 4,
  notice = 5,
  info = 6,
  debug = 7
};

// The names of the `log.level` setting: "error", "warning", "notice", "info", "debug". "critical"
// is written but not parsed: a level that hides errors is not allowed.
[[nodiscard]] std::string_view to_text(LogLevel level) noexcept;
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text) noexcept;

// One named value of a line. Names are upper case as in the journal: CHATD_EVENT, CHATD_USER, ...
struct LogField {
  std::string_view name;
  std::string_view value;
};

// One line with its level and fields. Borrows all of it from the caller of log().
struct LogRecord {
  LogLevel level;
  std::string_view message;
  std::span<const LogField> fields;
};

// The destination of log lines.
class LogSink {
 public:
  LogSink() = default;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;
  LogSink(LogSink&&) = delete;
  LogSink& operator=(LogSink&&) = delete;
  virtual ~LogSink() = default;
  // Must not throw and must not log: an error of the sink cannot be reported.
  virtual void write(const LogRecord& record) noexcept = 0;
};

// Writes control characters (C0, DEL, C1) as \n, \t or \xNN, so that a line stays one line and a
// name cannot send escape sequences to the administrator's terminal.
[[nodiscard]] std::string escape_controls(std::string_view text);

// A sink that writes plain lines to `fd`, which it does not own: "2026-11-20T23:15:04.250Z info ada
// joined from 127.0.0.1:40000". The message is escaped. The fields are not written: the message
// contains the same information.
[[nodiscard]] std::unique_ptr<LogSink> make_line_sink(int fd,
                                                      std::function<WallTime()> now = &wall_now);

// Sets the sink of this process. Before the first call, and after a null: a line sink on standard
// error.
void set_log_sink(std::unique_ptr<LogSink> sink);
// Records less urgent than `level` are dropped. Default: info.
void set_log_level(LogLevel level) noexcept;

// False: log() leaves out the fields CHATD_ADDRESS and CHATD_PORT, and no message has the address
// of a peer. Default: true.
void set_log_addresses(bool has_addresses) noexcept;
[[nodiscard]] bool log_has_addresses() noexcept;

// Sets a function that receives each record of level info or more urgent, also one that the level
// of the sink drops. The function must not log. Null: none.
void set_log_listener(std::function<void(const LogRecord&)> listener);

// Writes one line to the sink. Both keep errno.
void log(LogLevel level, std::string_view message, std::span<const LogField> fields);
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace chatd
