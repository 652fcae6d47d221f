// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/restore/fill_history.hpp"

#include <gmock/gmock.h>

#include "daemon/archive/log_reader.hpp"
#include "daemon/state/room_log.hpp"
#include "tests/daemon/restore/restored_rooms.hpp"

namespace chatd::restore {
namespace {

using test::batch;
using test::line;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FillHistoryTest : public test::RestoredRooms {
 protected:
  static FillLimits limits(std::size_t lines = 50) {
    return {.lines = lines, .end = mono_now() + std::chrono::minutes{1}};
  }
  Filled fill_all(std::size_t lines = 50) {
    const auto filled = fill(limits(lines));
    EXPECT_TRUE(filled) << filled.error().message();
    return filled.value_or(Filled{});
  }
  void say(state::RoomLog log, std::string_view text) {
    ASSERT_TRUE(log.append(
        {.kind = wire::RecordKind::say, .sender = {}, .name = "eve", .text = text, .time = {}}));
  }
};

TEST_F(FillHistoryTest, ARoomGetsNoLinesThatItDoesNotKeep) {
  store({line(0, "older than a day", "ada", 59'000'000), line(1, "of the day", "ada", 61'000'000)});
  store({line(3, "in the lab", "ada", 77'000'000)}, kLab, "lab");
  state_.properties(std::nullopt).history = 1;
  state_.properties(state::RoomIndex{0}).history = wire::kHistoryOff;
  state_.properties(state::RoomIndex{0}).history_since = 40;
  FillLimits limit = limits();
  limit.now = WallTime{std::chrono::hours{24} + std::chrono::minutes{1}};
  ASSERT_TRUE(fill(limit));
  EXPECT_THAT(lines(state_.room_log()), ElementsAre("1 ada of the day"));
  EXPECT_THAT(lines(state_.room_log(state::RoomIndex{0})), IsEmpty());
  EXPECT_EQ(state_.room_slot(state::RoomIndex{0}).head.next_sequence, 40U)
      << "numbers from before the history was on are not used again";
}

TEST_F(FillHistoryTest, ALimitOfARoomIsNoLongerThanThatOfTheServer) {
  store({line(0, "older", "ada", 29'000'000), line(1, "newer", "ada", 31'000'000)});
  state_.properties(std::nullopt).history = 30;
  FillLimits limit = limits();
  limit.now = WallTime{std::chrono::hours{24}};
  limit.max_age = std::chrono::hours{24} - std::chrono::seconds{30};
  ASSERT_TRUE(fill(limit));
  EXPECT_THAT(lines(state_.room_log()), ElementsAre("1 ada newer"));
}

TEST_F(FillHistoryTest, LinesComeBackWithTheirNumbersNamesAndTimes) {
  store({line(0, "first"), line(5, "hello", "bob", 77)});
  store({line(3, "in the lab")}, kLab, "lab");
  const Filled filled = fill_all();
  EXPECT_EQ(filled.rooms, 2U);
  EXPECT_EQ(filled.lines, 3U);
  EXPECT_THAT(lines(state_.room_log()), ElementsAre("0 ada first", "5 bob hello"));
  EXPECT_THAT(lines(lab()), ElementsAre("3 ada in the lab"));
  logs::RecordBuffer buffer;
  logs::for_each_record(state_.room_log(), buffer, [](const wire::RecordView& record, auto) {
    EXPECT_EQ(record.header.wall_time, record.name == "bob" ? 77 : 1'000'000);
    EXPECT_FALSE(logs::sender_of(record.header)) << "no session";
    EXPECT_EQ(record.header.sender_generation, 7U) << "the person";
    EXPECT_FALSE(wire::is_from_text_member(record.header));
  });
}

TEST_F(FillHistoryTest, ALineWhoseAuthorHadNoKeyIsOfATextMemberAndOfNoSession) {
  archive::Line text = line(0, "by nc");
  text.author.person = 0;
  store({text});
  (void)fill_all();
  logs::RecordBuffer buffer;
  logs::for_each_record(state_.room_log(), buffer, [](const wire::RecordView& record, auto) {
    EXPECT_TRUE(wire::is_from_text_member(record.header));
    EXPECT_EQ(record.header.sender_generation % 2, 0U) << "a slot that holds no session";
  });
}

TEST_F(FillHistoryTest, NumbersGoOnBehindTheLastStoredOneAlsoWithoutLines) {
  store({line(0, "a"), line(5, "b")});
  store({line(9, "c")}, kLab, "lab");
  EXPECT_EQ(fill_all(0).lines, 0U);
  say(state::RoomLog{state_}, "new");
  say(state::RoomLog{state_, kLabRow}, "new");
  EXPECT_THAT(lines(state_.room_log()), ElementsAre("6 eve new"));
  EXPECT_THAT(lines(lab()), ElementsAre("10 eve new"));
}

TEST_F(FillHistoryTest, TheArchiveStoresNoLineAgainAndGoesOnInTheSameRooms) {
  store({line(0, "a"), line(5, "b")});
  store({line(9, "c")}, kLab, "lab");
  (void)fill_all();
  say(state::RoomLog{state_}, "new");
  rooms_.begin_append(kLabRow);
  say(state::RoomLog{state_, kLabRow}, "lab");
  rooms_.end_append(kLabRow);
  auto database = open(test::kHistoryId);
  archive::LogReader reader{state_, "chat"};
  reader.begin(database.rooms().value());
  const auto read = reader.read({});
  ASSERT_TRUE(database.save(read));
  EXPECT_THAT(test::stored(database), ElementsAre("0 ada a", "5 ada b", "6 eve new"));
  EXPECT_THAT(test::stored(database, "lab"), ElementsAre("9 ada c", "10 eve lab"));
}

TEST_F(FillHistoryTest, ARoomOfAnotherHistoryWithTheSameIdGivesNothing) {
  state_.room_slot(kLabRow).born = kBorn + 1;
  store({line(9, "c")}, kLab, "lab");
  EXPECT_EQ(fill_all().lines, 0U);
  EXPECT_EQ(state_.room_slot(kLabRow).head.next_sequence, 0U);
}

TEST_F(FillHistoryTest, BytesAndTimeHaveLimits) {
  std::vector<archive::Line> many;
  for (std::uint64_t i = 0; i < 100; ++i) many.push_back(line(i, std::string(100, 'x')));
  store(many);
  store(many, kLab, "lab");
  store(many, kDen, "den");
  FillLimits some = limits(100);
  some.default_bytes = 1000;
  some.room_bytes = 2000;
  some.all_bytes = 2500;
  const auto filled = fill(some);
  ASSERT_TRUE(filled);
  EXPECT_LE(state_.room_log().tail(), 1000U);
  EXPECT_GE(state_.room_log().tail(), 800U);
  EXPECT_LE(lab().tail() - lab().oldest(), 2500U - state_.room_log().tail());
  EXPECT_LE(filled->lines, 16U);
  EXPECT_EQ(state_.room_slot(state::RoomIndex{1}).head.next_sequence, 100U);
}

TEST_F(FillHistoryTest, RoomsThatAreLookedAtTooLateAreCountedAndHaveTheirNumbers) {
  store({line(0, "a")});
  store({line(9, "c")}, kLab, "lab");
  FillLimits over = limits();
  over.end = mono_now() - std::chrono::seconds{1};
  const auto filled = fill(over);
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->lines, 0U);
  EXPECT_EQ(filled->skipped, 2U) << "nothing was said in the den";
  EXPECT_EQ(state_.room_slot(kLabRow).head.next_sequence, 10U);
}

TEST_F(FillHistoryTest, ARightToReadFromANumberOnIsTheOffsetOfTheLine) {
  store({line(2, "a"), line(4, "b"), line(6, "c")}, kLab, "lab");
  const state::RuleSlot& all = add_owner(kLab, 1, 0);
  const state::RuleSlot& some = add_owner(kLab, 1, 3);
  const state::RuleSlot& none = add_owner(kLab, 1, 90);
  const state::RuleSlot& unknown = add_owner(kLab, 1, state::kNoNumber);
  const state::RuleSlot& unlimited = add_owner(kLab, 0, 0);
  state_.properties(kLabRow).open_since = 1;
  state_.properties(kLabRow).open_since_number = 5;
  (void)fill_all();
  set_rights(state_);
  std::vector<std::uint64_t> at;
  logs::RecordBuffer buffer;
  logs::for_each_record(
      lab(), buffer, [&](const wire::RecordView&, logs::Offset offset) { at.push_back(offset); });
  ASSERT_EQ(at.size(), 3U);
  EXPECT_EQ(all.since, at[0]);
  EXPECT_EQ(some.since, at[1]);
  EXPECT_EQ(state_.properties(kLabRow).open_since, at[2]);
  EXPECT_EQ(none.since, lab().tail());
  EXPECT_EQ(unknown.since, lab().tail());
  EXPECT_EQ(unlimited.since, 0U);
  EXPECT_EQ(state_.room_slot(kLabRow).head.next_sequence, 90U)
      << "a named number is not said again";
}

TEST_F(FillHistoryTest, WithoutTheDatabaseNumbersBeginWhereNoStoredOneCanBe) {
  store({line(3, "a")});
  (void)fill_all();
  (void)add_owner(kLab, 1, 40);
  const WallTime now{std::chrono::seconds{1'800'000'000}};
  forget_lines(state_, true, now);
  set_rights(state_);
  EXPECT_THAT(lines(state_.room_log()), IsEmpty());
  EXPECT_EQ(state_.next_sequence(), 1'800'000'000U);
  forget_lines(state_, false, now);
  EXPECT_EQ(state_.next_sequence(), 0U);
  EXPECT_EQ(state_.room_slot(kLabRow).head.next_sequence, 40U);
}

}  // namespace
}  // namespace chatd::restore
