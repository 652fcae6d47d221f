// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/roles/heartbeat.hpp"

#include <gtest/gtest.h>

namespace chatd::roles {
namespace {

TEST(Heartbeat, StoresTheProcessorTimeAndTheMemoryOfTheProcess) {
  state::ProcessControl control{};
  beat(control);
  EXPECT_EQ(control.heartbeat.load(), 1U);
  EXPECT_GT(control.resident_bytes.load(), 100'000U);
  const std::uint64_t before = control.cpu_micros.load();
  volatile std::uint64_t work = 0;
  while (control.cpu_micros.load() < before + 5'000) {
    for (int i = 0; i < 100'000; ++i) work = work + 1;
    beat(control);
  }
  EXPECT_GT(control.heartbeat.load(), 1U);
}

}  // namespace
}  // namespace chatd::roles
