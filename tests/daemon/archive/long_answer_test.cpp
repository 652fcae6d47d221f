// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/long_answer.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/archive/long_answer_fixture.hpp"

namespace chatd::archive {
namespace {

using std::chrono::seconds;
using Next = LongAnswer::Next;

constexpr std::size_t kMuch = std::size_t{4} << 20U;

// Sends what it is given.
class Words : public LongAnswer {
 public:
  explicit Words(UniqueFd caller) : LongAnswer{std::move(caller)} {}
  Next step(History& /*history*/, MonoTime now) override { return flush(now); }
  Next send(std::string text, MonoTime now) {
    output() += text;
    return flush(now);
  }
  Next flush_at(MonoTime now) { return flush(now); }
  Next end(const wire::ControlReply& reply_line) { return reply(reply_line); }
};

class LongAnswerTest : public test::LongAnswerFixture {
 protected:
  Words answer_{connect()};
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(LongAnswerTest, TextThatTheCallerTakesIsSentAtOnceAndNothingIsStalled) {
  EXPECT_EQ(answer_.send("some words", now_), Next::at_once);
  EXPECT_EQ(read(), "some words");
  EXPECT_FALSE(answer_.is_stalled(now_ + seconds{1000})) << "nothing waits";
}

TEST_F(LongAnswerTest, TheRestWaitsForASlowCallerAndEachByteIsSentOnce) {
  EXPECT_EQ(answer_.send(std::string(kMuch, 'x') + "end", now_), Next::when_writable);
  std::string all;
  for (int i = 0; i < 1000 && all.size() < kMuch + 3; ++i) {
    all += read();
    (void)answer_.flush_at(now_);
  }
  all += read();
  EXPECT_EQ(all, std::string(kMuch, 'x') + "end");
  EXPECT_EQ(answer_.flush_at(now_), Next::at_once);
}

TEST_F(LongAnswerTest, ACallerThatTakesNothingIsStalledAfterHalfAMinute) {
  ASSERT_EQ(answer_.send(std::string(kMuch, 'x'), now_), Next::when_writable);
  EXPECT_FALSE(answer_.is_stalled(now_ + LongAnswer::kStalled));
  EXPECT_TRUE(answer_.is_stalled(now_ + LongAnswer::kStalled + seconds{1}));
  // When it takes something, the time begins anew.
  (void)read();
  EXPECT_EQ(answer_.flush_at(now_ + seconds{29}), Next::when_writable);
  EXPECT_FALSE(answer_.is_stalled(now_ + LongAnswer::kStalled + seconds{1}));
}

TEST_F(LongAnswerTest, ACallerThatHasGoneEndsIt) {
  caller_.reset();
  EXPECT_EQ(answer_.send("words", now_), Next::done);
}

TEST_F(LongAnswerTest, AReplyIsALineAndTheEndAlsoWithoutACaller) {
  EXPECT_EQ(answer_.end(R"({"lines":1})"), Next::done);
  EXPECT_EQ(read(), "{\"schema\":1,\"ok\":true,\"result\":{\"lines\":1}}\n");
  caller_.reset();
  EXPECT_EQ(answer_.end("{}"), Next::done);
}

}  // namespace
}  // namespace chatd::archive
