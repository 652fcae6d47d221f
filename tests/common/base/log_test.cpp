// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd {
namespace {

constexpr WallTime kNow{std::chrono::microseconds{1'795'216'504'250'000}};

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }
  std::string drain() const {
    std::array<char, 4096> text{};
    const ssize_t got = ::read(read_end.get(), text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }
  UniqueFd read_end;
  UniqueFd write_end;
};

// Keeps the lines that the process logged; the destructor restores the default sink.
class LogTest : public ::testing::Test {
 protected:
  struct Kept {
    LogLevel level;
    std::string message;
    std::vector<std::string> fields;
  };
  class Keeper final : public LogSink {
   public:
    explicit Keeper(std::vector<Kept>& kept) : kept_{kept} {}
    void write(const LogRecord& record) noexcept override {
      Kept kept{record.level, std::string{record.message}, {}};
      for (const auto& [name, value] : record.fields) {
        kept.fields.push_back(std::string{name} + "=" + std::string{value});
      }
      kept_.push_back(std::move(kept));
      errno = EIO;
    }

   private:
    std::vector<Kept>& kept_;
  };

  void SetUp() override { set_log_sink(std::make_unique<Keeper>(kept_)); }
  void TearDown() override {
    set_log_sink(nullptr);
    set_log_level(LogLevel::info);
    set_log_addresses(true);
  }

  std::vector<Kept> kept_;
};

TEST_F(LogTest, GivesTheSinkLevelMessageAndFields) {
  log(LogLevel::notice, "ada joined", {{"CHATD_EVENT", "join"}, {"CHATD_USER", "ada"}});
  ASSERT_EQ(kept_.size(), 1U);
  EXPECT_EQ(kept_[0].level, LogLevel::notice);
  EXPECT_EQ(kept_[0].message, "ada joined");
  EXPECT_EQ(kept_[0].fields, (std::vector<std::string>{"CHATD_EVENT=join", "CHATD_USER=ada"}));
}

TEST_F(LogTest, LeavesOutTheFieldsOfAddressesIfTheyAreNotLogged) {
  const auto join = [] {
    log(LogLevel::info, "ada joined",
        {{"CHATD_USER", "ada"}, {"CHATD_ADDRESS", "192.0.2.1"}, {"CHATD_PORT", "77"}});
  };
  join();
  set_log_addresses(false);
  join();
  ASSERT_EQ(kept_.size(), 2U);
  EXPECT_EQ(kept_[0].fields, (std::vector<std::string>{"CHATD_USER=ada", "CHATD_ADDRESS=192.0.2.1",
                                                       "CHATD_PORT=77"}));
  EXPECT_EQ(kept_[1].fields, (std::vector<std::string>{"CHATD_USER=ada"}));
}

TEST_F(LogTest, DropsLinesLessUrgentThanTheLevel) {
  log(LogLevel::debug, "dropped");
  set_log_level(LogLevel::warning);
  log(LogLevel::notice, "dropped");
  log(LogLevel::warning, "kept");
  log(LogLevel::critical, "kept too");
  ASSERT_EQ(kept_.size(), 2U);
  EXPECT_EQ(kept_[0].message, "kept");
  EXPECT_EQ(kept_[1].message, "kept too");
}

TEST_F(LogTest, KeepsErrno) {
  errno = EADDRINUSE;
  log(LogLevel::error, "bind failed");
  EXPECT_EQ(errno, EADDRINUSE);
}

TEST(LogLevel, HasTheNumbersAndNamesOfSyslog) {
  EXPECT_EQ(static_cast<int>(LogLevel::critical), 2);
  EXPECT_EQ(static_cast<int>(LogLevel::debug), 7);
  EXPECT_EQ(to_text(LogLevel::critical), "critical");
  for (const auto* const name : {"error", "warning", "notice", "info", "debug"}) {
    const auto level = parse_log_level(name);
    ASSERT_TRUE(level.has_value()) << name;
    EXPECT_EQ(to_text(*level), name);
  }
}

TEST(LogLevel, RefusesOtherNames) {
  for (const auto* const name : {"", "INFO", "warn", "verbose", "critical", "unknown"}) {
    EXPECT_FALSE(parse_log_level(name).has_value()) << name;
  }
}

TEST_F(LogTest, AListenerGetsRecordsThatTheLevelDropsButNoDebugRecords) {
  std::vector<std::string> heard;
  set_log_listener([&heard](const LogRecord& record) { heard.emplace_back(record.message); });
  set_log_level(LogLevel::error);
  log(LogLevel::info, "ada joined");
  log(LogLevel::debug, "details");
  log(LogLevel::error, "a fault");
  set_log_listener(nullptr);
  log(LogLevel::error, "another fault");
  set_log_level(LogLevel::info);
  EXPECT_EQ(heard, (std::vector<std::string>{"ada joined", "a fault"}));
}

TEST(LineSink, WritesTimeLevelAndMessageAsOneLine) {
  const Pipe pipe;
  const auto sink = make_line_sink(pipe.write_end.get(), [] { return kNow; });
  sink->write({LogLevel::info, "ada joined from 127.0.0.1:40000", {}});
  EXPECT_EQ(pipe.drain(), "2026-11-20T23:15:04.250Z info ada joined from 127.0.0.1:40000\n");
}

TEST(LineSink, AMessageCannotForgeALine) {
  const Pipe pipe;
  const auto sink = make_line_sink(pipe.write_end.get(), [] { return kNow; });
  sink->write({LogLevel::info, "x\n2026-11-20T23:15:04.250Z error all is lost\r", {}});
  EXPECT_EQ(pipe.drain(),
            "2026-11-20T23:15:04.250Z info x\\n2026-11-20T23:15:04.250Z error all is lost\\x0d\n");
}

TEST(LineSink, DoesNotBlockOnAFullDescriptor) {
  Pipe pipe;
  const auto sink = make_line_sink(pipe.write_end.get(), [] { return kNow; });
  const std::string line(1000, 'x');
  for (int i = 0; i < 200; ++i) sink->write({LogLevel::info, line, {}});  // more than a pipe holds
  EXPECT_FALSE(pipe.drain().empty());
  pipe.write_end.reset();
  sink->write({LogLevel::info, "nobody listens", {}});
}

TEST(EscapeControls, EscapesEveryControlCharacterAndNothingElse) {
  EXPECT_EQ(escape_controls("a\tb\nc\x1b[31m\x7f"), "a\\tb\\nc\\x1b[31m\\x7f");
  EXPECT_EQ(escape_controls("\xc2\x9b"
                            "2J \xc2\xa0"),
            "\\x9b2J \xc2\xa0");
  EXPECT_EQ(escape_controls("进入了聊天室 \\n é"), "进入了聊天室 \\n é");
  EXPECT_EQ(escape_controls("\xc2"), "\xc2");
  EXPECT_EQ(escape_controls(std::string_view{"a\0b", 3}), "a\\x00b");
}

}  // namespace
}  // namespace chatd
