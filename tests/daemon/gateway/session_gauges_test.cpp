// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/session_gauges.hpp"

#include <gtest/gtest.h>

#include "daemon/state/session_table.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

class SessionGaugesTest : public test::StateFixture {
 protected:
  SessionGaugesTest() : StateFixture{{.sessions = 200, .ring_bytes = 16384}} {}

  void open(std::uint32_t slot, state::SessionKind kind, std::int64_t away_since = 0) {
    table_.open(state::Slot{slot},
                {.delivery = {}, .name = "ada", .log_tail = {}, .joined = {}, .now = {}});
    state_.slots()[slot].kind = kind;
    state_.native_slots()[slot].away_since = away_since;
    table_.activate(state::Slot{slot});
  }

  state::SessionTable table_{state_};
  SessionGauges gauges_{state_};
};

TEST_F(SessionGaugesTest, CountsTheSessionsOfEachKindEveryFewSeconds) {
  const auto& figures = state_.gateway_figures();
  open(3, state::SessionKind::text, 7);  // the time is that of an earlier native session
  open(70, state::SessionKind::native);
  open(150, state::SessionKind::native, 1);
  open(160, state::SessionKind::web, 2);
  gauges_.tick(MonoTime{seconds{100}});
  EXPECT_EQ(figures.sessions_text.load(), 1U);
  EXPECT_EQ(figures.sessions_native.load(), 2U);
  EXPECT_EQ(figures.sessions_web.load(), 1U);
  EXPECT_EQ(figures.sessions_away.load(), 2U);
  open(199, state::SessionKind::native);
  gauges_.tick(MonoTime{seconds{104}});
  EXPECT_EQ(figures.sessions_native.load(), 2U);
  gauges_.tick(MonoTime{seconds{105}});
  EXPECT_EQ(figures.sessions_native.load(), 3U);
}

}  // namespace
}  // namespace chatd::gateway
