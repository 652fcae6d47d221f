// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/member_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;

UserRow row(std::string name, bool is_away = false) {
  return {.name = std::move(name), .is_away = is_away};
}

TEST(MemberList, IsSortedAndHasEachPartOfTheAnswer) {
  MemberList list{"lab"};
  EXPECT_TRUE(std::holds_alternative<AskPrograms>(MemberList::begin()));
  const auto question = list.take(ProgramList{.list = "1\there\t0\t0\tthis\n2\tthere\t0\t0"});
  EXPECT_EQ(std::get<AskUsers>(question.value()), AskUsers{"lab"});
  EXPECT_FALSE(list.take(users("carol\tfar\nbob\taway", true), "ada"));
  EXPECT_THAT(list.take(users("ada\n\n小明"), "ada").value(),
              ElementsAre(row("ada"), row("bob", true), row("carol"), row("小明")));
}

TEST(MemberList, LeavesTheProgramThatAsksOut) {
  MemberList list{""};
  EXPECT_FALSE(list.take(ProgramList{.list = "1\there", .more = true}));
  ASSERT_TRUE(list.take(ProgramList{}));
  EXPECT_THAT(list.take(users("Ada\nbob"), "ada").value(), ElementsAre(row("bob")));
}

TEST(MemberList, LeavesItOutOnAServerThatDoesNotKnowPrograms) {
  MemberList list{""};
  ASSERT_TRUE(list.take(ProgramList{.code = "unknown_command", .text = "No."}));
  EXPECT_THAT(list.take(users("ada"), "ada").value(), ElementsAre());
}

TEST(MemberList, IsOneLineForEachMember) {
  EXPECT_EQ(as_text({row("bob", true), row("c\x1b[2J")}, wire::Language::en),
            "bob (away)\nc\\x1b[2J\n");
  EXPECT_EQ(as_text({row("bob", true)}, wire::Language::zh), "bob （离开）\n");
  EXPECT_EQ(as_text({}, wire::Language::en), "");
}

}  // namespace
}  // namespace chatd::client
