// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/member_questions.hpp"

#include <cstring>
#include <functional>

#include "tests/daemon/gateway/member_questions_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::HistoryWay;

using MemberQuestionsTest = MemberQuestionsFixture;

TEST_F(MemberQuestionsTest, AnAnswerGoesToTheMailboxOfItsAsker) {
  ask(bob_);
  EXPECT_EQ(uplink(bob_), end_);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].room.id, static_cast<std::uint32_t>(lab()->id));
  EXPECT_EQ(sent_[0].room.from, 0U);
  EXPECT_EQ(sent_[0].value, kLargest);
  EXPECT_EQ(sent_[0].lines, 50);
  answer({3, 4});
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("5:3", "5:4", "5:page"));
  EXPECT_TRUE(questions().is_idle());
  EXPECT_THAT(read_mailbox(ada_), IsEmpty());
}

TEST_F(MemberQuestionsTest, TheDefaultRoomIsReadFromItsBeginning) {
  ask_about(eve_, {});
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].room.id, 0U);
  EXPECT_EQ(sent_[0].room.from, 0U);
}

TEST_F(MemberQuestionsTest, ALongAnswerFollowsAsTheMemberReads) {
  ask(bob_);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 1; number <= 50; ++number) numbers.push_back(number);
  answer(numbers, 900);
  const std::size_t unread = chat_->mailboxes.unread(bob_, RecordKind::stored);
  EXPECT_GT(unread, 0U);
  EXPECT_LE(unread, MemberQuestions::kMaxUnread);
  // The other half is for other records.
  EXPECT_TRUE(chat_->mailboxes.deliver(bob_, {.kind = RecordKind::notice,
                                              .sender = std::nullopt,
                                              .name = {},
                                              .text = std::string(900, 'n'),
                                              .time = {}}));
  const auto all = read_all(bob_);
  ASSERT_THAT(all, SizeIs(52));  // with that notice
  EXPECT_EQ(all.back(), "5:page");
}

// --- rights ------------------------------------------------------------------------------

TEST_F(MemberQuestionsTest, ARoomThatTheAskerIsNotInDoesNotExistByteForByte) {
  ASSERT_TRUE(make(ada_, "hidden"));
  const auto bytes_of = [&](std::string_view room) {
    ask_about(eve_, room);
    std::vector<std::byte> bytes;
    const state::Mailbox mailbox{state_, eve_};
    mailbox.for_each_unread([&](const wire::RecordHeader& header, logs::Offset at) {
      bytes.resize(header.size);
      mailbox.read(at, bytes);
    });
    (void)read_mailbox(eve_);
    // The end of the command is another one each time.
    wire::RecordHeader header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    EXPECT_EQ(header.uplink_offset, end_);
    header.uplink_offset = 0;
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
  };
  const auto absent = bytes_of(test::id_text(state::RoomId{77}));
  EXPECT_FALSE(absent.empty());
  EXPECT_EQ(bytes_of(id_text("hidden")), absent);
  EXPECT_EQ(bytes_of(id_text(lab_)), absent);
  EXPECT_EQ(bytes_of(test::id_text(state::RoomId{0xFFFF'FFFF})), absent);
  EXPECT_THAT(sent_, IsEmpty()) << "the archive is not asked";
}

TEST_F(MemberQuestionsTest, AnInvitedMemberAsksFromTheTimeOfItsJoin) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  say_in(ada_, lab_, "secret");
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  ask(eve_);
  EXPECT_THAT(sent_, IsEmpty()) << "not in the room yet";
  const std::uint64_t before = texts_in(lab_).size();
  ASSERT_TRUE(join(eve_, lab_));
  ask(eve_);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].room.from, before);
}

// Each of these ends the right to an answer that is on its way, also while a part of it was read.
TEST_F(MemberQuestionsTest, AMemberThatIsRemovedBeforeTheAnswerGetsThatOfAnAbsentRoom) {
  const std::vector<std::function<void()>> ends{
      [&] { ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt); },
      [&] { ASSERT_EQ(moderate(ada_, Action::ban, "bob"), std::nullopt); },
      [&] { leave(bob_, lab_); },
      [&] { (void)chat_->room_admin.drop(place_of(lab_).index, now()); },
  };
  for (std::size_t i = 0; i < 2 * ends.size(); ++i) {
    const bool is_partly_read = i >= ends.size();
    if (!exists(lab_)) {
      ASSERT_TRUE(make(ada_, lab_));
    }
    (void)moderate(ada_, Action::unban, "bob");
    ASSERT_TRUE(join(bob_, lab_));
    (void)read_mailbox(bob_);
    ask(bob_);
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t number = 0; number < 50; ++number) numbers.push_back(number);
    if (is_partly_read) answer(numbers, 900);
    ends[i % ends.size()]();
    if (!is_partly_read) answer(numbers, 900);
    auto all = read_all(bob_);
    if (is_partly_read) {
      // The records that were in the mailbox before are read.
      EXPECT_LE(all.size(), 4U) << i;
      std::erase(all, "5:0");
      std::erase(all, "5:1");
    }
    std::erase(all, lab_);  // the record `left`
    EXPECT_THAT(all, ElementsAre("no_such_room")) << i;
    EXPECT_TRUE(questions().is_idle());
  }
}

TEST_F(MemberQuestionsTest, LinesThatTheMemberMayNotReadAnyMoreAreLeftOut) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  ask(bob_);
  ASSERT_EQ(sent_.back().room.from, 0U);
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::invite, "bob"), std::nullopt);
  const std::uint64_t from = texts_in(lab_).size();
  ASSERT_TRUE(join(bob_, lab_));
  (void)read_mailbox(bob_);
  answer({from - 2, from - 1, from, from + 1});
  EXPECT_THAT(read_all(bob_),
              ElementsAre(fmt::format("5:{}", from), fmt::format("5:{}", from + 1), "5:page"));
}

TEST_F(MemberQuestionsTest, ARoomThatIsMadeAgainIsAnotherOne) {
  const std::string old_id = id_text(lab_);
  (void)chat_->room_admin.drop(place_of(lab_).index, now());
  ASSERT_TRUE(make(bob_, lab_));
  (void)read_mailbox(bob_);
  ask_about(bob_, old_id);
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("no_such_room"));
  ask(bob_);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].room.id, static_cast<std::uint32_t>(id_of(lab_)));
}

TEST_F(MemberQuestionsTest, ASearchIsPassedOnWithItsTextIfThereIsSomethingToSearchFor) {
  const auto search = [&](std::string_view text) {
    HistoryQuestion question = kQuestion;
    question.way = wire::HistoryWay::search;
    const auto fixed = wire::as_argument(question);
    end_ += 30;
    questions().ask(order(bob_, end_), id_text(lab_),
                    std::string{fixed.data(), fixed.size()} + std::string{text});
  };
  for (const std::string& text :
       {std::string{}, std::string{"in:#chat tea"}, std::string{"\xff"}, std::string(600, 'x')}) {
    search(text);
    EXPECT_THAT(read_mailbox(bob_), ElementsAre("bad_search"));
  }
  EXPECT_THAT(sent_, IsEmpty());
  search("tea");
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].text, "tea");
  EXPECT_EQ(sent_[0].way, static_cast<std::uint8_t>(wire::HistoryWay::search));
  answer({3});
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("5:3", "5:page"));
}

}  // namespace
}  // namespace chatd::gateway
