// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/wake.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class WakeTest : public test::StateFixture {
 protected:
  bool is_rung() const {
    pollfd waiting{.fd = bell_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&waiting, 1, 0) == 1;
  }

  UniqueFd bell_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  ProcessControl& worker_{state_.process(1)};
};

TEST_F(WakeTest, ABusyWorkerIsNotWoken) {
  ring_bell(worker_, bell_.get());
  EXPECT_FALSE(is_rung());
}

TEST_F(WakeTest, ASleepingWorkerIsWokenOnce) {
  ASSERT_TRUE(may_sleep(worker_, [] { return false; }));
  ring_bell(worker_, bell_.get());
  EXPECT_TRUE(is_rung());
  silence_bell(bell_.get());
  EXPECT_FALSE(is_rung());
  ring_bell(worker_, bell_.get());
  EXPECT_FALSE(is_rung());
}

TEST_F(WakeTest, AWorkerWithWorkIsNotMarkedAsSleeping) {
  EXPECT_FALSE(may_sleep(worker_, [this] {
    EXPECT_EQ(worker_.sleeping.load(), 1U);  // asked after having said so
    return true;
  }));
  EXPECT_EQ(worker_.sleeping.load(), 0U);
}

TEST_F(WakeTest, AWorkerRingsItsOwnBellAlsoWhenAwake) {
  ring_own_bell(bell_.get());
  ring_own_bell(bell_.get());
  EXPECT_TRUE(is_rung());
  silence_bell(bell_.get());
  EXPECT_FALSE(is_rung());
}

TEST_F(WakeTest, SilencingASilentBellDoesNotBlock) {
  silence_bell(bell_.get());
  EXPECT_FALSE(is_rung());
}

// The worker is woken by the bell only: one append without a ring would stop it.
TEST_F(WakeTest, NoAppendIsMissedByASleepingWorker) {
  constexpr std::uint64_t kAppends = 200'000;
  auto& tail = state_.ring_head().tail;
  const pid_t worker = ::fork();
  if (worker == 0) {
    std::uint64_t seen = 0;
    const auto has_news = [&] { return tail.load(std::memory_order_acquire) != seen; };
    while (seen < kAppends) {
      seen = tail.load(std::memory_order_acquire);
      worker_.heartbeat.store(seen, std::memory_order_release);
      if (seen >= kAppends || !may_sleep(worker_, has_news)) continue;
      pollfd waiting{.fd = bell_.get(), .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, 20'000) != 1) ::_exit(1);
      silence_bell(bell_.get());
      worker_.sleeping.store(0, std::memory_order_relaxed);
    }
    ::_exit(0);
  }
  for (std::uint64_t i = 1; i <= kAppends; ++i) {
    tail.store(i, std::memory_order_release);
    ring_bell(worker_, bell_.get());
    // Sometimes let it fall asleep, so that the race happens.
    for (int spin = 0; i % 16 == 0 && worker_.sleeping.load() == 0 && spin < 2000; ++spin) {
      if (worker_.heartbeat.load() == i) continue;
    }
  }
  int status = -1;
  ASSERT_EQ(::waitpid(worker, &status, 0), worker);
  EXPECT_EQ(status, 0) << "the worker slept although there was news";
}

}  // namespace
}  // namespace chatd::state
