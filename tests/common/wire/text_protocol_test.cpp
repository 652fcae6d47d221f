// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text_protocol.hpp"

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

TEST(DecodeText, TellsWhetherTheClientMindsLines) {
  EXPECT_TRUE(decode("L ada\n").newline);
  EXPECT_TRUE(decode("L ada\r\n").newline);
  EXPECT_FALSE(decode("L ada").newline);
  EXPECT_FALSE(decode("L ada\r").newline);
  EXPECT_TRUE(decode("nonsense\n").newline);
}

TEST(DecodeText, AnythingElseIsMalformed) {
  for (const std::string_view datagram : {"", "\n", "l ada", "c hi", "q", "LOGIN ada", "Lada",
                                          "Qada", " L ada", "L\tada", "CHAT hi", "X"}) {
    EXPECT_EQ(decode(datagram).verb, TextVerb::malformed) << datagram;
  }
}

TEST(DecodeText, TheFirstByteDecidesWhetherItIsText) {
  for (int value = 0; value < 256; ++value) {
    const bool expected = value == 'L' || value == 'C' || value == 'Q';
    EXPECT_EQ(is_text(static_cast<std::byte>(value)), expected) << value;
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

TEST(StripOwnName, RefusesWhatDoesNotStartWithTheName) {
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

TEST(StripOwnName, BytesThatAreNotUtf8AreNobody) {
  EXPECT_EQ(strip_own_name("\xff\xfe hello", "ada"), std::nullopt);
  EXPECT_EQ(strip_own_name(std::string(5000, '\xcc') + " x", "\u00e9"), std::nullopt);
}

}  // namespace
}  // namespace chatd::wire
