// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/relay.hpp"

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
    for (const Report& report : sent_) found.push_back(report.event.text);
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
  EXPECT_EQ(sent_[0].kind, Report::Kind::missed_here);
  EXPECT_EQ(sent_[0].count, 5U);
  EXPECT_EQ(sent_[1].event.text, "5");
}

TEST_F(RelayTest, DropsOnlyLines) {
  open_ = false;
  relay_.push(fate(Event::Kind::confirmed, 7));
  for (std::size_t i = 0; i < 2 * Relay::kMaxLines; ++i) relay_.push(said("ada", "x"));
  relay_.push(ended(Outcome::kicked, "spam"));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  EXPECT_EQ(sent_.front().order, 7U);
  EXPECT_EQ(sent_[1].kind, Report::Kind::missed_here);
  EXPECT_EQ(sent_.back().outcome, Outcome::kicked);
}

TEST_F(RelayTest, DoesNotGrowWithABadNetwork) {
  open_ = false;
  for (int i = 0; i < 1000; ++i) {
    relay_.push(event_of(Event::Kind::reconnecting));
    relay_.push(event_of(Event::Kind::reconnected));
  }
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_EQ(sent_[0].event.kind, Event::Kind::reconnected);
}

TEST_F(RelayTest, KeepsFewerLinesIfTheyAreTooLong) {
  open_ = false;
  const std::string text(8000, 'x');
  constexpr std::size_t kPushed = 1000;
  for (std::size_t i = 0; i < kPushed; ++i) relay_.push(said("ada", text));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  ASSERT_GT(sent_.size(), 1U);
  EXPECT_EQ(sent_.front().kind, Report::Kind::missed_here);
  const std::size_t kept = sent_.size() - 1;
  EXPECT_EQ(sent_.front().count, kPushed - kept);
  EXPECT_LE(kept * text.size(), Relay::kMaxLineBytes);
  EXPECT_GT(kept * text.size(), Relay::kMaxLineBytes * 9 / 10);
}

TEST_F(RelayTest, BoundsReportsThatAServerCauses) {
  open_ = false;
  const std::string why(8000, 'x');
  constexpr std::size_t kPushed = 3000;
  for (std::size_t i = 0; i < kPushed; ++i) relay_.push(fate(Event::Kind::refused, 0, why));
  relay_.push(ended(Outcome::stopped));
  open_ = true;
  EXPECT_TRUE(relay_.flush());
  EXPECT_LT(sent_.size() * why.size(), Relay::kMaxOtherBytes + why.size());
  EXPECT_GT(sent_.size() * why.size(), Relay::kMaxOtherBytes * 9 / 10);
  EXPECT_EQ(sent_.back().kind, Report::Kind::ended);
}

}  // namespace
}  // namespace chatd::client
