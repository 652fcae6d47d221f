// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/persons.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/native/named_person.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MemberPersons, TheLastOneUnderANameIsKnown) {
  Persons persons;
  EXPECT_EQ(persons.of("bob"), 0U);
  persons.note("bob", 1);
  persons.note("BOB", 2);
  persons.note("bob", 0);
  EXPECT_EQ(persons.of("Bob"), 2U);
}

TEST(MemberPersons, AListIsReportedWithoutTheirNumbers) {
  Persons persons;
  const std::string rest = persons.take_from(
      "ada\t0000000000000001\nbob\t0000000000000002\taway\ncyd\ndan\taway\n"
      "eve\t00000000000000xy\tnew");
  EXPECT_EQ(rest, "ada\nbob\taway\ncyd\ndan\taway\neve\t00000000000000xy\tnew");
  EXPECT_EQ(persons.of("ada"), 1U);
  EXPECT_EQ(persons.of("bob"), 2U);
  EXPECT_EQ(persons.of("cyd"), 0U);
  EXPECT_EQ(persons.take_from(""), "");
}

constexpr std::uint64_t kText = wire::kTextPerson;

// "bob" for a name that belongs to another key, "~bob" for one that belongs to none.
std::vector<std::string> changes(Persons& persons) {
  std::vector<std::string> names;
  for (const OtherPerson& change : persons.take_changes()) {
    names.push_back((change.has_key ? "" : "~") + change.name);
  }
  return names;
}

TEST(MemberPersons, AnotherKeyUnderANameIsAChange) {
  Persons persons;
  persons.note("bob", 1);
  persons.note("Bob", 1);
  EXPECT_THAT(changes(persons), IsEmpty());
  persons.note("BOB", 2);
  EXPECT_THAT(changes(persons), ElementsAre("BOB"));
  persons.note("bob", 2);
  persons.note("cyd", 1);
  EXPECT_THAT(changes(persons), IsEmpty());
}

constexpr WallTime kFriday{std::chrono::seconds{1'795'216'504}};

TEST(MemberPersons, AUserOfAnEarlierRunIsTheOneThatCommandsAreFor) {
  Persons persons;
  persons.learn({.name = "Bob", .person = 1, .time = kFriday});
  EXPECT_EQ(persons.of("bob"), 1U);
  persons.note("bob", 1);
  EXPECT_THAT(changes(persons), IsEmpty());
}

TEST(MemberPersons, AChangeSinceAnEarlierRunHasItsTime) {
  Persons persons;
  persons.learn({.name = "bob", .person = 1, .time = kFriday});
  persons.learn({.name = "cyd", .person = 1, .time = kFriday});
  persons.note("bob", 2);
  persons.note("cyd", 1);  // seen in this run, too
  persons.note("cyd", 3);
  const auto taken = persons.take_changes();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].last_seen, kFriday);
  EXPECT_EQ(taken[0].person, 2U);
  EXPECT_EQ(taken[1].last_seen, WallTime{});
}

TEST(MemberPersons, ATextMemberUnderTheNameOfAnEarlierKeyIsAChange) {
  Persons persons;
  persons.learn({.name = "bob", .person = 1, .time = kFriday});
  persons.note_text_member("bob");
  const auto taken = persons.take_changes();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_FALSE(taken.front().has_key);
  EXPECT_EQ(taken.front().last_seen, kFriday);
}

TEST(MemberPersons, ATextMemberUnderTheNameOfAKeyIsAChangeOnce) {
  Persons persons;
  persons.note("bob", 1);
  persons.note("bob", kText + 1);
  EXPECT_THAT(changes(persons), ElementsAre("~bob"));
  EXPECT_TRUE(persons.is_text_member("Bob"));
  EXPECT_EQ(persons.of("bob"), kText + 1);
  persons.note("bob", kText + 2);  // each session has another number
  EXPECT_THAT(changes(persons), IsEmpty());
  persons.note("bob", 1);
  EXPECT_THAT(changes(persons), IsEmpty()) << "it is the first one again";
  EXPECT_FALSE(persons.is_text_member("bob"));
  persons.note("bob", kText + 3);
  EXPECT_THAT(changes(persons), ElementsAre("~bob"));
}

// Else a text session in between would hide the change.
TEST(MemberPersons, TheKeyStaysKnownWhileTextMembersHaveTheName) {
  Persons persons;
  persons.note("bob", 1);
  persons.note("bob", kText + 1);
  (void)persons.take_changes();
  persons.note("bob", 2);
  EXPECT_THAT(changes(persons), ElementsAre("bob"));
  persons.sent(1, "bob", 0);
  persons.refused(1);  // the person is forgotten, the key is not
  persons.note("bob", 3);
  EXPECT_THAT(changes(persons), ElementsAre("bob"));
}

