// SPDX-License-Identifier: GPL-3.0-or-later
// Questions of hostile members, of many members, and with an archive that does not answer.
#include "tests/daemon/gateway/member_questions_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::HistoryWay;

class QuestionFaultsTest : public MemberQuestionsFixture {};

// --- hostile and unlucky -----------------------------------------------------------------

TEST_F(QuestionFaultsTest, ATextThatIsNoQuestionIsRefused) {
  questions().ask(order(bob_, 10), id_text(lab_), "?");
  ask(bob_, {.serial = 1, .way = HistoryWay{9}, .value = 0, .lines = 1});
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("unknown_command", "unknown_command"));
}

TEST_F(QuestionFaultsTest, AnAnswerWithAForgedOrOldIdIsIgnored) {
  ask(bob_);
  for (const std::uint64_t id : {std::uint64_t{0}, sent_[0].id - 1, sent_[0].id + 1, kLargest}) {
    questions().answered({.id = id, .is_read = true}, now());
  }
  EXPECT_THAT(read_mailbox(bob_), IsEmpty());
  answer({1});
  answer({1});  // the second one
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("5:1", "5:page"));
}

TEST_F(QuestionFaultsTest, ASessionHasOneQuestion) {
  for (std::uint32_t i = 0; i < 1000; ++i) {
    ask(bob_, {.serial = i, .way = HistoryWay::after, .value = i, .lines = 50});
  }
  EXPECT_EQ(questions().open(), 1U);
  EXPECT_THAT(sent_, SizeIs(1));
  // The first one is not the question any more, the last one is asked next.
  answer({1});
  EXPECT_THAT(read_mailbox(bob_), IsEmpty());
  ASSERT_THAT(sent_, SizeIs(2));
  EXPECT_EQ(sent_[1].value, 999U);
  answer({1000});
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("999:1000", "999:page"));
}

// The client has lost the answer, or the gateway before this one was killed.
TEST_F(QuestionFaultsTest, AQuestionThatIsAskedAgainGetsTheAnswerUnderItsNewSerial) {
  ask(bob_);
  ask(bob_, {.serial = 6, .way = HistoryWay::before, .value = kLargest, .lines = 50});
  EXPECT_THAT(sent_, SizeIs(1));
  answer({1, 2, 3}, 900);
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("6:1", "6:2"));
  ask(bob_, {.serial = 7, .way = HistoryWay::before, .value = kLargest, .lines = 50});
  EXPECT_THAT(sent_, SizeIs(1)) << "the answer is still here";
  EXPECT_THAT(read_all(bob_), ElementsAre("7:1", "7:2", "7:3", "7:page"));
}

TEST_F(QuestionFaultsTest, AnotherSessionInTheSlotGetsNoAnswer) {
  ask_about(bob_, {});
  quit(bob_);
  const Slot next = enter("dan", 9).slot;
  ASSERT_EQ(next, bob_);
  answer({1});
  EXPECT_THAT(read_mailbox(next), IsEmpty());
  EXPECT_TRUE(questions().is_idle());
}

TEST_F(QuestionFaultsTest, WithoutSpaceForARefusalTheCommandIsSentAgain) {
  fill_mailbox(eve_);
  const std::uint64_t before = uplink(eve_);
  ask(eve_);
  EXPECT_EQ(uplink(eve_), before);
}

TEST_F(QuestionFaultsTest, ALateRefusalWaitsForSpaceAndDoesNotMoveTheUplinkBack) {
  ask(bob_);
  const std::uint64_t end = end_;
  fill_mailbox(bob_);
  state_.native_slots()[bob_].uplink = end + 500;  // later commands
  questions().answered({.id = sent_[0].id, .is_read = false}, now());
  EXPECT_EQ(uplink(bob_), end + 500);
  EXPECT_FALSE(questions().is_idle());
  const auto all = read_all(bob_);
  EXPECT_EQ(all.back(), "history_unavailable");
  EXPECT_EQ(uplink(bob_), end + 500);
}

// --- the archive -------------------------------------------------------------------------

