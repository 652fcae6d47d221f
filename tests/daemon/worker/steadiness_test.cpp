// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/steadiness.hpp"

#include <gmock/gmock.h>

namespace chatd::worker {
namespace {

using std::chrono::milliseconds;

class SteadinessTest : public ::testing::Test {
 protected:
  void say(int messages, milliseconds apart) {
    for (int i = 0; i < messages; ++i) {
      now_ += apart;
      steadiness_.look(true, now_);
    }
  }
  Steadiness steadiness_;
  MonoTime now_{std::chrono::seconds{100}};
};

TEST_F(SteadinessTest, AFewMessagesAreNotAStream) {
  say(5, milliseconds{10});
  EXPECT_FALSE(steadiness_.holds(now_));
}

TEST_F(SteadinessTest, ManyMessagesAreAStreamUntilAPause) {
  say(20, milliseconds{100});
  EXPECT_TRUE(steadiness_.holds(now_));
  const MonoTime end = steadiness_.ends_at();
  EXPECT_TRUE(steadiness_.holds(end - Micros{1}));
  EXPECT_FALSE(steadiness_.holds(end));
  now_ = end;
  say(1, milliseconds{0});
  EXPECT_FALSE(steadiness_.holds(now_)) << "one message after the pause is not a stream";
}

TEST_F(SteadinessTest, ATimerExpiresAtTheLatestWhenTheStreamEnds) {
  say(20, milliseconds{100});
  const MonoTime end = steadiness_.ends_at();
  EXPECT_EQ(steadiness_.limit(end + milliseconds{1}, now_), end);
  EXPECT_EQ(steadiness_.limit(end - milliseconds{1}, now_), end - milliseconds{1});
  EXPECT_EQ(steadiness_.limit(MonoTime::max(), now_), MonoTime::max()) << "the timer is not set";
  EXPECT_EQ(steadiness_.limit(end + milliseconds{1}, end), end + milliseconds{1}) << "no stream";
}

TEST_F(SteadinessTest, MessagesWithPausesAreNotAStream) {
  say(100, milliseconds{200});
  EXPECT_FALSE(steadiness_.holds(now_));
}

TEST_F(SteadinessTest, AnUnchangedLogChangesNothing) {
  say(20, milliseconds{100});
  const MonoTime end = steadiness_.ends_at();
  steadiness_.look(false, now_ + milliseconds{10});
  EXPECT_EQ(steadiness_.ends_at(), end);
}

}  // namespace
}  // namespace chatd::worker
