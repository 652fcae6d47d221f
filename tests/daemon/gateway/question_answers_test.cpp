// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to browsers; those to native members are in member_questions_test.cpp.
#include "tests/daemon/gateway/member_questions_fixture.hpp"

namespace chatd::gateway {
namespace {

class BrowserQuestions : public MemberQuestionsFixture {
 protected:
  [[nodiscard]] std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> all;
    for (const auto& line : browser_.back().second->lines) all.push_back(line.number);
    return all;
  }
};

TEST_F(BrowserQuestions, AnAnswerIsOneMessageAndNothingOfItIsInTheMailbox) {
  ask_by_browser(77, ada_);
  ASSERT_EQ(sent_.size(), 1U);
  answer({3, 4, 5}, 900);
  ASSERT_EQ(browser_.size(), 1U);
  EXPECT_EQ(browser_[0].first, 77U);
  EXPECT_THAT(numbers(), ::testing::ElementsAre(3, 4, 5));
  EXPECT_TRUE(read_mailbox(ada_).empty());
  EXPECT_TRUE(questions().is_idle());
}

TEST_F(BrowserQuestions, ABrowserThatIsNotInTheRoomGetsNothing) {
  ask_by_browser(77, eve_);
  EXPECT_TRUE(sent_.empty());
  ASSERT_EQ(browser_.size(), 1U);
  EXPECT_EQ(browser_[0].second.error(), wire::Reason::no_such_room);
}

TEST_F(BrowserQuestions, AQuestionThatAnotherOneReplacesIsRefused) {
  archive_.answers = true;
  ask_by_browser(1, max_);  // the archive has it
  ask_by_browser(2, ada_);
  ask_by_browser(3, ada_, {.serial = 6, .way = wire::HistoryWay::before, .value = 9, .lines = 5});
  ASSERT_EQ(browser_.size(), 1U);
  EXPECT_EQ(browser_[0].first, 2U);
  EXPECT_EQ(browser_[0].second.error(), wire::Reason::questions_full);
}

}  // namespace
}  // namespace chatd::gateway
