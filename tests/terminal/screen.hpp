// SPDX-License-Identifier: GPL-3.0-or-later
// screen.hpp — a terminal emulator for tests: tmux with a shell. The test sends keys and reads the
// rows of the screen.
//
// Runs in:   test programs. tmux is not a child of the test, so the checks for processes that a
//            daemon has left behind do not see it.
// Owns:      the tmux server, its socket, and a folder for uchat's files.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "common/base/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

// A tmux window.
class Screen {
 public:
  // Runs an interactive bash; $CHAT is the path of uchat, and `options`. `language` is the value of
  // LC_ALL.
  explicit Screen(unsigned columns = 80, unsigned rows = 24, std::string_view language = "C.UTF-8",
                  std::string_view options = "");
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  void type(std::string_view text) const;  // sends the characters of `text`
  void press(std::string_view key) const;  // sends one key, by its name in tmux: Enter, C-c, Tab
  void enter(std::string_view line) const {
    type(line);
    press("Enter");
  }
  // Pastes `text`, with bracketed paste if the program has enabled it.
  void paste(std::string_view text) const;
  // Resizes the window. Returns when the pseudo terminal has the new size; tmux sets it some time
  // after it has moved its own rows.
  void resize(unsigned columns, unsigned rows) const;
  // The same without the wait.
  void resize_soon(unsigned columns, unsigned rows) const;
  // Stops the output by C-s. Returns when the output is stopped, which happens some time after
  // press(C-s).
  void stop() const;

  // Forgets the lines that have scrolled out of the window.
  void forget() const;

  // The rows on the screen, without blanks at their ends and without empty rows at the end.
  [[nodiscard]] std::vector<std::string> rows() const;
  // The last of these rows.
  [[nodiscard]] std::string last() const;
  // All output, also lines that have scrolled out of the window. A wrapped line is one line.
  [[nodiscard]] std::string history() const;
  // The same with colours as escape sequences, without empty rows at the end.
  [[nodiscard]] std::string styled_history() const;
  // The state of the terminal that escape sequences can change and no row shows: title, screen in
  // use, cursor, keypad, mouse, scroll region.
  [[nodiscard]] std::string modes() const;

  // These functions wait until the condition is true. False: the time limit is over.
  [[nodiscard]] bool shows(std::string_view text) const;     // on some row
  [[nodiscard]] bool ends_with(std::string_view row) const;  // as the last row
  [[nodiscard]] bool has_row(std::string_view row) const;    // as a whole row
  [[nodiscard]] bool has_cursor_in(unsigned column) const;   // from 0

  // The pid of the child of the shell; 0: the shell has none.
  [[nodiscard]] pid_t program() const;
  [[nodiscard]] const std::string& folder() const { return directory_.path(); }

 private:
  [[nodiscard]] std::string run(std::vector<std::string> words) const;
  [[nodiscard]] UniqueFd open_terminal(int flags) const;

  TempDir directory_;
};

}  // namespace chatd::test
