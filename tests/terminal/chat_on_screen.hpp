// SPDX-License-Identifier: GPL-3.0-or-later
// chat_on_screen.hpp — the fixture of these tests: a chatd, and a terminal in which ada joins its
// room.
//
// Runs in:   test programs.
#pragma once

#include <regex>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/terminal/screen.hpp"

namespace chatd::test {

// Replaces the time at the start of each line, as "12:34", by "TIME".
[[nodiscard]] inline std::string timeless(const std::string& text) {
  static const std::regex kClock{"(^|\n)[0-9]{2}:[0-9]{2} "};
  return std::regex_replace(text, kClock, "$1TIME ");
}

class ChatOnScreen : public ::testing::Test {
 protected:
  // uchat gets the fingerprint of the server: it does not ask whether the key is right.
  explicit ChatOnScreen(unsigned columns = 80)
      : screen_{columns, 24, "C.UTF-8", " --fingerprint " + fingerprint()} {}

  [[nodiscard]] std::string fingerprint() const {
    std::string shown = daemon_.ctl({"fingerprint"}).out;
    shown.pop_back();  // the newline
    return shown;
  }

  [[nodiscard]] std::string target(std::string_view name) const {
    return std::string{name} + "@" + to_text(daemon_.endpoint());
  }
  // Starts uchat with this name, and waits until it is in the room and shows the prompt.
  void start(std::string_view name = "ada") const {
    screen_.enter("$CHAT " + target(name));
    ASSERT_TRUE(screen_.shows(" here"));
    ASSERT_TRUE(screen_.ends_with(std::string{name} + ">"));
  }
  // Waits for a row with a time, followed by exactly `line`.
  [[nodiscard]] bool has_line(std::string_view line) const {
    return eventually([&] {
      return ("\n" + timeless(screen_.history())).find("\nTIME " + std::string{line} + "\n") !=
             std::string::npos;
    });
  }
  // The same for a line of several rows. Blanks are not compared.
  [[nodiscard]] bool has_divided_line(std::string_view line) const {
    const auto dense = [](std::string text) {
      std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
      return text;
    };
    const std::string expected = "TIME" + dense(std::string{line});
    return eventually(
        [&] { return dense(timeless(screen_.history())).find(expected) != std::string::npos; });
  }
  // True if the last command of the shell had this exit status.
  [[nodiscard]] bool ended_with(int status) const {
    screen_.enter("echo status=$?");
    return screen_.has_row("status=" + std::to_string(status));
  }

  DaemonUnderTest daemon_;
  Screen screen_;
};

}  // namespace chatd::test
