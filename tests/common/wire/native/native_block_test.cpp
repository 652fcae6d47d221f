// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_block.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/wire/native/native_command.hpp"

namespace chatd::wire {
namespace {

std::string text_of(const BlockRequest& request) {
  const auto bytes = as_argument(request);
  return {bytes.data(), bytes.size()};
}

TEST(NativeBlock, ARequestIsReadAsItWasWritten) {
  for (const BlockRequest& request :
       {BlockRequest{.act = BlockAct::add}, BlockRequest{.act = BlockAct::remove},
        BlockRequest{.act = BlockAct::list, .from = {}, .place = 7},
        BlockRequest{.act = BlockAct::accept, .from = DirectFrom::owned},
        BlockRequest{.act = BlockAct::accept, .from = DirectFrom::unset}}) {
    EXPECT_EQ(read_block(text_of(request)), request);
  }
}

TEST(NativeBlock, ARequestWithAnImpossibleValueIsNone) {
  EXPECT_FALSE(read_block(""));
  EXPECT_FALSE(read_block(text_of({.act = BlockAct::add}) + "x"));
  EXPECT_FALSE(read_block(text_of({})));
  EXPECT_FALSE(read_block(text_of({.act = BlockAct{5}})));
  EXPECT_FALSE(read_block(text_of({.act = BlockAct::add, .from = DirectFrom::owned})));
  EXPECT_FALSE(read_block(text_of({.act = BlockAct::add, .from = {}, .place = 1})));
  EXPECT_FALSE(read_block(text_of({.act = BlockAct::accept, .from = DirectFrom{4}})));
}

TEST(NativeBlock, EachValueOfDirectFromHasAName) {
  for (const DirectFrom from :
       {DirectFrom::unset, DirectFrom::anyone, DirectFrom::same_room, DirectFrom::owned}) {
    EXPECT_FALSE(name_of(from).empty());
    EXPECT_EQ(direct_from_of(name_of(from)), from);
  }
  EXPECT_EQ(name_of(DirectFrom::same_room), "same-room");
  EXPECT_EQ(name_of(DirectFrom{4}), "");
  EXPECT_FALSE(direct_from_of(""));
  EXPECT_FALSE(direct_from_of("nobody"));
}

TEST(NativeBlock, ALineOfTheListHasAUser) {
  EXPECT_EQ(read_blocked("bob\t00000000000000ab\t1700000000"),
            (BlockedUser{.name = "bob", .person = 0xAB, .since = 1'700'000'000}));
  EXPECT_FALSE(read_blocked(""));
  EXPECT_FALSE(read_blocked("bob"));
  EXPECT_FALSE(read_blocked("bob\t1700000000"));
  EXPECT_FALSE(read_blocked("bob\t00000000000000ab\t"));
  EXPECT_FALSE(read_blocked("bob\t00000000000000ab\t17x"));
  EXPECT_FALSE(read_blocked("bob\t00000000000000ab\t-17"));
  EXPECT_FALSE(read_blocked("\t00000000000000ab\t17"));
  EXPECT_FALSE(read_blocked(std::string(65, 'x') + "\t00000000000000ab\t17"));
}

}  // namespace
}  // namespace chatd::wire
