// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/usable_cores.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

TEST(UsableCores, AreAsManyAsTheAffinityAllows) {
  cpu_set_t allowed;
  ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
  EXPECT_EQ(usable_cores(), static_cast<unsigned>(CPU_COUNT(&allowed)));
}

TEST(UsableCores, IsOneForAProcessBoundToOne) {
  EXPECT_TRUE(test::true_in_child([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    return ::sched_setaffinity(0, sizeof one, &one) == 0 && usable_cores() == 1;
  }));
}

}  // namespace
}  // namespace chatd::sys
