// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/word_wrap.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "client/terminal/line_view.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::client {
namespace {

TEST(WordWrap, DividesALineAtABlank) {
  EXPECT_EQ(wrapped("12:34 bob: one two three", 20, 6), "12:34 bob: one two\n      three");
  EXPECT_EQ(wrapped("12:34 bob: one twos threes four five", 20, 6),
            "12:34 bob: one twos\n      threes four\n      five");
}

TEST(WordWrap, DoesNotChangeALineThatFits) {
  const std::string line(20, 'x');
  EXPECT_EQ(wrapped(line, 20, 6), line);
  EXPECT_EQ(wrapped("  two  blanks  ", 20, 6), "  two  blanks  ");
  EXPECT_EQ(wrapped("", 20, 6), "");
}

TEST(WordWrap, ALineBreakReplacesAllBlanksBetweenTwoWords) {
  EXPECT_EQ(wrapped("0123456789 01234567    end", 20, 2), "0123456789 01234567\n  end");
  EXPECT_EQ(wrapped("0123456789 0123456789    ", 21, 2), "0123456789 0123456789");
}

TEST(WordWrap, DoesNotDivideInANarrowWindow) {
  const std::string line = "12:34 bob: one two three";
  for (const std::size_t columns : {0U, 1U, 2U, 19U}) EXPECT_EQ(wrapped(line, columns, 6), line);
}

// The terminal divides such a word: in its output it stays one word, which the mouse can select.
TEST(WordWrap, DoesNotDivideAWordThatIsLongerThanARow) {
  const std::string url = "https://example.org/" + std::string(40, 'x');
  EXPECT_EQ(wrapped("see " + url + " there", 30, 6), "see " + url + " there");
  // Its last row has 4 columns, the last word has 26 columns and does not fit behind a blank.
  EXPECT_EQ(wrapped("see " + url + " " + std::string(26, 'y'), 30, 2),
            "see " + url + "\n  " + std::string(26, 'y'));
  // No column is left for it in the first row.
  EXPECT_EQ(wrapped(std::string(30, 'x') + " " + url, 30, 6), std::string(30, 'x') + "\n" + url);
}

TEST(WordWrap, AWordThatFitsIntoAWholeRowGetsASmallerIndent) {
  const std::string word(18, 'x');
  EXPECT_EQ(wrapped("12:34 bob: " + word + " end", 20, 6), "12:34 bob:\n  " + word + "\n      end");
  EXPECT_EQ(wrapped("    " + word, 20, 6), "  " + word) << "no empty row before it";
}

TEST(WordWrap, TheIndentIsAtMostHalfOfTheWindow) {
  EXPECT_EQ(wrapped("one two three four five six", 20, 100),
            "one two three four\n" + std::string(10, ' ') + "five six");
}

TEST(WordWrap, DividesChineseBetweenAnyTwoCharacters) {
  EXPECT_EQ(wrapped("12:34 小明: 今天天气很好我们出去", 20, 6),
            "12:34 小明: 今天天气\n      很好我们出去");
  EXPECT_EQ(wrapped("12:34 小明: 看https://example.org这里", 30, 6),
            "12:34 小明: 看\n      https://example.org这里");
}

TEST(WordWrap, NoRowBeginsWithAClosingMarkOrEndsWithAnOpeningOne) {
  EXPECT_EQ(wrapped("一二三四五六七八九十，好", 20, 2), "一二三四五六七八九\n  十，好");
  EXPECT_EQ(wrapped("一二三四五六七八九（十）", 20, 2), "一二三四五六七八九\n  （十）");
  EXPECT_EQ(wrapped("一二三四五六七八九“十”！", 20, 2), "一二三四五六七八九\n  “十”！");
}

TEST(WordWrap, DoesNotDivideACharacterAndItsMarks) {
  const std::string family = "👩\u200d👩\u200d👧";
  EXPECT_EQ(wrapped("0123456789 012345 " + family, 20, 2), "0123456789 012345\n  " + family);
  const std::string accents = "好\u0301好\u0301";
  EXPECT_EQ(wrapped("0123456789 0123456" + accents, 20, 2),
            "0123456789 0123456好\u0301\n  好\u0301");
}

TEST(WordWrap, ColoursTakeNoColumns) {
  EXPECT_EQ(wrapped("\x1b[2m12:34 \x1b[0m\x1b[38;5;160mbob:\x1b[0m one two three", 20, 6),
            "\x1b[2m12:34 \x1b[0m\x1b[38;5;160mbob:\x1b[0m one two\n      three");
  EXPECT_EQ(wrapped("\x1b[2m" + std::string(20, 'x') + "\x1b[0m", 20, 6),
            "\x1b[2m" + std::string(20, 'x') + "\x1b[0m");
  EXPECT_EQ(wrapped(std::string(20, 'x') + " \x1b[0m", 20, 6), std::string(20, 'x') + "\x1b[0m");
  EXPECT_EQ(wrapped("\x1b[", 20, 6), "\x1b[");
}

// --- properties --------------------------------------------------------------------------

// A line of words, blanks, Chinese, marks, emoji and colours.
std::string some_line(std::mt19937_64& random) {
  static constexpr std::array<std::string_view, 12> kParts{
      " ",        "  ", "a",  "word",    "longer-word", "话",
      "长话短说", "，", "（", "e\u0301", "👩\u200d👧",    "\x1b[1;35m"};
  const auto draw = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  std::string line;
  for (std::size_t parts = draw(80); parts > 0; --parts) {
    if (draw(40) == 0) {
      line += std::string(draw(90), 'u');
    } else {
      line += kParts[draw(kParts.size())];
    }
  }
  return line;
}

std::string without_colours(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() == '\x1b') {
      text.remove_prefix(std::min(text.find('m') + 1, text.size()));
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// The rows are parts of the line in their order; in between there are only blanks.
void expect_same_text(const std::string& given, const std::string& result) {
  const std::string line = without_colours(given);
  std::size_t at = 0;
  for (std::string row : split(without_colours(result), '\n')) {
    at = std::min(line.find_first_not_of(' ', at), line.size());
    row.erase(0, std::min(row.find_first_not_of(' '), row.size()));
    while (row.ends_with(' ')) row.pop_back();
    ASSERT_EQ(line.substr(at, row.size()), row);
    at += row.size();
  }
  EXPECT_EQ(line.find_first_not_of(' ', at), std::string::npos) << "the end is missing";
}

// Every row that is wider than the window has a word that is, too; the terminal divides only this
// word.
void expect_rows_fit(const std::string& result, std::size_t columns) {
  for (const std::string& row : split(without_colours(result), '\n')) {
    if (wire::display_width(row) <= columns) continue;
    bool has_long_word = false;
    std::string before;
    for (const std::string& word : split(row, ' ')) {
      const std::size_t width = wire::display_width(word);
      has_long_word = has_long_word || width > columns;
      const Place end = place_behind(before + word, columns);
      if (width <= columns) {
        EXPECT_EQ(place_of(before + word, before.size(), columns).row, end.row);
      }
      before += word + ' ';
    }
    EXPECT_TRUE(has_long_word) << row;
  }
}

TEST(WordWrap, KeepsTheTextAndTheWidthOfTheWindow) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    std::mt19937_64 random{seed};
    const std::string line = some_line(random);
    const std::size_t columns = kMinWrappedColumns + random() % 80;
    const std::size_t indent = random() % 12;
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", " << columns << " columns: " << line);
    const std::string result = wrapped(line, columns, indent);
    expect_same_text(line, result);
    expect_rows_fit(result, columns);
    ASSERT_FALSE(HasFailure());
  }
}

// A hostile server can send long lines.
TEST(WordWrap, AVeryLongLineKeepsItsText) {
  for (const std::string_view part : {" ", "a ", "话", "\u0301", "\u200d", "（", "x"}) {
    std::string line;
    while (line.size() < 20'000) line += part;
    expect_same_text(line, wrapped(line, 80, 6));
  }
}

}  // namespace
}  // namespace chatd::client
