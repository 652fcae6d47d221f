// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/web_presence.hpp"

#include <gtest/gtest.h>

namespace chatd::state {
namespace {

TEST(WebPresence, AWebThatStartsClearsWhatAnotherOneHasLeft) {
  const auto file = WebPresence::create(3).value();
  const auto web = WebPresence::map(file.get(), 3).value();
  const auto gateway = WebPresence::map(file.get(), 3).value();
  web.stream(2).store(7);
  web.sleeping().store(1);
  EXPECT_EQ(gateway.stream(2).load(), 7U);
  EXPECT_EQ(gateway.sleeping().load(), 1U);
  web.clear();
  EXPECT_EQ(gateway.stream(2).load(), 0U);
  EXPECT_EQ(gateway.sleeping().load(), 0U);
}

TEST(WebPresence, TheSupervisorReadsTheHeartbeat) {
  const auto file = WebPresence::create(3).value();
  const auto web = WebPresence::map(file.get(), 3).value();
  const auto heartbeat = WebHeartbeat::map(file.get()).value();
  EXPECT_EQ(heartbeat.read(), 0U);
  web.heartbeat().store(~std::uint64_t{0});
  EXPECT_EQ(heartbeat.read(), ~std::uint64_t{0});
  web.sleeping().store(1);
  for (std::uint32_t at = 0; at < 3; ++at) web.stream(at).store(7);
  EXPECT_EQ(heartbeat.read(), ~std::uint64_t{0});
}

}  // namespace
}  // namespace chatd::state
