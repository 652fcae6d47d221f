// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toml/document.hpp"

#include <gmock/gmock.h>

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Entry> entries_of(std::string_view toml) {
  auto entries = read_document(toml);
  EXPECT_TRUE(entries.has_value()) << toml;
  return entries ? *std::move(entries) : std::vector<Entry>{};
}

std::vector<std::string> described(std::string_view toml) {
  std::vector<std::string> lines;
  for (const Entry& entry : entries_of(toml)) {
    lines.push_back(std::to_string(entry.value.line) + " " + entry.key() + " " +
                    describe(entry.value));
  }
  return lines;
}

TEST(Document, ReturnsEveryEntryWithItsLineInFileOrder) {
  EXPECT_THAT(described("top = 1\n"
                        "[text]\n"
                        "language = \"zh\"\n"
                        "\n"
                        "enabled = true\n"
                        "[limits]\n"
                        "messages_per_second = 2.5 # slow\n"),
              ElementsAre("1 top an integer (1)", "3 text.language a string (\"zh\")",
                          "5 text.enabled a boolean (true)",
                          "7 limits.messages_per_second a number (2.5)"));
}

TEST(Document, DottedKeysAndInlineTablesEqualTables) {
  EXPECT_THAT(described("limits.burst = 3\nroom = {ring_bytes = 65536}\n"),
              ElementsAre("1 limits.burst an integer (3)", "2 room.ring_bytes an integer (65536)"));
}

TEST(Document, ElementsOfAListHaveTheirOwnLines) {
  const auto entries = entries_of("[network]\nlisten = [\n  \"a\",\n  7,\n]\n");
  ASSERT_EQ(entries.size(), 1U);
  const auto* list = std::get_if<Value::List>(&entries[0].value.content);
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->at(0).line, 3U);
  EXPECT_EQ(list->at(1).line, 4U);
}

TEST(Document, AValueThatNoSettingTakesIsNamed) {
  EXPECT_THAT(
      described("a = 2026-11-20\nb = [[1]]\n[c.d]\n[[e]]\n"),
      ElementsAre("1 a a date or time", "2 b a list", "3 c.d a table", "4 e a list of tables"));
}

TEST(Document, AnEmptyTableIsAnEntryWithoutAName) {
  const auto entries = entries_of("[limits]\n");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].table, "limits");
  EXPECT_EQ(entries[0].name, "");
  EXPECT_EQ(entries[0].key(), "limits");
}

TEST(Document, TablesInsideOfTablesAreReadUpToTheDepth) {
  const std::string_view toml = "top = 1\n[a]\nb = 2\n[a.c]\nd = 3\n[a.\"e.f\"]\n[a.c.g]\nh = 4\n";
  const auto read = read_document(toml, 2);
  ASSERT_TRUE(read.has_value());
  std::vector<std::string> lines;
  for (const Entry& entry : *read) {
    lines.push_back(entry.table + "|" + entry.name + " " + describe(entry.value));
  }
  EXPECT_THAT(lines, ElementsAre("|top an integer (1)", "a|b an integer (2)",
                                 "a.c|d an integer (3)", "a.\"e.f\"| a table", "a.c|g a table"));
}

TEST(Document, AKeyWithADotInItKeepsItsQuotes) {
  EXPECT_THAT(described("\"limits.burst\" = 1\n\"a\\nb\" = 2\n\"\" = 3\n"),
              ElementsAre("1 \"limits.burst\" an integer (1)", "2 \"a\\u000Ab\" an integer (2)",
                          "3 \"\" an integer (3)"));
}

TEST(Document, LongKeysAndStringsAreCutBetweenCharacters) {
  std::string umlauts;
  for (int i = 0; i < 50; ++i) umlauts += "ä";
  const auto lines = described(std::string(200, 'k') + " = \"x" + umlauts + "\"");
  ASSERT_EQ(lines.size(), 1U);
  std::string shown;
  for (int i = 0; i < 29; ++i) shown += "ä";
  EXPECT_EQ(lines[0], "1 " + std::string(60, 'k') + "... a string (\"x" + shown + "...\")");
}

TEST(Document, ASyntaxErrorHasItsLine) {
  const auto broken = read_document("[limits]\nburst = 20\nsessions = = 3\n");
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().line, 3U);
  EXPECT_FALSE(broken.error().why.empty());
}

TEST(Document, ADuplicateKeyIsASyntaxErrorOnTheSecondLine) {
  const auto twice = read_document("[limits]\nburst = 20\nburst = 30\n");
  ASSERT_FALSE(twice.has_value());
  EXPECT_EQ(twice.error().line, 3U);
  EXPECT_THAT(twice.error().why, HasSubstr("cannot redefine existing integer 'burst'"));
}

TEST(Document, BytesThatAreNotUtf8AreASyntaxError) {
  const auto broken = read_document("a = 1\nb = \"\xff\xfe\"\n");
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().line, 2U);
}

TEST(Document, TheReasonOfASyntaxErrorIsOneShortLine) {
  for (const std::string& toml :
       {std::string{"a = f\x01\n"}, std::string{"a = \"x\ny\""},
        std::string(5000, 'k') + " = 1\n" + std::string(5000, 'k') + "=2"}) {
    const auto broken = read_document(toml);
    ASSERT_FALSE(broken.has_value());
    EXPECT_LT(broken.error().why.size(), 320U);
    EXPECT_THAT(broken.error().why, testing::Each(testing::Ge(' ')));
  }
}

TEST(Document, BrokenTableHeadersAreSyntaxErrors) {
  // toml++ asserts that these do not occur.
  for (const std::string_view toml : {"[.a]", "[=]", "[,]", "[\n]", "[[.]]", "[\x01]", "["}) {
    EXPECT_FALSE(read_document(toml).has_value()) << toml;
  }
}

TEST(Document, LettersOutsideOfStringsAreSyntaxErrors) {
  // toml++ declares these unreachable.
  for (const std::string_view toml : {"a = ä", "ä = 1", "a = 1ä", "ключ = 1", "a＝1", "“a” = 1"}) {
    EXPECT_FALSE(read_document(toml).has_value()) << toml;
  }
  const auto entries = entries_of("'ä' = \"\"\"\\\n  ключ\"\"\" # ä\n");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].name, "\"ä\"");
  EXPECT_EQ(std::get<std::string>(entries[0].value.content), "ключ");
}

TEST(Document, AQuotedStringIsReadBack) {
  const std::string nasty = "a\"b\\c\n\t\x01\x7f\xc2\x9b — ü";
  const auto entries = entries_of("text = " + quote(nasty));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(std::get<std::string>(entries[0].value.content), nasty);
}

}  // namespace
}  // namespace chatd::config
