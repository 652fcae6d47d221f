// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/wake.hpp"

#include <sys/eventfd.h>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

class WakeFault : public test::StateFixture {
 protected:
  [[nodiscard]] bool was_rung() const {
    std::uint64_t rings = 0;
    return ::read(bell_.get(), &rings, sizeof rings) == ssize_t{sizeof rings};
  }

  UniqueFd bell_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
};

TEST_F(WakeFault, ASuccessorMustWakeAWorkerWhoseBellWasNotRung) {
  ProcessControl& worker = state_.process(1);
  ASSERT_TRUE(may_sleep(worker, [] { return false; }));
  ASSERT_TRUE(test::is_killed_at(1, [&] { ring_bell(worker, bell_.get()); }));
  ASSERT_FALSE(was_rung());

  ring_bell(worker, bell_.get());
  EXPECT_FALSE(was_rung()) << "the flag says that it is awake: asking it is not enough";
  ring_own_bell(bell_.get());
  EXPECT_TRUE(was_rung());
}

}  // namespace
}  // namespace chatd::state
