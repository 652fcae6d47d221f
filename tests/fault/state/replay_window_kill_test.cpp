// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each machine instruction of recording a packet's counter: its
// successor accepts no packet twice.
#include <sys/mman.h>

#include <gtest/gtest.h>

#include "common/transport/replay_window.hpp"
#include "tests/fault/toolkit/kill_steps.hpp"

namespace chatd::transport {
namespace {

class ReplayWindowKill : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  ReplayWindowKill()
      : window_{
            static_cast<ReplayWindow*>(::mmap(nullptr, sizeof(ReplayWindow), PROT_READ | PROT_WRITE,
                                              MAP_SHARED | MAP_ANONYMOUS, -1, 0))} {}
  ~ReplayWindowKill() override { ::munmap(window_, sizeof(ReplayWindow)); }

  void begin_anew() {
    *window_ = {};
    for (std::uint64_t counter = 0; counter <= kHighest; ++counter) window_->commit(counter);
  }

  static constexpr std::uint64_t kHighest = 2000;  // in the middle of a word
  ReplayWindow* window_;
};

TEST_P(ReplayWindowKill, NoPacketIsAcceptedTwice) {
  begin_anew();
  test::kill_at_every_step([&] { window_->commit(kHighest + GetParam()); },
                           [&](long step) {
                             for (std::uint64_t old = 0; old <= kHighest; ++old) {
                               ASSERT_FALSE(window_->is_fresh(old)) << old << ", " << step;
                             }
                             begin_anew();
                           });
}

INSTANTIATE_TEST_SUITE_P(Jumps, ReplayWindowKill,
                         ::testing::Values(1, 48, 200, ReplayWindow::kSize,
                                           100 * ReplayWindow::kSize));

}  // namespace
}  // namespace chatd::transport
