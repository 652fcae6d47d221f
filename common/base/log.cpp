// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace chatd {

namespace {

struct LevelName {
  LogLevel level;
  std::string_view name;
};
constexpr std::array kLevelNames{
    LevelName{LogLevel::critical, "critical"}, LevelName{LogLevel::error, "error"},
    LevelName{LogLevel::warning, "warning"},   LevelName{LogLevel::notice, "notice"},
    LevelName{LogLevel::info, "info"},         LevelName{LogLevel::debug, "debug"},
};

// Writes the whole text, in one write(2) if possible: lines of several processes do not mix.
void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0 || errno != EINTR) {
      return;  // also for a full non-blocking pipe: logging must not stop the daemon
    }
  }
}

class LineSink final : public LogSink {
 public:
  LineSink(int fd, std::function<WallTime()> now) : fd_{fd}, now_{std::move(now)} {}

  void write(const LogRecord& record) noexcept override {
    try {
      write_all(fd_, fmt::format("{} {} {}\n", to_rfc3339(now_()), to_text(record.level),
                                 escape_controls(record.message)));
    } catch (...) {  // no memory for the line: the line is lost, the process continues
      static constexpr std::string_view lost = "chatd: a log line was lost\n";
      write_all(fd_, lost);
    }
  }

 private:
  int fd_;
  std::function<WallTime()> now_;
};

struct Logger {
  std::unique_ptr<LogSink> sink = make_line_sink(STDERR_FILENO);
  LogLevel level = LogLevel::info;
  bool has_addresses = true;
  std::function<void(const LogRecord&)> listener;
};

Logger& logger() {
  static Logger the_logger;
  return the_logger;
}

bool is_address(const LogField& field) {
  return field.name == "CHATD_ADDRESS" || field.name == "CHATD_PORT";
}

void write(const LogRecord& record) {
  if (logger().listener && record.level <= LogLevel::info) logger().listener(record);
  if (record.level <= logger().level) logger().sink->write(record);
}

}  // namespace

std::string_view to_text(LogLevel level) noexcept {
  const auto* const found = std::ranges::find(kLevelNames, level, &LevelName::level);
  return found == kLevelNames.end() ? std::string_view{"unknown"} : found->name;
}

std::optional<LogLevel> parse_log_level(std::string_view text) noexcept {
  const auto* const found = std::ranges::find(kLevelNames, text, &LevelName::name);
  if (found == kLevelNames.end() || found->level == LogLevel::critical) return std::nullopt;
  return found->level;
}

std::string escape_controls(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte == '\n') {
      escaped += "\\n";
    } else if (byte == '\t') {
      escaped += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      escaped += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // C1 in UTF-8
      escaped += fmt::format("\\x{:02x}", next);
      ++i;
    } else {
      escaped += text[i];
    }
  }
  return escaped;
}

std::unique_ptr<LogSink> make_line_sink(int fd, std::function<WallTime()> now) {
  return std::make_unique<LineSink>(fd, std::move(now));
}

void set_log_sink(std::unique_ptr<LogSink> sink) {
  logger().sink = sink ? std::move(sink) : make_line_sink(STDERR_FILENO);
}

void set_log_level(LogLevel level) noexcept { logger().level = level; }

void set_log_addresses(bool has_addresses) noexcept { logger().has_addresses = has_addresses; }
bool log_has_addresses() noexcept { return logger().has_addresses; }

void set_log_listener(std::function<void(const LogRecord&)> listener) {
  logger().listener = std::move(listener);
}

void log(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  const int saved_errno = errno;
  if (logger().has_addresses || std::ranges::none_of(fields, is_address)) {
    write({level, message, fields});
  } else {
    std::vector<LogField> others;
    std::ranges::remove_copy_if(fields, std::back_inserter(others), is_address);
    write({level, message, others});
  }
  errno = saved_errno;
}

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  log(level, message, std::span<const LogField>{fields.begin(), fields.size()});
}

}  // namespace chatd
