// SPDX-License-Identifier: GPL-3.0-or-later
// Windows of 20 to 200 columns and 1 to 60 rows, on a terminal in memory (libvterm), while messages
// come and a line is being typed.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/terminal/line_view.hpp"
#include "tests/client/pty.hpp"
#include "tests/fuzz/chat_rows.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/processes.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/screen_model.hpp"

namespace chatd::test {
namespace {

class Sizes : public ::testing::Test {
 protected:
  Sizes() { bob_.enter(); }

  // uchat as ada, in the xterm that the model is like.
  int run_uchat() const {
    for (const char* other : {"TMUX", "TERM_PROGRAM", "STY", "VTE_VERSION", "KONSOLE_VERSION",
                              "WEZTERM_PANE", "KITTY_WINDOW_ID", "NO_COLOR"}) {
      ::unsetenv(other);
    }
    ::setenv("XTERM_VERSION", "XTerm(379)", 1);
    ::setenv("TERM", "xterm-256color", 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    ::setenv("TZ", "UTC", 1);
    ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
    ::setenv("XDG_STATE_HOME", directory_.path().c_str(), 1);
    const std::string program = uchat_program();
    ::execl(program.c_str(), program.c_str(), "--fingerprint", fingerprint_.c_str(),
            target_.c_str(), nullptr);
    return 127;
  }
  static std::string without_newline(std::string text) {
    text.pop_back();
    return text;
  }

  // --- the terminal ------------------------------------------------------------------

  // The model gets what the program has written since the last call.
  void read() {
    const std::string& output = terminal_.output();
    const std::string_view fresh = std::string_view{output}.substr(read_);
    read_ = output.size();
    check_.read(fresh);
    screen_.write(fresh);
    ASSERT_EQ(check_.forbidden(), "");
  }
  template <class Condition>
  [[nodiscard]] bool eventually_shows(Condition condition) {
    return eventually([&] {
      read();
      return condition();
    });
  }
  void resize(const client::Window& size) {
    read();
    terminal_.resize(static_cast<unsigned short>(size.columns),
                     static_cast<unsigned short>(size.rows));
    screen_.resize(static_cast<int>(size.columns), static_cast<int>(size.rows));
    window_ = size;
  }
  // Waits until the program has handled the new size, and has nothing to do.
  void settle() {
    const auto is_idle = [this] {
      constexpr auto kBit = 1UL << (SIGWINCH - 1);
      std::istringstream words{file_text(fmt::format("/proc/{}/status", terminal_.pid()))};
      for (std::string word, mask; words >> word;) {
        if (word != "ShdPnd:" || !(words >> mask)) continue;
        const auto info = process_info(terminal_.pid());
        return (std::stoul(mask, nullptr, 16) & kBit) == 0 && info && info->state == 'S';
      }
      return false;
    };
    EXPECT_TRUE(eventually_shows(is_idle));
    read();
  }

  // --- the screen --------------------------------------------------------------------

  // The rows since the screen was cleared, without times.
  [[nodiscard]] std::vector<std::string> rows() const {
    static const std::regex kClock{"^[0-9]{2}:[0-9]{2} "};
    auto all = screen_.rows();
    all.erase(all.begin(),
              all.begin() + static_cast<std::ptrdiff_t>(std::min(cleared_, all.size())));
    for (std::string& row : all) row = std::regex_replace(row, kClock, "");
    return all;
  }
  // The rows of the prompt and the typed text, without empty ones at the end.
  [[nodiscard]] std::vector<std::string> line_rows() const { return line_rows(window_); }
  [[nodiscard]] std::vector<std::string> line_rows(const client::Window& window) const {
    const auto view = client::view_of(
        {.prompt = "ada> ", .text = draft_, .point = draft_.size(), .mark = {}}, window);
    auto expected = fuzz::rows_of(view.text, window.columns);
    while (expected.back().empty()) expected.pop_back();
    return expected;
  }
  // The messages are there once and in their order, and the prompt with the typed text is on the
  // last rows, once.
  [[nodiscard]] bool is_whole() const {
    const auto all = rows();
    std::vector<std::string> said;
    std::ranges::copy_if(all, std::back_inserter(said),
                         [](const std::string& row) { return row.starts_with("bob: m"); });
    // No message has these letters.
    const auto line = line_rows();
    const auto of_line = std::ranges::count_if(all, [](const std::string& row) {
      return row.starts_with("ada>") || row.find_first_of("xyz") != std::string::npos;
    });
    return said == messages_ && std::cmp_equal(of_line, line.size()) && all.size() >= line.size() &&
           std::equal(line.rbegin(), line.rend(), all.rbegin());
  }
  void say() {
    const std::string text = fmt::format("m{}.", ++said_);
    bob_.say(text);
    messages_.push_back("bob: " + text);
  }
  void type(std::string_view text) {
    terminal_.type(text);
    draft_ += text;
  }
  // Clears the typed text and the screen.
  void clear() {
    terminal_.type("\x05\x15\x0c");  // Ctrl-E, Ctrl-U, Ctrl-L
    draft_.clear();
    messages_.clear();
    ASSERT_TRUE(eventually_shows([&] {
      cleared_ = screen_.scrolled();
      return rows() == std::vector<std::string>{"ada>"};
    })) << ::testing::PrintToString(screen_.rows());
  }
  void start() {
    ASSERT_TRUE(eventually_shows([&] {
      const auto all = screen_.rows();
      return !all.empty() && all.back() == "ada>" &&
             std::ranges::any_of(all, [](const auto& row) { return row.contains(" here:"); });
    })) << terminal_.output();
    clear();
  }
  // Any size that is at least as wide as the lines of the room.
  [[nodiscard]] client::Window any_size() {
    return {.columns = 20 + random_() % 181, .rows = 1 + random_() % 60};
  }
  // A line that is higher than the new window has scrolled out of it before the program knows, and
  // of a line that is higher than half of its window not all is shown.
  [[nodiscard]] bool has_space_in(const client::Window& next) const {
    const client::Window high{.columns = next.columns, .rows = 1000};
    const std::size_t rows = std::max(line_rows().size(), line_rows(high).size() + 1);
    return draft_.size() < 14 || 2 * rows <= next.rows;
  }
  void quit() {
    resize({});
    settle();
    terminal_.type("\x05\x15quit\r");
    const int status = terminal_.wait();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    EXPECT_TRUE(terminal_.is_sane());
    read();
    EXPECT_EQ(check_.modes(), SequenceCheck::Modes{});
  }

  std::mt19937_64 random_{sample_random("sizes")};
  TempDir directory_;
  DaemonUnderTest daemon_{{.config = "limits.messages_per_second = 0\n"}};
  NativeClient bob_{daemon_.endpoint(), {.name = "bob"}};
  std::string fingerprint_{without_newline(daemon_.ctl({"fingerprint"}).out)};
  std::string target_{"ada@" + to_text(daemon_.endpoint())};
  OnTerminal terminal_{[this] { return run_uchat(); }};
  ScreenModel screen_{80, 24};
  SequenceCheck check_;
  client::Window window_;
  std::size_t read_{0};
  std::size_t cleared_{0};
  int said_{0};
  std::vector<std::string> messages_;
  std::string draft_;
};

TEST_F(Sizes, ChangeNothingOfTheMessagesAndOfTheTypedLine) {
  start();
  for (int i = 0; i < 80; ++i) {
    SCOPED_TRACE(i);
    if (i % 20 == 0) clear();
    if (draft_.size() < (i % 40 < 20 ? 12U : 150U)) type(i % 3 == 0 ? "x长x" : "yzyzyzyz");
    ASSERT_TRUE(eventually_shows([&] { return is_whole(); }));
    settle();
    const client::Window next = any_size();
    if (has_space_in(next)) resize(next);
    settle();
    say();
    ASSERT_TRUE(eventually_shows([&] { return is_whole(); }))
        << ::testing::PrintToString(rows()) << draft_;
  }
  quit();
}

// The screen meanwhile depends on the moment of each change. After Ctrl-L all is as before.
TEST_F(Sizes, ThatChangeWithoutPauseBreakNothing) {
  start();
  // Without combining marks: libvterm 0.1.4 crashes at a mark that is written where a row was cut.
  const std::vector<std::string> pieces{"word ", "长话", "\x7f", "\x02", "\x01", "\t"};
  for (int round = 0; round < 6; ++round) {
    SCOPED_TRACE(round);
    for (int i = 0; i < 40; ++i) {
      resize(any_size());
      if (i % 4 == 0) bob_.say(std::string(random_() % 300, 'w') + "话 end");
      terminal_.type(pieces[random_() % pieces.size()]);
    }
    resize({});
    settle();
    // The messages before this one are shown, too.
    const std::string last = fmt::format("last {}.", round);
    bob_.say(last);
    ASSERT_TRUE(eventually_shows([&] {
      return std::ranges::any_of(screen_.rows(),
                                 [&](const auto& row) { return row.ends_with("bob: " + last); });
    }));
    clear();
    for (int i = 0; i < 3; ++i) {
      say();
      type("xyz");
      ASSERT_TRUE(eventually_shows([&] { return is_whole(); }))
          << ::testing::PrintToString(rows()) << draft_;
    }
  }
  terminal_.type("\r");
  EXPECT_TRUE(
      eventually_shows([&] { return std::ranges::count(rows(), "ada: xyzxyzxyz ✓") == 1; }));
  quit();
}

}  // namespace
}  // namespace chatd::test
