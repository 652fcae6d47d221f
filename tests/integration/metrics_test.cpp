// SPDX-License-Identifier: GPL-3.0-or-later
// metrics_test.cpp — `chatctl metrics` of the real daemon, and promtool reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class Metrics : public ::testing::Test {
 protected:
  Metrics() {
    ada_.enter("ada");
    bob_.enter("bob");
    EXPECT_EQ(ada_.line(), "bob joined the chat");
  }
  [[nodiscard]] std::string metrics() { return daemon_.ctl({"metrics"}).out; }

  DaemonUnderTest daemon_{{.arguments = {"--workers", "2"}}};
  TextClient ada_{daemon_.endpoint(), Kind::bare};
  TextClient bob_{daemon_.endpoint(), Kind::bare};
};

TEST_F(Metrics, ADeliveryIsCountedAndTimed) {
  ada_.send("C hello");
  EXPECT_EQ(bob_.line(), "ada : hello");
  EXPECT_TRUE(eventually([&] {
    return metrics().contains("\nchatd_delivery_latency_seconds_count{protocol=\"text\"} 1\n");
  }));
  EXPECT_THAT(metrics(), HasSubstr("\nchatd_messages_total 1\n"));
  EXPECT_THAT(metrics(), HasSubstr("\nchatd_sessions 2\n"));
  EXPECT_THAT(metrics(), HasSubstr("\nchatd_process_up{role=\"worker\",index=\"1\"} 1\n"));
  EXPECT_TRUE(eventually(
      [&] { return metrics().contains("\nchatd_protocol_sessions{protocol=\"text\"} 2\n"); }));
  for (const char* role : {"gateway", "worker", "archive"}) {
    EXPECT_TRUE(eventually([&] {
      return !metrics().contains("\nchatd_process_resident_memory_bytes{role=\"" +
                                 std::string{role} + "\",index=\"0\"} 0\n");
    })) << role;
  }
  EXPECT_THAT(daemon_.ctl({"metrics", "--json"}).out, HasSubstr(R"({"schema":1,"text":"# HELP )"));
}

TEST_F(Metrics, PromtoolHasNoComplaint) {
  const Finished checked =
      run_program({"/usr/bin/promtool", "check", "metrics"}, {.input = metrics()});
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err
                               << "\npackaging/setup test installs promtool";
  EXPECT_EQ(checked.out + checked.err, "");
}

}  // namespace
}  // namespace chatd::test
