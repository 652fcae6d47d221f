// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/named_person.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

std::string written(std::string_view name, std::uint64_t person) {
  std::array<char, kMaxNamedBytes> out{};
  return std::string{write_named({.name = name, .person = person}, out)};
}

TEST(NamedPerson, IsReadAsItWasWritten) {
  const std::string longest(kMaxNameBytes, 'x');
  for (const std::string& name : {std::string{"bob"}, std::string{"小明"}, longest}) {
    for (const std::uint64_t person : {std::uint64_t{1}, std::uint64_t{0xFEDC'BA98'7654'3210}}) {
      const std::string text = written(name, person);
      EXPECT_EQ(text.size(), name.size() + kPersonBytes);
      EXPECT_EQ(read_named(text).name, name);
      EXPECT_EQ(read_named(text).person, person);
    }
  }
  EXPECT_EQ(written("bob", 0xAB), "bob\t00000000000000ab");
}

TEST(NamedPerson, TheHighestBitIsThatOfATextSession) {
  EXPECT_FALSE(is_text_person(0));
  EXPECT_FALSE(is_text_person(0x7FFF'FFFF'FFFF'FFFF));
  EXPECT_TRUE(is_text_person(0x8000'0000'0000'0000));
  EXPECT_TRUE(is_text_person(read_named("bob\tfedcba9876543210").person));
}

TEST(NamedPerson, ANameAloneIsWhoeverHasIt) {
  EXPECT_EQ(written("bob", 0), "bob");
  EXPECT_EQ(read_named("bob").name, "bob");
  EXPECT_EQ(read_named("bob").person, 0U);
}

TEST(NamedPerson, AnotherFormIsAName) {
  for (const std::string text :
       {"", "\t00000000000000ab", "bob\t0000000000000ab", "bob\t00000000000000aG",
        "bob\t00000000000000AB", "bob 00000000000000ab", "bob\taway"}) {
    EXPECT_EQ(read_named(text).name, text);
    EXPECT_EQ(read_named(text).person, 0U);
  }
}

}  // namespace
}  // namespace chatd::wire
