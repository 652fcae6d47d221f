// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/progress.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

MonoTime at(int milliseconds) { return MonoTime{std::chrono::milliseconds{milliseconds}}; }

TEST(Progress, AppearsAfterTwoSecondsAndChangesTwiceASecond) {
  Progress progress{wire::Language::en, true};
  EXPECT_EQ(progress.update(0, 0, at(500)), "");
  EXPECT_EQ(progress.update(0, 20, at(1000)), "");
  EXPECT_EQ(progress.update(20, 40, at(2999)), "");
  EXPECT_EQ(progress.update(25, 40, at(3000)), "\r\x1b[K25 messages sent, 40 waiting");
  EXPECT_EQ(progress.update(26, 39, at(3499)), "");
  EXPECT_EQ(progress.update(27, 38, at(3500)), "\r\x1b[K27 messages sent, 38 waiting");
}

TEST(Progress, IsRemovedOnceAndComesBack) {
  Progress progress{wire::Language::zh, true};
  EXPECT_EQ(progress.update(0, 1, at(0)), "");
  EXPECT_EQ(progress.remove(), "");
  EXPECT_EQ(progress.update(1, 2, at(2000)), "\r\x1b[K已发送 1 条消息，等待 2 条");
  EXPECT_EQ(progress.remove(), "\r\x1b[K");
  EXPECT_EQ(progress.remove(), "");
  EXPECT_NE(progress.update(1, 2, at(2500)), "");
  EXPECT_EQ(progress.update(3, 0, at(2501)), "\r\x1b[K") << "nothing waits";
}

TEST(Progress, PrintsNothingIfItIsOff) {
  Progress progress{wire::Language::en, false};
  EXPECT_EQ(progress.update(0, 9, at(0)), "");
  EXPECT_EQ(progress.update(0, 9, at(9000)), "");
  EXPECT_EQ(progress.remove(), "");
}

}  // namespace
}  // namespace chatd::client
