// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/metrics/text.hpp"

#include <array>

#include <gmock/gmock.h>

#include "common/base/version.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MetricsText : public test::StateFixture {
 protected:
  [[nodiscard]] std::string shown() const { return text(figures_of(state_, processes_, now_)); }

  std::array<roles::Process, 4> processes_{{{.role = roles::kGateway},
                                            {.role = roles::kWorker, .row = 1},
                                            {.role = roles::kWorker, .index = 1, .row = 2},
                                            {.role = roles::kArchive, .row = 3}}};
  MonoTime now_ = test::mono_at(std::chrono::seconds{100});
};

TEST_F(MetricsText, AMetricHasItsHelpItsTypeAndItsValues) {
  state_.counters().messages_refused_rate.store(3);
  state_.counters().messages_refused_invalid.store(4);
  EXPECT_THAT(
      shown(),
      HasSubstr("# HELP chatd_messages_refused_total Messages refused: sent too fast, or too long "
                "or not UTF-8.\n"
                "# TYPE chatd_messages_refused_total counter\n"
                "chatd_messages_refused_total{reason=\"rate\"} 3\n"
                "chatd_messages_refused_total{reason=\"invalid\"} 4\n"
                "# HELP "));
  EXPECT_THAT(shown(),
              HasSubstr("\nchatd_build_info{version=\"" + std::string{kVersion} + "\"} 1\n"));
  EXPECT_THAT(shown(), HasSubstr("\nchatd_sessions_limit 8\n"));
  EXPECT_THAT(shown(), HasSubstr("\nchatd_web_sessions_limit 0\n"));
}

TEST_F(MetricsText, WorkersAndProcessesHaveAValueEach) {
  state_.worker_counters(0).datagrams_sent.store(7);
  state_.worker_counters(1).datagrams_sent.store(8);
  state_.process(2).state.store(state::ProcessState::ready);
  state_.process(2).cpu_micros.store(1'500'000);
  EXPECT_THAT(shown(), HasSubstr("chatd_datagrams_sent_total{worker=\"0\"} 7\n"
                                 "chatd_datagrams_sent_total{worker=\"1\"} 8\n#"));
  EXPECT_THAT(shown(), HasSubstr("chatd_process_up{role=\"gateway\",index=\"0\"} 0\n"
                                 "chatd_process_up{role=\"worker\",index=\"0\"} 0\n"
                                 "chatd_process_up{role=\"worker\",index=\"1\"} 1\n"
                                 "chatd_process_up{role=\"archive\",index=\"0\"} 0\n#"));
  EXPECT_THAT(shown(),
              HasSubstr("\nchatd_process_cpu_seconds_total{role=\"worker\",index=\"1\"} 1.5\n"));
}

TEST_F(MetricsText, AHistogramOfTheWorkersIsTheSumOfAllAndItsBucketsAreCumulative) {
  observe(state_.delivery_latency(0).native, 400);
  observe(state_.delivery_latency(1).native, 2'000, 3);
  observe(state_.delivery_latency(1).native, 9'000'000);
  observe(state_.delivery_latency(2).native, 1);  // of no process
  const std::string metric{"\nchatd_delivery_latency_seconds"};
  EXPECT_THAT(shown(), HasSubstr(metric + "_bucket{protocol=\"native\",le=\"0.0005\"} 1" + metric +
                                 "_bucket{protocol=\"native\",le=\"0.001\"} 1" + metric +
                                 "_bucket{protocol=\"native\",le=\"0.0025\"} 4" + metric));
  EXPECT_THAT(shown(), HasSubstr(metric + "_bucket{protocol=\"native\",le=\"2.5\"} 4" + metric +
                                 "_bucket{protocol=\"native\",le=\"+Inf\"} 5" + metric +
                                 "_sum{protocol=\"native\"} 9.0064" + metric +
                                 "_count{protocol=\"native\"} 5\n"));
  EXPECT_THAT(shown(), HasSubstr("\nchatd_ack_latency_seconds_bucket{le=\"0.0005\"} 0\n"));
  EXPECT_THAT(shown(), HasSubstr("\nchatd_ack_latency_seconds_sum 0\n"));
}

TEST_F(MetricsText, TheArchiveIsBehindSinceItsFirstMessageWaits) {
  EXPECT_THAT(shown(), HasSubstr("\nchatd_archive_behind_seconds 0\n"));
  state_.archive().behind_since.store(40'000'000);
  state_.archive().state.store(state::ArchiveState::full);
  EXPECT_THAT(shown(), HasSubstr("\nchatd_archive_behind_seconds 60\n"));
  EXPECT_THAT(shown(), HasSubstr("\nchatd_archive_problem 1\n"));
  state_.archive().state.store(state::ArchiveState::slow);
  EXPECT_THAT(shown(), HasSubstr("\nchatd_archive_problem 0\n"));
}

}  // namespace
}  // namespace chatd::metrics
