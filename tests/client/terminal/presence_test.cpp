// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/presence.hpp"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wire::RecordKind;

constexpr MonoTime kStart{hours{1}};

class PresenceTest : public ::testing::Test {
 protected:
  std::vector<Gathered> add(const Line& line) { return presence_.add(line, now_); }
  std::vector<Gathered> join(std::string_view name) { return add(line_of(RecordKind::join, name)); }
  std::vector<Gathered> leave(std::string_view name) {
    return add(line_of(RecordKind::leave, name));
  }
  // The changes that are gathered, in one room.
  JoinsAndLeaves changes() {
    const auto all = presence_.take_all();
    EXPECT_THAT(all, SizeIs(1));
    return all.empty() ? JoinsAndLeaves{} : all.front().changes;
  }

  Presence presence_;
  MonoTime now_{kStart};
};

Line in_room(Line line, std::string_view room) {
  line.room = {.id = 1, .name = std::string{room}};
  return line;
}

TEST_F(PresenceTest, JoinsLeavesAndCrowdsAreGathered) {
  EXPECT_TRUE(Presence::is_presence(line_of(RecordKind::join, "bob")));
  EXPECT_TRUE(Presence::is_presence(line_of(RecordKind::leave, "bob")));
  EXPECT_TRUE(Presence::is_presence(line_of(RecordKind::crowd, "")));
  EXPECT_FALSE(Presence::is_presence(line_of(RecordKind::kick, "bob")));
  EXPECT_FALSE(Presence::is_presence(said("bob", "hello")));
}

// A text member can have the name of a member with a key, when this one has left.
TEST_F(PresenceTest, ATextMemberIsAnotherOneThanTheMemberWithItsName) {
  Line text = line_of(RecordKind::join, "bob");
  text.text_member = true;
  (void)leave("bob");
  (void)add(text);
  const auto seen = changes();
  EXPECT_THAT(seen.left.names, ElementsAre("bob"));
  EXPECT_THAT(seen.joined.names, ElementsAre("~bob"));
  EXPECT_TRUE(seen.came_back.is_empty());
}

TEST_F(PresenceTest, AreTakenSomeSecondsAfterTheFirst) {
  EXPECT_THAT(join("bob"), IsEmpty());
  now_ += seconds{2};
  EXPECT_THAT(join("cy"), IsEmpty());
  EXPECT_THAT(presence_.take_due(kStart + Presence::kGatheringTime - milliseconds{1}), IsEmpty());
  EXPECT_FALSE(presence_.is_empty());
  const auto due = presence_.take_due(kStart + Presence::kGatheringTime);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_THAT(due[0].changes.joined.names, ElementsAre("bob", "cy"));
  EXPECT_EQ(due[0].time, kFriday);
  EXPECT_TRUE(presence_.is_empty());
}

TEST_F(PresenceTest, TheFirstAndTheLastChangeOfAMemberCount) {
  (void)join("bob");
  (void)leave("cy");
  (void)join("dan");
  (void)leave("DAN");  // the same name
  (void)leave("eve");
  (void)join("eve");
  (void)join("fay");
  (void)leave("fay");
  (void)join("fay");
  const JoinsAndLeaves all = changes();
  EXPECT_THAT(all.joined.names, ElementsAre("bob", "fay"));
  EXPECT_THAT(all.left.names, ElementsAre("cy"));
  EXPECT_THAT(all.joined_and_left.names, ElementsAre("dan"));
  EXPECT_THAT(all.came_back.names, ElementsAre("eve"));
}

TEST_F(PresenceTest, ATextMemberIsMarkedAndAnotherThanOneWithAKey) {
  (void)leave("ada");
  Line text = line_of(RecordKind::join, "ada");
  text.text_member = true;
  (void)add(text);
  const JoinsAndLeaves all = changes();
  EXPECT_THAT(all.left.names, ElementsAre("ada"));
  EXPECT_THAT(all.joined.names, ElementsAre("~ada"));
  EXPECT_TRUE(all.came_back.is_empty());
}

TEST_F(PresenceTest, AJoinAndALeaveWithTheSameKeyAreAChangeOfTheName) {
  const auto with_key = [](Line line, std::uint64_t person) {
    line.person = person;
    return line;
  };
  (void)add(with_key(line_of(RecordKind::join, "eve"), 7));
  (void)add(with_key(line_of(RecordKind::join, "bob"), 5));
  (void)add(with_key(line_of(RecordKind::leave, "ada"), 5));
  (void)add(with_key(line_of(RecordKind::leave, "dan"), 6));
  (void)leave("cy");
  (void)join("fay");
  (void)add(with_key(line_of(RecordKind::leave, "eva"), 7));
  const JoinsAndLeaves all = changes();
  ASSERT_THAT(all.renamed, SizeIs(2));
  EXPECT_EQ(all.renamed[0].before + ' ' + all.renamed[0].name, "ada bob");
  EXPECT_EQ(all.renamed[1].before + ' ' + all.renamed[1].name, "eva eve");
  EXPECT_THAT(all.joined.names, ElementsAre("fay"));
  EXPECT_THAT(all.left.names, ElementsAre("dan", "cy"));
}