TEST_F(QuestionFaultsTest, WithoutAnArchiveARefusalComesAtOnce) {
  archive_ = {};
  ask(bob_);
  archive_ = {.exists = true};
  ask(bob_);
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("nothing_stored", "history_unavailable"));
  EXPECT_THAT(sent_, IsEmpty());
}

TEST_F(QuestionFaultsTest, TheArchiveHasOneQuestionAtATime) {
  for (const Slot slot : {ada_, max_, bob_}) ask(slot);
  EXPECT_THAT(sent_, SizeIs(1));
  answer({1});
  EXPECT_THAT(sent_, SizeIs(2));
  answer({1});
  answer({1});
  EXPECT_THAT(sent_, SizeIs(3));
  for (const Slot slot : {ada_, max_, bob_}) {
    EXPECT_THAT(read_mailbox(slot), ElementsAre("5:1", "5:page"));
  }
}

TEST_F(QuestionFaultsTest, ASuccessorOfTheArchiveIsAskedAgain) {
  ask(bob_);
  questions().tick(now());
  EXPECT_THAT(sent_, SizeIs(1));
  archive_.started = 2;
  questions().tick(now());
  ASSERT_THAT(sent_, SizeIs(2));
  EXPECT_NE(sent_[0].id, sent_[1].id);
  // The answer that the killed one had sent has another id.
  questions().answered(answer_to(sent_[0], {1}), now());
  EXPECT_THAT(read_mailbox(bob_), IsEmpty());
  answer({2});
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("5:2", "5:page"));
}

TEST_F(QuestionFaultsTest, AnArchiveThatTakesNoMoreIsAskedLater) {
  is_full_ = true;
  ask(bob_);
  is_full_ = false;
  questions().tick(now());
  EXPECT_THAT(sent_, SizeIs(1));
}

TEST_F(QuestionFaultsTest, AnArchiveThatDoesNotAnswerIsARefusal) {
  ask(bob_);
  ask(ada_);
  time_ += MemberQuestions::kLimit;
  questions().tick(now());
  for (const Slot slot : {ada_, bob_}) {
    EXPECT_THAT(read_mailbox(slot), ElementsAre("history_unavailable"));
  }
  EXPECT_TRUE(questions().is_idle());
  ask(bob_);
  EXPECT_THAT(sent_, SizeIs(2)) << "it is asked again";
}

// --- many --------------------------------------------------------------------------------

class ManyAskersTest : public MemberQuestionsFixture {
 protected:
  // Sessions of one network, in the default room.
  std::vector<Slot> enter_from(int network, int count) {
    std::vector<Slot> slots;
    for (int i = 0; i < count; ++i) {
      const int key = 10 + 100 * network + i;
      slots.push_back(enter(fmt::format("n{}x{}", network, i), key,
                            fmt::format("198.51.{}.1:{}", network, 1000 + i))
                          .slot);
    }
    return slots;
  }
};

TEST_F(ManyAskersTest, ANetworkHasAQuarterOfThePlacesAndTheOthersAreBusy) {
  config_.limits.sessions_per_address = 0;
  restart_gateway();
  const auto slots = enter_from(1, 30);
  for (const Slot slot : slots) ask_about(slot, {});
  std::size_t refused = 0;
  for (const Slot slot : slots) {
    refused +=
        static_cast<std::size_t>(std::ranges::count(read_mailbox(slot), "too_many_questions"));
  }
  // One is with the archive.
  EXPECT_EQ(refused, 30 - MemberQuestions::kMaxOfANetwork - 1);
  EXPECT_EQ(questions().open(), MemberQuestions::kMaxOfANetwork + 1);
}

// Sessions whose answers are here ask another question.
TEST_F(ManyAskersTest, FurtherQuestionsOfANetworkHaveNoMorePlacesThanFirstOnes) {
  config_.limits.sessions_per_address = 0;
  restart_gateway();
  const auto slots = enter_from(1, 40);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 0; number < 50; ++number) numbers.push_back(number);
  for (const Slot slot : slots) {
    ask_about(slot, {});
    answer(numbers, 900);
  }
  std::size_t refused = 0;
  for (const Slot slot : slots) {
    ask_about(slot, {}, {.serial = 6, .way = HistoryWay::after, .value = 7, .lines = 50});
    refused +=
        static_cast<std::size_t>(std::ranges::count(read_mailbox(slot), "too_many_questions"));
  }
  EXPECT_EQ(refused, 40 - MemberQuestions::kMaxOfANetwork - 1);
}

