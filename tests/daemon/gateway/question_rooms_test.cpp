// SPDX-License-Identifier: GPL-3.0-or-later
// Searches in all rooms of a member: their rights. Those of one room are in
// member_questions_test.cpp.
#include "daemon/gateway/question_rooms.hpp"

#include "tests/daemon/gateway/member_questions_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::HistoryWay;

class QuestionRoomsTest : public MemberQuestionsFixture {
 protected:
  static constexpr HistoryQuestion kSearchAll{
      .serial = 5, .way = HistoryWay::search_all, .value = kLargest, .lines = 50};

  void search(Slot slot, std::string_view room = {}) {
    const auto fixed = wire::as_argument(kSearchAll);
    const std::string text = std::string{fixed.data(), fixed.size()} + "tea";
    end_ += 30;
    questions().ask(order(slot, end_), room, text);
  }
  [[nodiscard]] std::vector<std::uint32_t> rooms_asked() const {
    std::vector<std::uint32_t> ids;
    for (const auto& room : sent_.back().rooms) ids.push_back(room.id);
    return ids;
  }
  [[nodiscard]] std::uint32_t id_of(std::string_view name) {
    return static_cast<std::uint32_t>(place_of(name).id);
  }
  // Lines 1 and 2 of each of the rooms; the answer goes on at `last`.
  void answer_with(const std::vector<std::uint32_t>& rooms, std::uint32_t last,
                   std::uint64_t base = 0, std::size_t bytes = 5) {
    auto answer = answer_to(sent_.back(), {}, bytes);
    for (const std::uint32_t room : rooms) {
      for (const std::uint64_t number : {base + 1, base + 2}) {
        auto line = answer_to(sent_.back(), {number}, bytes).lines.front();
        line.room = room;
        line.base = base;
        answer.lines.push_back(line);
      }
    }
    answer.room = last;
    answer.first = 1;
    questions().answered(answer, now());
  }
};

TEST_F(QuestionRoomsTest, TheArchiveIsAskedAboutTheRoomsOfTheMemberOnly) {
  ASSERT_TRUE(make(ada_, "den"));
  search(bob_);
  ASSERT_THAT(sent_, SizeIs(1));
  EXPECT_EQ(sent_[0].text, "tea");
  EXPECT_EQ(sent_[0].room.id, 0U);
  EXPECT_THAT(rooms_asked(), ElementsAre(0U, id_of(lab_)));
  EXPECT_EQ(sent_[0].rooms[1].from, 0U);
  answer_with({id_of(lab_), 0}, 0);
  EXPECT_THAT(read_mailbox(bob_), ElementsAre("5:1", "5:2", "5:1", "5:2", "5:page"));
  search(eve_);
  EXPECT_THAT(rooms_asked(), ElementsAre(0U));
}

TEST_F(QuestionRoomsTest, AnInvitedMemberSearchesFromTheTimeOfItsJoin) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  say_in(ada_, lab_, "secret");
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  const std::uint64_t before = texts_in(lab_).size();
  ASSERT_TRUE(join(eve_, lab_));
  search(eve_);
  ASSERT_EQ(sent_.back().rooms.size(), 2U);
  EXPECT_EQ(sent_.back().rooms[1].from, before);
}

TEST_F(QuestionRoomsTest, APlaceInARoomOfOthersIsRefusedAsForAnAbsentRoom) {
  ASSERT_TRUE(make(ada_, "den"));
  for (const std::string& room : {id_text("den"), test::id_text(state::RoomId{0xFFFF'FFFF})}) {
    search(bob_, room);
    EXPECT_THAT(sent_, IsEmpty());
    EXPECT_THAT(read_mailbox(bob_), ElementsAre("no_such_room"));
  }
}

// The lines of the rooms that it is still in are delivered.
TEST_F(QuestionRoomsTest, LinesOfARoomThatTheMemberWasRemovedFromAreLeftOut) {
  ASSERT_TRUE(make(ada_, "den"));
  ASSERT_TRUE(join(bob_, "den"));
  (void)read_mailbox(bob_);
  search(bob_);
  EXPECT_THAT(rooms_asked(), SizeIs(3));
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);  // from the lab
  const auto lab = id_of(lab_);
  answer_with({lab, id_of("den"), 0}, 0);
  auto all = read_all(bob_);
  std::erase(all, lab_);  // the record `left`
  EXPECT_THAT(all, ElementsAre("5:1", "5:2", "5:1", "5:2", "5:page"));
}

TEST_F(QuestionRoomsTest, APageThatEndsInARoomOfOthersIsRefusedAsForAnAbsentRoom) {
  search(bob_);
  const auto lab = id_of(lab_);
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);
  answer_with({0, lab}, lab);
  auto all = read_all(bob_);
  std::erase(all, lab_);
  EXPECT_THAT(all, ElementsAre("no_such_room"));
  EXPECT_TRUE(questions().is_idle());
}

TEST_F(QuestionRoomsTest, AfterARoomWasClosedItsEarlierLinesAreLeftOut) {
  search(bob_);
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::kick, "bob"), std::nullopt);
  ASSERT_EQ(moderate(ada_, Action::invite, "bob"), std::nullopt);
  ASSERT_TRUE(join(bob_, lab_));
  (void)read_mailbox(bob_);
  // Lines 1 and 2 were said before; `base` is that of the database.
  for (const std::uint64_t base : {std::uint64_t{0}, std::uint64_t{100}}) {
    if (base != 0) search(bob_);
    answer_with({id_of(lab_)}, id_of(lab_), base);
    EXPECT_THAT(read_all(bob_), ElementsAre("5:page")) << base;
  }
}

TEST_F(QuestionRoomsTest, ThePageNamesTheRoomsOfItsLines) {
  search(bob_);
  const auto lab = id_of(lab_);
  answer_with({lab, 0}, lab);
  std::string rooms;
  std::uint32_t end = 0;
  const state::Mailbox mailbox{state_, bob_};
  mailbox.for_each_unread([&](const wire::RecordHeader& header, logs::Offset at) {
    std::vector<std::byte> bytes(header.size);
    mailbox.read(at, bytes);
    const auto record = wire::read_record(bytes).value();
    if (record.header.kind != RecordKind::page) return;
    const auto page = wire::read_page(record.text).value();
    rooms = page.rooms;
    end = page.room;
  });
  EXPECT_EQ(rooms, fmt::format("{}\t{}\n", lab, lab_));
  EXPECT_EQ(end, lab);
}

}  // namespace
}  // namespace chatd::gateway