TEST_F(PresenceTest, ATextMemberIsNotAMemberWithAnotherName) {
  for (const auto& [kind, name] :
       {std::pair{RecordKind::join, "bob"}, {RecordKind::leave, "ada"}}) {
    Line line = line_of(kind, name);
    line.person = 5;
    line.text_member = true;
    (void)add(line);
  }
  EXPECT_THAT(changes().renamed, IsEmpty());
}

TEST_F(PresenceTest, CrowdsAreAddedToTheMembersWithAName) {
  (void)join("bob");
  (void)add(line_of(RecordKind::crowd, "", std::string{"\x0c\0\0\0\x03\0\0\0", 8}));
  (void)add(line_of(RecordKind::crowd, "", std::string{"\x01\0\0\0\0\0\0\0", 8}));
  (void)add(line_of(RecordKind::crowd, "", "short"));  // no crowd: changes nothing
  const JoinsAndLeaves all = changes();
  EXPECT_THAT(all.joined.names, ElementsAre("bob"));
  EXPECT_EQ(all.joined.others, 13U);
  EXPECT_EQ(all.left.others, 3U);
}

TEST_F(PresenceTest, AnotherLineOfTheRoomTakesOnlyThoseOfItsRoom) {
  (void)join("bob");
  (void)add(in_room(line_of(RecordKind::join, "cy"), "lab"));
  const auto before = presence_.take_before(in_room(said("ada", "hi"), "lab"));
  ASSERT_THAT(before, SizeIs(1));
  EXPECT_EQ(before[0].room.name, "lab");
  EXPECT_THAT(before[0].changes.joined.names, ElementsAre("cy"));
  EXPECT_THAT(changes().joined.names, ElementsAre("bob"));
}

TEST_F(PresenceTest, TheEndOfTheReplayAndANewDayTakeThoseBefore) {
  Line old = line_of(RecordKind::join, "bob");
  old.replay = true;
  (void)add(old);
  const auto replayed = add(in_room(line_of(RecordKind::join, "cy"), "lab"));
  ASSERT_THAT(replayed, SizeIs(1));
  EXPECT_TRUE(replayed[0].replay);
  Line tomorrow = in_room(said("ada", "hi"), "tea");
  tomorrow.time += hours{1};
  EXPECT_THAT(presence_.take_before(tomorrow), SizeIs(1));
  EXPECT_TRUE(presence_.is_empty());
}

TEST_F(PresenceTest, NoTimeZoneHasMidnightWithinALine) {
  Line first = line_of(RecordKind::join, "bob");
  for (const minutes zone : {minutes{0}, minutes{330}, minutes{345}, minutes{-210}}) {
    first.time = WallTime{hours{24 * 20'000} - zone - seconds{1}};
    Line second = line_of(RecordKind::join, "cy");
    second.time = first.time + seconds{1};
    (void)add(first);
    EXPECT_THAT(add(second), SizeIs(1)) << zone.count();
    (void)presence_.take_all();
  }
}

TEST_F(PresenceTest, AHostileServerCannotFillTheMemory) {
  for (std::size_t i = 0; i < 10 * Presence::kMaxNames; ++i) {
    (void)join("joins" + std::to_string(i));
    (void)leave("leaves" + std::to_string(i));
  }
  const JoinsAndLeaves all = changes();
  EXPECT_EQ(all.joined.names.size() + all.left.names.size(), Presence::kMaxNames);
  EXPECT_EQ(all.joined.names.size() + all.joined.others, 10 * Presence::kMaxNames);
  EXPECT_EQ(all.left.names.size() + all.left.others, 10 * Presence::kMaxNames);

  const std::string most{"\xff\xff\xff\xff\xff\xff\xff\xff"};
  for (int i = 0; i < 10; ++i) (void)add(line_of(RecordKind::crowd, "", most));
  EXPECT_EQ(changes().joined.others, 10 * std::uint64_t{UINT32_MAX});

  std::size_t shown = 0;
  for (std::size_t i = 0; i <= Presence::kMaxRooms; ++i) {
    shown += add(in_room(line_of(RecordKind::join, "bob"), std::to_string(i))).size();
  }
  EXPECT_EQ(shown, Presence::kMaxRooms);
  EXPECT_THAT(presence_.take_all(), SizeIs(1));
}

TEST_F(PresenceTest, TimesThatAreNotPossibleAreGathered) {
  for (const WallTime time : {WallTime::min(), WallTime{Micros{-1}}, WallTime::max()}) {
    Line line = line_of(RecordKind::join, "bob");
    line.time = time;
    (void)add(line);
    EXPECT_THAT(add(line), IsEmpty());
    EXPECT_THAT(presence_.take_all(), SizeIs(1));
  }
}

TEST_F(PresenceTest, EndsWithItsRoom) {
  (void)join("bob");
  (void)add(in_room(line_of(RecordKind::join, "cy"), "lab"));
  EXPECT_THAT(presence_.take_of({.id = 1, .name = "tea"}), IsEmpty());
  EXPECT_THAT(presence_.take_of({.id = 1, .name = "lab"}), SizeIs(1));
  EXPECT_THAT(presence_.take_all(), SizeIs(1));
}

}  // namespace
}  // namespace chatd::client
