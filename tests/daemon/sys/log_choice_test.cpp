// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/log_choice.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/journal_sink.hpp"
#include "daemon/sys/syslog_sink.hpp"
#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using test::ScopedEnv;

std::string stream_of_standard_error() {
  struct stat file {};
  EXPECT_EQ(::fstat(STDERR_FILENO, &file), 0);
  return fmt::format("{}:{}", file.st_dev, file.st_ino);
}

TEST(LogChoice, IsTheJournalWhereStandardErrorLeadsThere) {
  const ScopedEnv stream{"JOURNAL_STREAM", stream_of_standard_error()};
  EXPECT_NE(dynamic_cast<JournalSink*>(choose_log_sink(false).get()), nullptr);
  EXPECT_NE(dynamic_cast<JournalSink*>(choose_log_sink(true).get()), nullptr);
}

TEST(LogChoice, IsSyslogForADaemonWithoutAJournal) {
  const ScopedEnv stream{"JOURNAL_STREAM", "1:1"};
  EXPECT_NE(dynamic_cast<SyslogSink*>(choose_log_sink(true).get()), nullptr);
}

TEST(LogChoice, IsStandardErrorOtherwise) {
  const ScopedEnv stream{"JOURNAL_STREAM", std::nullopt};
  const auto end = test::run_in_child([] {
    choose_log_sink(false)->write({LogLevel::info, "ada joined", {}});
    return 0;
  });
  EXPECT_THAT(end.said, ::testing::EndsWith(" info ada joined\n"));
}

}  // namespace
}  // namespace chatd::sys
