// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/text_protocol.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

TextCommand decode(std::string_view datagram) {
  return decode_text(std::as_bytes(std::span{datagram}));
}

void expect_command(std::string_view datagram, TextVerb verb, std::string_view argument) {
  const TextCommand command = decode(datagram);
  EXPECT_EQ(command.verb, verb) << datagram;
  EXPECT_EQ(command.argument, argument) << datagram;
}

TEST(DecodeText, TakesTheThreeVerbs) {
  expect_command("L ada", TextVerb::login, "ada");
  expect_command("C hello there", TextVerb::chat, "hello there");
  expect_command("Q ada", TextVerb::quit, "ada");
}

TEST(DecodeText, TakesAVerbWithoutArgument) {
  expect_command("L", TextVerb::login, "");
  expect_command("C", TextVerb::chat, "");
  expect_command("Q", TextVerb::quit, "");
  expect_command("C ", TextVerb::chat, "");
}

TEST(DecodeText, CutsBlanksAroundANameButKeepsThemInAMessage) {
  expect_command("L  \t ada \t", TextVerb::login, "ada");
  expect_command("L a b", TextVerb::login, "a b");
  expect_command("L \t ", TextVerb::login, "");
  expect_command("C   hello  ", TextVerb::chat, "  hello  ");
}

TEST(DecodeText, CutsEveryLineEndBehind) {
  expect_command("L ada\n", TextVerb::login, "ada");
  expect_command("C hello\r\n", TextVerb::chat, "hello");
  expect_command("Q\r\n\n", TextVerb::quit, "");
  expect_command("C one\ntwo\n", TextVerb::chat, "one\ntwo");
}

TEST(DecodeText, ReportsWhetherTheClientWorksByLines) {
  EXPECT_TRUE(decode("L ada\n").newline);
  EXPECT_TRUE(decode("L ada\r\n").newline);
  EXPECT_FALSE(decode("L ada").newline);
  EXPECT_FALSE(decode("L ada\r").newline);
  EXPECT_TRUE(decode("nonsense\n").newline);
}

TEST(DecodeText, TakesTheCommandsOfClientsInUse) {
  for (const std::string word : {"l", "LOGIN"}) {
    expect_command(word + " ada", TextVerb::login, "ada");
    EXPECT_FALSE(decode(word).documented);
  }
  for (const std::string word : {"c", "CHAT"}) {
    expect_command(word + " ada  hello ", TextVerb::chat, "ada  hello ");
  }
  for (const std::string word : {"q", "QUIT", "EXIT", "E"}) {
    expect_command(word + " ada ", TextVerb::quit, "ada");
    expect_command(word, TextVerb::quit, "");
  }
  EXPECT_TRUE(decode("L ada").documented);
}

TEST(DecodeText, AnythingElseIsMalformed) {
  for (const std::string_view datagram :
       {"", "\n", "Lada", "Qada", " L ada", "L\tada", "X", "login ada", "Exit", "exit", "quit", "e",
        "LO", "hello"}) {
    EXPECT_EQ(decode(datagram).verb, TextVerb::malformed) << datagram;
  }
}

TEST(DecodeText, LinesAndBeginningsOfCommandsAreText) {
  const auto text = [](std::string_view datagram) {
    return is_text(std::as_bytes(std::span{datagram}));
  };
  for (const std::string_view datagram : {"L", "Cx", "hello\n", "你好\n", "/quit\n", "q"}) {
    EXPECT_TRUE(text(datagram)) << datagram;
  }
  for (const std::string_view datagram :
       {"", "\n", "hello", "\x80hello\n", "\xc0\n", "\xc1\n", "\x1b[2J\n", "你好"}) {
    EXPECT_FALSE(text(datagram)) << datagram;
  }
}

TEST(AsksToLeave, QAlwaysLeavesAndOtherWordsOnlyAloneOrWithTheOwnName) {
  for (const std::string_view datagram :
       {"Q", "Q bob", "Q ada quit", "q", "QUIT ada", "EXIT", "E ada", "QUIT ada quit", "Qada"}) {
    EXPECT_TRUE(asks_to_leave(decode(datagram), "ada")) << datagram;
  }
  for (const std::string_view datagram : {"EXIT bob", "E is a letter", "QUIT smoking", "Qbob",
                                          "Qadam", "Quit", "C Q", "L ada", "hello"}) {
    EXPECT_FALSE(asks_to_leave(decode(datagram), "ada")) << datagram;
  }
}

TEST(DecodeText, BorrowsFromTheDatagram) {
  const std::string datagram = "C hello";
  EXPECT_EQ(decode(datagram).argument.data(), datagram.data() + 2);
}

TEST(StripOwnName, LeavesTheMessage) {
  EXPECT_EQ(strip_own_name("ada hello there", "ada"), "hello there");
  EXPECT_EQ(strip_own_name("小明 你好", "小明"), "你好");
}

TEST(StripOwnName, AnEmptyMessageIsEmpty) {
  EXPECT_EQ(strip_own_name("ada", "ada"), "");
  EXPECT_EQ(strip_own_name("ada ", "ada"), "");
}

TEST(StripOwnName, KeepsTheBlanksOfTheMessage) {
  EXPECT_EQ(strip_own_name("ada  hello ", "ada"), " hello ");
}

TEST(StripOwnName, RefusesTextThatDoesNotStartWithTheName) {
  for (const std::string_view argument :
       {"", "hello", "adam hello", "Ada hello", " ada hello", "ad", "bob ada"}) {
    EXPECT_EQ(strip_own_name(argument, "ada"), std::nullopt) << argument;
  }
}

TEST(StripOwnName, KnowsTheNameInAnotherNormalForm) {
  EXPECT_EQ(strip_own_name("e\u0301milie salut", "\u00e9milie"), "salut");
  EXPECT_EQ(strip_own_name("\u1112\u1161\u11ab hi", "\ud55c"), "hi");
  EXPECT_EQ(strip_own_name("\u00e8milie salut", "\u00e9milie"), std::nullopt);
}

TEST(StripOwnName, BytesThatAreNotUtf8MatchNoName) {
  EXPECT_EQ(strip_own_name("\xff\xfe hello", "ada"), std::nullopt);
  EXPECT_EQ(strip_own_name(std::string(5000, '\xcc') + " x", "\u00e9"), std::nullopt);
}

}  // namespace
}  // namespace chatd::wire
