// SPDX-License-Identifier: GPL-3.0-or-later
// Typed lines about the owned name.
#include <gtest/gtest.h>

#include "client/terminal/input.hpp"

namespace chatd::client {
namespace {

TEST(OwnInput, IsTheLineThatSendsIt) {
  for (const char* line : {"/own", "/own add", "/own keys", "/own release", "/own drop SHA256:abc",
                           "/own 0123-4567-89ab-cdef"}) {
    const Input input = parse_input(line);
    ASSERT_TRUE(std::holds_alternative<OwnOrder>(input)) << line;
    EXPECT_EQ(as_typed(std::get<OwnOrder>(input)), line);
  }
}

TEST(OwnInput, ACodeMayHaveBlanksAndCapitals) {
  for (const char* line : {"/own 0123 4567 89AB CDEF", "/own 0123456789abcdef"}) {
    EXPECT_EQ(parse_input(line),
              (Input{OwnOrder{.act = wire::OwnAct::use, .code = 0x0123'4567'89AB'CDEF}}))
        << line;
  }
}

TEST(OwnInput, OtherWordsAreNoRequest) {
  for (const char* line : {"/own ad", "/own drop", "/own drop a b", "/own add x", "/own 0123",
                           "/own add 0123456789abc"}) {
    EXPECT_TRUE(std::holds_alternative<Incomplete>(parse_input(line))) << line;
  }
}

TEST(OwnInput, AnAnswerIsShownAsItWasTyped) {
  EXPECT_EQ(as_typed(OwnOrder{.act = wire::OwnAct::answer, .yes = true, .key = "x"}), "yes");
  EXPECT_EQ(as_typed(OwnOrder{.act = wire::OwnAct::answer, .key = "x"}), "no");
}

}  // namespace
}  // namespace chatd::client
