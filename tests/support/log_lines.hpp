// SPDX-License-Identifier: GPL-3.0-or-later
// log_lines.hpp — keeps the log lines of this process for a test to compare.
//
// Runs in:   test programs.
// Owns:      the lines. While an object lives, the log goes to it; afterwards to standard error.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/log.hpp"

namespace chatd::test {

struct LogLine {
  LogLevel level{};
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;

  // The value of the field of that name; "" if there is none.
  [[nodiscard]] std::string field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
      if (key == name) return value;
    }
    return {};
  }
};

class LogLines {
 public:
  explicit LogLines(LogLevel level = LogLevel::info) {
    set_log_level(level);
    set_log_sink(std::make_unique<Sink>(*this));
  }
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;
  LogLines(LogLines&&) = delete;
  LogLines& operator=(LogLines&&) = delete;
  ~LogLines() {
    set_log_sink(nullptr);
    set_log_level(LogLevel::info);
    set_log_addresses(true);
  }

  [[nodiscard]] const std::vector<LogLine>& all() const { return lines_; }
  [[nodiscard]] std::vector<std::string> messages() const {
    std::vector<std::string> found;
    for (const LogLine& line : lines_) found.push_back(line.message);
    return found;
  }
  void clear() { lines_.clear(); }

 private:
  class Sink final : public LogSink {
   public:
    explicit Sink(LogLines& owner) : owner_{owner} {}
    void write(const LogRecord& record) noexcept override {
      LogLine line{.level = record.level, .message = std::string{record.message}, .fields = {}};
      for (const auto& [name, value] : record.fields) line.fields.emplace_back(name, value);
      owner_.lines_.push_back(std::move(line));
    }

   private:
    LogLines& owner_;
  };
  std::vector<LogLine> lines_;
};

}  // namespace chatd::test
