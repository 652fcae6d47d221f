// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/syslog_sink.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/leak_check.hpp"

namespace chatd::sys {
namespace {

TEST(SyslogLine, IsTheMessageAndThenItsFields) {
  const std::vector<LogField> fields{{.name = "CHATD_EVENT", .value = "join"},
                                     {.name = "CHATD_USER", .value = "ada"}};
  EXPECT_EQ(to_syslog_line({LogLevel::info, "ada joined", fields}),
            "ada joined [CHATD_EVENT=join CHATD_USER=ada]");
  EXPECT_EQ(to_syslog_line({LogLevel::info, "ada joined", {}}), "ada joined");
}

TEST(SyslogLine, StaysOneLine) {
  const std::vector<LogField> fields{{.name = "CHATD_USER", .value = "a\nb"}};
  EXPECT_EQ(to_syslog_line({LogLevel::info, "x\ny", fields}), "x\\ny [CHATD_USER=a\\nb]");
}

// The fixture counts the descriptors before and after.
class SyslogSinkTest : public chatd::test::LeakCheck {};

TEST_F(SyslogSinkTest, KeepsNoDescriptorBetweenTwoLines) {
  SyslogSink sink;
  sink.write({LogLevel::debug, "a line of chatd's tests", {}});
}

}  // namespace
}  // namespace chatd::sys
