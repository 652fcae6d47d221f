// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/drawn_line.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client/terminal/line_view.hpp"

namespace chatd::client {
namespace {

// A simulated terminal without colours and wide characters. It wraps after the last column.
class Grid {
 public:
  explicit Grid(std::size_t columns) : columns_{columns} {}

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const char c = bytes.front();
      bytes.remove_prefix(1);
      if (c == '\x1b') {
        carry_out(bytes);
      } else if (c == '\r') {
        column_ = 0;
      } else if (c == '\b') {
        --column_;
      } else if (c == '\n') {  // with a carriage return, which the kernel adds
        ++row_;
        column_ = 0;
      } else {
        put(c);
      }
    }
  }
  // The text of all rows, without blanks at the ends of rows and without empty rows at the end.
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const std::string& row : rows_) {
      all += row.substr(0, row.find_last_not_of(' ') + 1) + '\n';
    }
    return all.substr(0, all.find_last_not_of('\n') + 1);
  }
  [[nodiscard]] Place cursor() const { return {row_, column_}; }

 private:
  void put(char c) {
    if (column_ == columns_) {
      ++row_;
      column_ = 0;
    }
    row()[column_++] = c;
  }
  std::string& row() {
    while (rows_.size() <= row_) rows_.emplace_back(columns_, ' ');
    return rows_[row_];
  }
  void carry_out(std::string_view& bytes) {
    bytes.remove_prefix(1);  // [
    std::size_t number = 0;
    for (; bytes.front() >= '0' && bytes.front() <= '9'; bytes.remove_prefix(1)) {
      number = number * 10 + static_cast<std::size_t>(bytes.front() - '0');
    }
    const char what = bytes.front();
    bytes.remove_prefix(1);
    const std::size_t steps = std::max<std::size_t>(number, 1);
    if (what == 'A') row_ -= std::min(steps, row_);
    if (what == 'B') row_ += steps;
    if (what == 'C') column_ = std::min(column_ + steps, columns_ - 1);
    if (what != 'J' && what != 'K') return;
    row().replace(std::min(column_, columns_ - 1), columns_, columns_, ' ');
    row().resize(columns_);
    if (what == 'J') rows_.resize(row_ + 1);
  }

  std::size_t columns_;
  std::size_t row_{0};
  std::size_t column_{0};
  std::vector<std::string> rows_;
};

DrawnText view(std::string_view text, std::size_t point, const Window& window) {
  return view_of({.prompt = "> ", .text = text, .point = point, .mark = "[...] "}, window);
}

TEST(DrawnLine, WritesOnlyTheChange) {
  DrawnLine line{false};
  const Window window{.columns = 20, .rows = 24};
  EXPECT_EQ(line.draw(view("", 0, window), 20), ">  \b");
  EXPECT_EQ(line.draw(view("a", 1, window), 20), "a \b");
  EXPECT_EQ(line.draw(view("ab", 2, window), 20), "b \b");
  EXPECT_EQ(line.draw(view("ab", 1, window), 20), "\b");
  EXPECT_EQ(line.draw(view("a", 1, window), 20), "\x1b[J \b");
  EXPECT_EQ(line.draw(view("a", 1, window), 20), "");
}

TEST(DrawnLine, RedrawsACharacterIfItsAccentIsRemoved) {
  DrawnLine line{false};
  (void)line.draw({"> xe\u0301", 6}, 20);
  EXPECT_EQ(line.draw({"> xe", 4}, 20), "\b\x1b[Je");
  EXPECT_EQ(line.draw({"> xe\u0301", 6}, 20), "\b\x1b[Je\u0301");
}

TEST(DrawnLine, WipesAllRowsOfTheLineInANewWindow) {
  const std::string text = "> " + std::string(50, 'x');
  const auto wiped = [&](bool keeps_rows, std::size_t columns) {
    DrawnLine line{keeps_rows};
    (void)line.draw({text, text.size()}, 30);
    return line.wipe(columns);
  };
  EXPECT_EQ(wiped(false, 30), "\x1b[J\r\x1b[K\x1b[A\x1b[K");
  EXPECT_EQ(wiped(false, 60), "\x1b[J\r\x1b[K\x1b[A\x1b[K") << "a terminal does not join the rows";
  EXPECT_EQ(wiped(false, 20), "\x1b[J\r\x1b[K\x1b[A\x1b[K\x1b[A\x1b[K\x1b[A\x1b[K")
      << "each row was split";
  EXPECT_EQ(wiped(true, 20), "\x1b[J\r\x1b[K\x1b[A\x1b[K") << "rows stay as they were drawn";
  EXPECT_EQ(wiped(true, 60), "\x1b[J\r\x1b[K\x1b[A\x1b[K") << "also in a wider window";
}

// A terminal that has another width than the program knows may have more rows, and never fewer.
TEST(DrawnLine, EndsEachRowWithALineBreak) {
  DrawnLine line{false};
  EXPECT_EQ(line.draw({"> abcdefg ", 9}, 4), "> ab\ncdef\ng \b");
  EXPECT_EQ(line.draw({"> abcdefg ", 3}, 4), "\r\x1b[2A\x1b[3C");
  EXPECT_EQ(line.draw({"> abcdefg ", 4}, 4), "\r\n") << "not by ESC [ B";
}

TEST(DrawnLine, WipesNothingIfNothingIsDrawn) {
  DrawnLine line{false};
  EXPECT_EQ(line.wipe(20), "");
  (void)line.draw({"> ", 2}, 20);
  line.forget();
  EXPECT_EQ(line.wipe(20), "");
}

// After random edits the screen is the same as after drawing the whole line on an empty screen.
TEST(DrawnLine, ShowsTheSameAsAFullRedrawAfterAnyEdits) {
  std::mt19937 random{20'261'128};
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (const std::size_t columns : {1U, 2U, 3U, 7U, 20U}) {
    const Window window{.columns = columns, .rows = 12};
    DrawnLine line{false};
    Grid grid{columns};
    std::string text;
    for (int step = 0; step < 3000; ++step) {
      std::size_t point = below(text.size() + 1);
      switch (below(8)) {
        case 0:
          text.erase(point, below(2 * columns));
          break;
        case 1:
          text.insert(point, "\n");
          break;
        case 2:
          text.resize(std::min(text.size(), below(5 * columns)));
          break;
        case 3:
          grid.write(line.wipe(columns));
          break;
        default:
          text.insert(point, below(columns) + 1, static_cast<char>('a' + below(3)));
          break;
      }
      point = below(3) == 0 ? text.size() : below(text.size() + 1);
      const DrawnText next = view(text, point, window);
      grid.write(line.draw(next, columns));
      Grid expected{columns};
      expected.write(DrawnLine{false}.draw(next, columns));
      ASSERT_EQ(grid.text(), expected.text()) << columns << " columns, step " << step;
      ASSERT_EQ(grid.cursor(), expected.cursor()) << columns << " columns, step " << step;
      const Place place = place_of(next.text, next.cursor, columns);
      ASSERT_EQ(grid.cursor(), place) << columns << " columns, step " << step;
    }
  }
}

}  // namespace
}  // namespace chatd::client
