// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/seek_answers.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

class SeekAnswersTest : public ::testing::Test {
 protected:
  SeekAnswersTest() {
    config_.room.name = "room 204";
    certificate_.identity[0] = std::byte{9};
  }
  static std::vector<std::byte> seek(std::uint64_t token) {
    std::vector<std::byte> bytes(wire::kSeekBytes);
    wire::ByteWriter out{bytes};
    wire::write_seek(out, {.token = token});
    return bytes;
  }
  SeekAnswers answers(bool has_password = false) {
    return {config_, certificate_, has_password, unauthenticated_, counters_};
  }
  static std::optional<wire::Here> answer(SeekAnswers& answers, const char* from, MonoTime now) {
    return wire::read_here(answers.answer(seek(7), test::endpoint(from), now));
  }

  MonoTime now_{seconds{100}};
  config::Config config_;
  crypto::Certificate certificate_;
  state::GatewayCounters counters_{};
  FloodLog floods_;
  UnauthenticatedLimits unauthenticated_{1000, 42, counters_, floods_};
};

TEST_F(SeekAnswersTest, ASeekIsAnsweredWithIdentityAndRoom) {
  SeekAnswers answers = this->answers();
  const auto here = answer(answers, "192.168.1.5:5000", now_);
  ASSERT_TRUE(here);
  EXPECT_EQ(here->token, 7U);
  EXPECT_EQ(here->identity, certificate_.identity);
  EXPECT_EQ(here->room, "room 204");
  EXPECT_FALSE(here->wants_password);
  EXPECT_FALSE(here->wants_invitation);
  EXPECT_EQ(counters_.seeks_answered, 1U);
}

TEST_F(SeekAnswersTest, TheLongestAnswerIsNotLongerThanTheSeek) {
  config_.room.name = std::string(300, 'r');
  SeekAnswers answers = this->answers();
  const auto bytes = answers.answer(seek(7), test::endpoint("10.0.0.1:1"), now_);
  EXPECT_EQ(wire::read_here(bytes).value().room.size(), wire::kMaxHereRoom);
  EXPECT_LE(bytes.size(), wire::kSeekBytes);
}

TEST_F(SeekAnswersTest, OnlyPrivateAndLinkLocalAddressesGetAnAnswer) {
  SeekAnswers answers = this->answers();
  for (const char* near : {"10.1.2.3:1", "172.16.0.1:1", "192.168.1.5:1", "169.254.1.1:1",
                           "[fe80::1%1]:1", "[fd00::1]:1"}) {
    EXPECT_TRUE(answer(answers, near, now_)) << near;
  }
  for (const char* far : {"203.0.113.1:1", "172.32.0.1:1", "100.64.0.1:1", "[2001:db8::1]:1",
                          "127.0.0.1:1", "[::1]:1"}) {
    EXPECT_FALSE(answer(answers, far, now_)) << far;
  }
  EXPECT_EQ(counters_.datagrams_dropped_foreign, 6U);
}

TEST_F(SeekAnswersTest, ARoomWithAPasswordIsNotNamed) {
  SeekAnswers answers = this->answers(true);
  const auto here = answer(answers, "10.1.2.3:1", now_);
  ASSERT_TRUE(here);
  EXPECT_TRUE(here->wants_password);
  EXPECT_EQ(here->room, "");
}

TEST_F(SeekAnswersTest, ARoomForInvitedPersonsIsNotNamed) {
  config_.server.door = config::WhoEnters::invited;
  SeekAnswers answers = this->answers();
  const auto here = answer(answers, "10.1.2.3:1", now_);
  ASSERT_TRUE(here);
  EXPECT_TRUE(here->wants_invitation);
  EXPECT_EQ(here->room, "");
}

TEST_F(SeekAnswersTest, NothingIsAnsweredIfDiscoveryIsOff) {
  config_.network.discovery = false;
  SeekAnswers answers = this->answers();
  EXPECT_FALSE(answer(answers, "10.1.2.3:1", now_));
  EXPECT_EQ(counters_.seeks_answered, 0U);
}

TEST_F(SeekAnswersTest, OneNetworkGetsTenAnswersASecondAfterTwentyAtOnce) {
  SeekAnswers answers = this->answers();
  const auto got = [&](const char* from, MonoTime now) {
    int count = 0;
    for (int i = 0; i < 100; ++i) count += answer(answers, from, now) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(got("10.1.2.3:1", now_), 20);
  EXPECT_EQ(got("10.1.2.3:2", now_ + seconds{1}), 10);
  EXPECT_EQ(got("10.1.2.4:1", now_ + seconds{1}), 20) << "of another network";
  EXPECT_EQ(counters_.answers_suppressed, 250U);
}

TEST_F(SeekAnswersTest, ASeekIsADatagramOfAnUnauthenticatedPeer) {
  SeekAnswers answers = this->answers();
  for (int i = 0; i < 600; ++i) {
    const std::string from = "10.1.2." + std::to_string(i % 200) + ":1";
    (void)answer(answers, from.c_str(), now_);
  }
  EXPECT_EQ(counters_.seeks_answered, 500U);
  EXPECT_EQ(counters_.datagrams_dropped_overload, 100U);
}

TEST_F(SeekAnswersTest, AShortSeekIsMalformed) {
  SeekAnswers answers = this->answers();
  const auto whole = seek(7);
  const auto from = test::endpoint("10.1.2.3:1");
  EXPECT_TRUE(answers.answer(std::span{whole}.first(wire::kSeekBytes - 1), from, now_).empty());
  EXPECT_EQ(counters_.datagrams_dropped_malformed, 1U);
}

}  // namespace
}  // namespace chatd::gateway
