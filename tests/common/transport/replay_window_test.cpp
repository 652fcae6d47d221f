// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/replay_window.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>

namespace chatd::transport {
namespace {

TEST(ReplayWindow, IsTheSameAsASetOfAllCounters) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937_64 random{seed};
    ReplayWindow window;
    std::set<std::uint64_t> seen;
    std::uint64_t highest = 0;
    for (int step = 0; step < 2000; ++step) {
      const std::uint64_t reach = random() % 10 == 0 ? 5000 : 70;
      const std::uint64_t low = highest > 1200 ? highest - 1200 : 0;
      const std::uint64_t counter =
          random() % 3 == 0 ? low + random() % (highest - low + 1) : highest + random() % reach;
      const bool too_old = window.next > counter && window.next - counter > ReplayWindow::kSize;
      ASSERT_EQ(window.is_fresh(counter), !too_old && !seen.contains(counter))
          << seed << " " << step;
      if (!window.is_fresh(counter)) continue;
      window.commit(counter);
      seen.insert(counter);
      highest = std::max(highest, counter);
    }
  }
}

TEST(ReplayWindow, TheEdgesOfItsWords) {
  ReplayWindow window;
  for (std::uint64_t counter = 0; counter < 3000; ++counter) {
    ASSERT_TRUE(window.is_fresh(counter)) << counter;
    window.commit(counter);
    ASSERT_FALSE(window.is_fresh(counter)) << counter;
  }
  window.commit(1ULL << 60U);
  EXPECT_FALSE(window.is_fresh(2999));
  EXPECT_TRUE(window.is_fresh((1ULL << 60U) - 1));
}

}  // namespace
}  // namespace chatd::transport
