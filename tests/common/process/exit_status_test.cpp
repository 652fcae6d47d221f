// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/exit_status.hpp"

#include <csignal>

#include <gtest/gtest.h>

namespace chatd::process {
namespace {

TEST(ExitStatus, ReadsTheStatusOfWait) {
  // The layout of wait(2)'s status on Linux: exit code in the second byte, signal in the first.
  EXPECT_EQ(ExitStatus::from_wait_status(3 << 8), (ExitStatus{.code = 3, .signal = 0}));
  EXPECT_EQ(ExitStatus::from_wait_status(SIGKILL), (ExitStatus{.code = -1, .signal = SIGKILL}));
  EXPECT_FALSE(ExitStatus::from_wait_status(0x137f).is_known()) << "stopped is not ended";
}

TEST(ExitStatus, OnlyZeroIsSuccess) {
  EXPECT_TRUE((ExitStatus{.code = 0, .signal = 0}).succeeded());
  EXPECT_FALSE((ExitStatus{.code = 1, .signal = 0}).succeeded());
  EXPECT_FALSE((ExitStatus{.code = -1, .signal = SIGTERM}).succeeded());
  EXPECT_FALSE(ExitStatus{}.succeeded());
}

TEST(ExitStatus, IsWrittenInWords) {
  EXPECT_EQ(to_text(ExitStatus{.code = 3, .signal = 0}), "exited with status 3");
  EXPECT_EQ(to_text(ExitStatus{.code = -1, .signal = SIGKILL}), "killed by SIGKILL");
  EXPECT_EQ(to_text(ExitStatus{.code = -1, .signal = 40}), "killed by signal 40");
  EXPECT_EQ(to_text(ExitStatus{}), "ended with an unknown status");
}

}  // namespace
}  // namespace chatd::process