TEST_F(ManyAskersTest, AQuestionThatWaitsIsReplacedAlsoWhenItsNetworkHasNoFurtherPlace) {
  config_.limits.sessions_per_address = 0;
  restart_gateway();
  const auto slots = enter_from(1, 17);
  for (const Slot slot : slots) ask_about(slot, {});
  for (const Slot slot : slots) {
    ask_about(slot, {}, {.serial = 6, .way = HistoryWay::after, .value = 7, .lines = 50});
    const bool is_asked = slot == slots.front();  // its first question is with the archive
    EXPECT_THAT(read_mailbox(slot), SizeIs(is_asked ? 1 : 0));
  }
}

TEST_F(ManyAskersTest, TheTurnsOfNetworksTakeABoundedMemory) {
  restart_gateway();
  constexpr int kNetworks = 3 * static_cast<int>(MemberQuestions::kMaxTurns);
  std::optional<Slot> before;
  // While one question is with the archive, another one waits.
  for (int i = 0; i < kNetworks; ++i) {
    const auto slot = enter("n" + std::to_string(i), 10 + i % 100,
                            fmt::format("198.{}.{}.1:9", 18 + i / 250, i % 250))
                          .slot;
    ask_about(slot, {});
    if (!before) {
      before = slot;
      continue;
    }
    answer({1});
    quit(*before);
    before = slot;
  }
  EXPECT_LE(questions().turns(), MemberQuestions::kMaxTurns);
  EXPECT_GE(questions().turns(), MemberQuestions::kMaxTurns / 2);
}

TEST_F(ManyAskersTest, NetworksAreServedInTurns) {
  config_.limits.sessions_per_address = 0;
  restart_gateway();
  const auto many = enter_from(1, 10);
  const auto one = enter_from(2, 1);
  for (const Slot slot : many) ask_about(slot, {});
  ask_about(one[0], {});
  // The first of `many` is with the archive; the other network is next.
  answer({1});
  answer({1});
  EXPECT_THAT(read_mailbox(one[0]), ElementsAre("5:1", "5:page"));
}

// Each place has an answer of which the member has read nothing, or as much as its mailbox has.
class FullOfAnswersTest : public ManyAskersTest {
 protected:
  FullOfAnswersTest() {
    config_.limits.sessions_per_address = 0;
    restart_gateway();
    for (std::uint64_t number = 0; number < 50; ++number) numbers_.push_back(number);
  }
  void fill(int networks) {
    constexpr int kAll = static_cast<int>(MemberQuestions::kMaxAnswers);
    for (int network = 1; network <= networks; ++network) {
      for (const Slot slot : enter_from(network, kAll / networks)) slots_.push_back(slot);
    }
    for (const Slot slot : slots_) {
      time_ += Micros{1000};
      ask_about(slot, {});
      answer(numbers_, 900);
    }
    ASSERT_EQ(sent_.size(), MemberQuestions::kMaxAnswers);
  }
  static constexpr int kAnother = 99;  // a network without an answer
  // A member of it.
  Slot ask_from_another() {
    const Slot slot = enter_from(kAnother, 1)[0];
    ask_about(slot, {});
    return slot;
  }
  [[nodiscard]] bool is_passed_on() const { return sent_.size() > MemberQuestions::kMaxAnswers; }
  // Every member reads what it has, after this time.
  void all_read_after(Micros time) {
    time_ += time;
    for (const Slot slot : slots_) {
      read_[slot] += read_mailbox(slot).size();
      questions().go_on(slot, now());
    }
    questions().tick(now());
  }

  std::vector<std::uint64_t> numbers_;
  std::vector<Slot> slots_;
  std::map<Slot, std::size_t> read_;
};

