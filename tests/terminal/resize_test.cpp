// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the window size while a line is being typed.
#include <csignal>
#include <random>
#include <sstream>
#include <utility>
#include <vector>

#include "tests/support/processes.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class Resize : public ChatOnScreen {
 protected:
  // Joins the room, and waits for ten short lines above the prompt.
  void begin() {
    bob_.enter();
    start();
    for (int i = 0; i < 10; ++i) bob_.say("line " + std::to_string(i) + ".");
    ASSERT_TRUE(has_line("bob: line 9."));
    ASSERT_TRUE(screen_.ends_with("ada>"));
  }
  // Success if each line of the room is shown exactly once, and the typed line on the last rows.
  [[nodiscard]] ::testing::AssertionResult is_whole(const std::string& typed) const {
    const std::string end = "bob: line 9.\nada> " + typed + "\n";
    const auto is_so = [&] {
      const std::string all = without_end(timeless(screen_.history()));
      if (!dense(all).ends_with(dense(end))) return false;
      for (int i = 0; i < 10; ++i) {
        if (count(all, "bob: line " + std::to_string(i) + ".\n") != 1) return false;
      }
      return count(all, "ada>") == 1;
    };
    if (eventually(is_so)) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << screen_.history();
  }
  // Resizes the window, and waits until the program has handled it: tmux moves its rows at once, so
  // the next size must not come before.
  void resize(unsigned columns, const std::string& typed) {
    SCOPED_TRACE(std::to_string(columns) + " columns");
    screen_.resize(columns, 24);
    EXPECT_TRUE(eventually([&] { return is_idle(screen_.program()); }));
    EXPECT_TRUE(is_whole(typed));
  }
  // True if the process has no pending SIGWINCH and sleeps.
  static bool is_idle(pid_t pid) {
    constexpr auto kBit = 1UL << (SIGWINCH - 1);
    std::istringstream words{file_text("/proc/" + std::to_string(pid) + "/status")};
    for (std::string word, mask; words >> word;) {
      if (word == "ShdPnd:" && words >> mask) {
        const auto info = process_info(pid);
        return (std::stoul(mask, nullptr, 16) & kBit) == 0 && info && info->state == 'S';
      }
    }
    return false;
  }
  // Blanks are not compared: a row in which a wide character did not fit ends with an extra one.
  // The typed line has a line break at the end of each row.
  static std::string dense(std::string text) {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
    return text;
  }
  static std::string without_end(std::string text) {
    text.erase(text.find_last_not_of(" \n") + 1);
    return text + "\n";
  }
  static std::size_t count(const std::string& all, const std::string& what) {
    std::size_t found = 0;
    for (auto at = all.find(what); at != std::string::npos; at = all.find(what, at + 1)) ++found;
    return found;
  }

  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
};

TEST_F(Resize, DoesNotChangeTheLinesOfTheRoom) {
  begin();
  std::string typed;
  for (int i = 0; i < 30; ++i) typed += "word" + std::to_string(i) + " ";
  typed += "end";
  screen_.type(typed);
  ASSERT_TRUE(is_whole(typed));
  for (const unsigned columns : {160U, 40U, 200U, 30U, 79U, 80U}) {
    resize(columns, typed);
  }
}

TEST_F(Resize, DoesNotChangeTheLinesAboveAChineseLine) {
  begin();
  std::string typed;
  for (int i = 0; i < 50; ++i) typed += "长话";
  screen_.type(typed + "完");
  ASSERT_TRUE(is_whole(typed + "完"));
  for (const unsigned columns : {120U, 41U, 200U, 30U, 79U, 80U}) {
    resize(columns, typed + "完");
  }
}

