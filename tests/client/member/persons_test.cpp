// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/persons.hpp"

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

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