TEST_F(FullOfAnswersTest, AnAnswerThatIsNotReadGivesWayAfterSomeTime) {
  fill(4);
  const Slot other = ask_from_another();
  EXPECT_FALSE(is_passed_on());
  time_ += MemberQuestions::kReadTimeout;
  questions().tick(now());
  ASSERT_TRUE(is_passed_on());
  answer(numbers_, 900);
  EXPECT_EQ(questions().open(), MemberQuestions::kMaxAnswers);
  EXPECT_THAT(read_all(other), SizeIs(51));
  time_ += MemberQuestions::kLimit;
  questions().tick(now());
  EXPECT_TRUE(questions().is_idle());
}

TEST_F(FullOfAnswersTest, AnswersThatAreReadComeToTheirEndBeforeTheNextQuestionIsPassedOn) {
  fill(64);
  const Slot other = ask_from_another();
  for (int i = 0; i < 30 && !is_passed_on(); ++i) all_read_after(Micros{300'000});
  ASSERT_TRUE(is_passed_on());
  answer(numbers_, 900);
  all_read_after(Micros{300'000});
  for (const Slot slot : slots_) EXPECT_EQ(read_[slot], 51U);
  EXPECT_THAT(read_all(other), SizeIs(51));
}

TEST_F(FullOfAnswersTest, AnAnswerThatIsReadTooSlowlyGivesWay) {
  fill(64);
  const Slot other = ask_from_another();
  const Micros begun = time_;
  while (!is_passed_on() && time_ - begun < 2 * MemberQuestions::kAnswerTimeout) {
    all_read_after(Micros{2'500'000});
    ask_about(other, {});
  }
  EXPECT_GE(time_ - begun, MemberQuestions::kAnswerTimeout);
  EXPECT_LE(time_ - begun, MemberQuestions::kAnswerTimeout + std::chrono::seconds{3});
}

// Each network has two answers or more, and reads them slowly.
class SlowReadersTest : public FullOfAnswersTest, public ::testing::WithParamInterface<int> {};

TEST_P(SlowReadersTest, GiveWayToANetworkWithoutAnAnswer) {
  fill(GetParam());
  (void)ask_from_another();
  all_read_after(MemberQuestions::kReadTimeout / 2);
  EXPECT_FALSE(is_passed_on()) << "they have no time to read";
  all_read_after(MemberQuestions::kReadTimeout / 2);
  EXPECT_TRUE(is_passed_on());
}
INSTANTIATE_TEST_SUITE_P(Networks, SlowReadersTest, ::testing::Values(4, 32));

TEST_F(FullOfAnswersTest, ANetworkWithOneAnswerHasNoSecondOneBeforeThoseThatHaveTwo) {
  fill(32);
  const auto others = enter_from(kAnother, 2);
  for (const Slot slot : others) ask_about(slot, {});
  for (int i = 0; i < 2; ++i) all_read_after(MemberQuestions::kReadTimeout / 2);
  ASSERT_TRUE(is_passed_on());
  answer(numbers_, 900);
  slots_.push_back(others[0]);
  for (int i = 0; i < 2; ++i) all_read_after(MemberQuestions::kReadTimeout / 2);
  EXPECT_EQ(sent_.size(), MemberQuestions::kMaxAnswers + 1);
}

TEST_F(FullOfAnswersTest, ANetworkWithMostOfTheAnswersGivesWayToAnother) {
  fill(1);
  (void)ask_from_another();
  EXPECT_TRUE(is_passed_on());
}

TEST_F(FullOfAnswersTest, ANetworkWithMostOfTheAnswersDoesNotGiveWayToItself) {
  fill(1);
  ask_about(enter("late", 9, "198.51.1.1:9").slot, {});
  EXPECT_FALSE(is_passed_on());
}

TEST_F(FullOfAnswersTest, AQuestionThatFoundNoPlaceInTimeIsRefusedAsOneOfTooMany) {
  fill(64);
  const Slot other = ask_from_another();
  for (int i = 0; i < 11; ++i) all_read_after(Micros{1'000'000});
  EXPECT_THAT(read_mailbox(other), ElementsAre("too_many_questions"));
}

TEST_F(QuestionFaultsTest, APersonHasARate) {
  make_questions(2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(questions().charge(bob_, now().mono), std::nullopt);
  EXPECT_EQ(questions().charge(bob_, now().mono), std::chrono::milliseconds{500});
}

}  // namespace
}  // namespace chatd::gateway
