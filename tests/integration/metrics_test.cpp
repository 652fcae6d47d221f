// SPDX-License-Identifier: GPL-3.0-or-later
// metrics_test.cpp — `chatctl metrics` of the real daemon, and promtool reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;

class Metrics : public ::testing::Test {
 protected:
  Metrics() {
    ada_.enter("ada");
    bob_.enter("bob");
    EXPECT_EQ(ada_.line(), "bob joined the chat");
  }
  [[nodiscard]] std::string metrics() { return daemon_.ctl({"metrics"}).out; }
  // The value of one figure, by its name and labels; -1: it is not there.
  [[nodiscard]] double value_of(const std::string& figure) {
    const std::string text = metrics();
    const std::size_t at = text.find('\n' + figure + ' ');
    return at == std::string::npos ? -1 : std::stod(text.substr(at + figure.size() + 2));
  }

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
  for (const auto& [figure, value] :
       {std::pair{"chatd_messages_total", 1},
        {"chatd_sessions", 2},
        {"chatd_sessions_peak", 2},
        {"chatd_sessions_limit", 10'000},
        {"chatd_web_sessions_limit", 0},
        {"chatd_joins_total", 2},
        {"chatd_process_up{role=\"worker\",index=\"1\"}", 1},
        {"chatd_process_up{role=\"web\",index=\"0\"}", -1},
        {"chatd_process_restarts_total{role=\"gateway\",index=\"0\"}", 0}}) {
    EXPECT_EQ(value_of(figure), value) << figure;
  }
  const std::string latency = "chatd_delivery_latency_seconds";
  EXPECT_EQ(value_of(latency + "_bucket{protocol=\"text\",le=\"+Inf\"}"), 1);
  EXPECT_GT(value_of(latency + "_sum{protocol=\"text\"}"), 0);
  EXPECT_EQ(value_of(latency + "_count{protocol=\"native\"}"), 0);
  EXPECT_TRUE(
      eventually([&] { return value_of("chatd_protocol_sessions{protocol=\"text\"}") == 2; }));
  for (const char* role : {"gateway", "worker", "archive"}) {
    constexpr double kMin = 1 << 20U;  // of a process that runs
    const std::string labels = "{role=\"" + std::string{role} + "\",index=\"0\"}";
    EXPECT_TRUE(eventually([&] {
      return value_of("chatd_process_resident_memory_bytes" + labels) > kMin;
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