TEST_F(Resize, DoesNotChangeTheLinesIfTheInputFillsARow) {
  begin();
  const std::string typed(75, 'x');  // 80 columns with the prompt
  screen_.type(typed);
  ASSERT_TRUE(is_whole(typed));
  for (const unsigned columns : {40U, 80U, 100U, 20U, 160U, 80U, 81U, 80U}) {
    resize(columns, typed);
  }
  // With the cursor in the middle of the line.
  for (int i = 0; i < 35; ++i) screen_.press("Left");
  ASSERT_TRUE(screen_.has_cursor_in(45)) << "keys are on their way still";
  for (const unsigned columns : {40U, 80U, 100U, 20U, 160U, 80U}) {
    resize(columns, typed);
  }
}

// Regression: after the line had begun a new row and left it again, tmux did not treat this row as
// a part of the line.
TEST_F(Resize, DoesNotChangeTheLinesIfTheInputFilledMoreThanARow) {
  begin();
  const std::string typed(75, 'x');  // 80 columns with the prompt
  screen_.type(typed);
  ASSERT_TRUE(is_whole(typed));
  for (const unsigned columns : {40U, 100U, 80U, 81U, 80U, 20U, 80U}) {
    screen_.type("y");
    ASSERT_TRUE(is_whole(typed + "y"));
    screen_.press("BSpace");
    ASSERT_TRUE(is_whole(typed));
    resize(columns, typed);
  }
}

// tmux moves its rows at each of these sizes at once, and tells the program some of them later.
TEST_F(Resize, QuickResizesWithADraftLoseNoLine) {
  bob_.enter();
  start();
  std::string typed;
  for (int i = 0; i < 30; ++i) typed += "word" + std::to_string(i) + " ";
  screen_.type(typed);
  ASSERT_TRUE(screen_.shows("word29"));
  constexpr int kLines = 50;
  constexpr int kResizes = 100;
  std::mt19937 random{20'261'130};
  for (int i = 0; i < kResizes; ++i) {
    if (i % 2 == 0) bob_.say("line " + std::to_string(i / 2) + ".");
    const auto columns = static_cast<unsigned>(20 + random() % 181);
    screen_.resize_soon(columns, static_cast<unsigned>(8 + random() % 53));
  }
  screen_.resize(120, 40);
  EXPECT_TRUE(has_line("bob: line 49."));
  const std::string all = timeless(screen_.history());
  for (int i = 0; i < kLines; ++i) {
    EXPECT_EQ(count(all, "TIME bob: line " + std::to_string(i) + ".\n"), 1U) << i << "\n" << all;
  }
  EXPECT_TRUE(eventually([&] { return screen_.shows("word29"); }));
}

// The lines on the screen may have scrolled out of such a window; nothing else is lost.
TEST_F(Resize, ContinuesAfterVerySmallWindows) {
  begin();
  for (const auto& [columns, rows] : {std::pair{2U, 1U}, std::pair{1U, 2U}, std::pair{80U, 1U},
                                      std::pair{1U, 1U}, std::pair{1U, 24U}}) {
    SCOPED_TRACE(std::to_string(columns) + " columns, " + std::to_string(rows) + " rows");
    screen_.resize(columns, rows);
    ASSERT_TRUE(eventually([&] { return is_idle(screen_.program()); }));
    screen_.resize(40, 24);
    ASSERT_TRUE(screen_.ends_with("ada>"));
    // A remnant of the prompt would be one of its rows in the narrow window.
    const auto is_remnant = [](const std::string& row) { return !row.empty() && row.size() < 4; };
    EXPECT_TRUE(std::ranges::none_of(screen_.rows(), is_remnant)) << screen_.history();
    screen_.type(std::string(70, 'x'));
    ASSERT_TRUE(screen_.ends_with(std::string(35, 'x')));
    screen_.press("C-u");
    screen_.press("C-l");
    ASSERT_TRUE(eventually([&] { return screen_.rows() == std::vector<std::string>{"ada>"}; }));
  }
  screen_.enter("still here");
  EXPECT_TRUE(has_line("ada: still here ✓"));
}

}  // namespace
}  // namespace chatd::test
