// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/relay.hpp"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

class RelayTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> found;
    for (const Report& report : sent_) found.push_back(std::get<Line>(report).text);
    return found;
  }
  bool open_{true};
  std::vector<Report> sent_;
  Relay relay_{[this](std::span<const std::byte> bytes) {
    if (open_) sent_.push_back(decode_report(bytes).value());
    return open_;
  }};
};

TEST_F(RelayTest, SendsAtOnceWhileThePipeIsNotFull) {
  relay_.push(said("ada", "1"));
  EXPECT_TRUE(relay_.is_empty());
  EXPECT_EQ(sent_.size(), 1U);
}

TEST_F(RelayTest, KeepsOrderWhenTheTerminalIsSlow) {
  open_ = false;
  relay_.push(said("ada", "1"));
  relay_.push(said("ada", "2"));
  EXPECT_FALSE(relay_.flush());
  open_ = true;
  relay_.push(said("ada", "3"));  // not past the others
  EXPECT_TRUE(sent_.empty());
  EXPECT_TRUE(relay_.flush());
  EXPECT_THAT(texts(), ::testing::ElementsAre("1", "2", "3"));
  EXPECT_TRUE(relay_.is_empty());
}

TEST_F(RelayTest, CountsTheLinesThatItCannotKeep) {
  open_ = false;
  for (std::size_t i = 0; i < Relay::kMaxLines + 5; ++i)
    relay_.push(said("ada", std::to_string(i)));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  ASSERT_EQ(sent_.size(), Relay::kMaxLines + 1);
  EXPECT_EQ(std::get<MissedHere>(sent_[0]).lines, 5U);
  EXPECT_EQ(std::get<Line>(sent_[1]).text, "5");
}

TEST_F(RelayTest, DropsOnlyLines) {
  open_ = false;
  relay_.push(Confirmed{7});
  for (std::size_t i = 0; i < 2 * Relay::kMaxLines; ++i) relay_.push(said("ada", "x"));
  relay_.push(ended(Outcome::kicked, "spam"));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  EXPECT_EQ(std::get<Confirmed>(sent_.front()).number, 7U);
  EXPECT_TRUE(std::holds_alternative<MissedHere>(sent_[1]));
  EXPECT_EQ(std::get<Ended>(sent_.back()).reason, Outcome::kicked);
}

TEST_F(RelayTest, DoesNotGrowWithABadNetwork) {
  open_ = false;
  for (int i = 0; i < 1000; ++i) {
    relay_.push(Reconnecting{});
    relay_.push(Reconnected{});
  }
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Reconnected>(sent_[0]));
}

TEST_F(RelayTest, KeepsFewerLinesIfTheyAreTooLong) {
  open_ = false;
  const std::string text(8000, 'x');
  constexpr std::size_t kPushed = 1000;
  for (std::size_t i = 0; i < kPushed; ++i) relay_.push(said("ada", text));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  ASSERT_GT(sent_.size(), 1U);
  const std::size_t kept = sent_.size() - 1;
  EXPECT_EQ(std::get<MissedHere>(sent_.front()).lines, kPushed - kept);
  EXPECT_LE(kept * text.size(), Relay::kMaxLineBytes);
  EXPECT_GT(kept * text.size(), Relay::kMaxLineBytes * 9 / 10);
}

TEST_F(RelayTest, BoundsReportsThatAServerCauses) {
  open_ = false;
  const std::string why(8000, 'x');
  constexpr std::size_t kPushed = 3000;
  for (std::size_t i = 0; i < kPushed; ++i) relay_.push(refused(0, why));
  relay_.push(ended(Outcome::stopped));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  EXPECT_LT(sent_.size() * why.size(), Relay::kMaxOtherBytes + why.size());
  EXPECT_GT(sent_.size() * why.size(), Relay::kMaxOtherBytes * 9 / 10);
  EXPECT_TRUE(std::holds_alternative<Ended>(sent_.back()));
}

}  // namespace
}  // namespace chatd::client