TEST(MemberPersons, ANameOfTextMembersOnlyIsNobodys) {
  Persons persons;
  persons.note("tex", kText + 1);
  persons.note("tex", kText + 2);
  persons.note("tex", 1);
  EXPECT_THAT(changes(persons), IsEmpty());
}

// Its join may only have been counted.
TEST(MemberPersons, AMessageShowsATextMember) {
  Persons persons;
  persons.note_text_member("bob");
  EXPECT_FALSE(persons.is_text_member("bob")) << "a name that is not known is not kept";
  persons.note("bob", 1);
  persons.note_text_member("BOB");
  EXPECT_THAT(changes(persons), ElementsAre("~BOB"));
  EXPECT_EQ(persons.of("bob"), 0U);
  persons.note_text_member("bob");
  persons.note("bob", kText + 1);
  EXPECT_THAT(changes(persons), IsEmpty()) << "it was reported";
}

TEST(MemberPersons, ManyChangesAreCounted) {
  Persons persons;
  for (std::uint64_t person : {1U, 2U}) {
    for (int i = 0; i < 1000; ++i) persons.note("user" + std::to_string(i), person);
  }
  const auto taken = persons.take_changes();
  ASSERT_EQ(taken.size(), Persons::kMaxChanges);
  EXPECT_EQ(taken.front().others, 0U);
  EXPECT_EQ(taken.back().others, 1000 - Persons::kMaxChanges);
  EXPECT_THAT(persons.take_changes(), IsEmpty());
}

TEST(MemberPersons, AListSaysWhoIsATextMember) {
  Persons persons;
  EXPECT_EQ(persons.take_from("ada\t0000000000000001\nbob\t8000000000000002\taway\n"
                              "cyd\t8000000000000003"),
            "ada\nbob\ttext\taway\ncyd\ttext");
}

TEST(MemberPersons, ARefusedCommandForgetsThePersonOfItsName) {
  Persons persons;
  persons.note("bob", 1);
  persons.note("cyd", 2);
  persons.sent(5, "bob", 0);
  persons.sent(6, "cyd", 5);
  persons.refused(5);
  EXPECT_EQ(persons.of("bob"), 0U);
  EXPECT_EQ(persons.of("cyd"), 2U);
  persons.note("bob", 3);
  persons.sent(7, "bob", 6);
  persons.note("BOB", 4);  // seen before the refusal arrives
  persons.refused(7);
  EXPECT_EQ(persons.of("bob"), 4U);
  persons.sent(9, "ada", 9);
  persons.refused(6);  // it was answered before
  EXPECT_EQ(persons.of("cyd"), 2U);
}

TEST(ReplayedTextMembers, TheLastRecordOfANameInItsRoomCounts) {
  ReplayedTextMembers members;
  members.note(1, "Tex", true);
  EXPECT_FALSE(members.take(2, "tex"));
  EXPECT_TRUE(members.take(1, "tex"));
  EXPECT_FALSE(members.take(1, "tex"));
  members.note(1, "tex", true);
  members.note(1, "TEX", false);
  EXPECT_FALSE(members.take(1, "tex"));
}

TEST(ReplayedTextMembers, AServerCannotMakeThemMoreThanTheLimit) {
  ReplayedTextMembers members;
  const auto name = [](std::size_t i) { return std::to_string(i); };
  constexpr std::size_t kMax = ReplayedTextMembers::kMaxNames;
  for (std::size_t i = 0; i < 2 * kMax; ++i) members.note(1, name(i), true);
  EXPECT_TRUE(members.take(1, name(kMax - 1)));
  EXPECT_FALSE(members.take(1, name(kMax)));
}

TEST(MemberPersons, AServerCannotMakeItKeepNamesWithoutAnEnd) {
  Persons persons;
  constexpr std::size_t kNames = 2 * Persons::kMaxPersons;
  for (std::size_t i = 0; i < kNames; ++i) {
    persons.note(std::to_string(i), 1);
    ASSERT_EQ(persons.of(std::to_string(i)), 1U) << "the new one is known";
  }
  std::size_t known = 0;
  for (std::size_t i = 0; i < kNames; ++i) known += persons.of(std::to_string(i));
  EXPECT_EQ(known, Persons::kMaxPersons);
}

}  // namespace
}  // namespace chatd::client
