// SPDX-License-Identifier: GPL-3.0-or-later
// screen.hpp — a terminal of the test's own: tmux with a shell in it, keys and what they show.
//
// Runs in:   test programs. The daemon's checks for processes left behind do not see it: it
//            is no child of the test.
// Owns:      the tmux server, its socket, and a folder for uchat's files.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace chatd::test {

class Screen {
 public:
  // An interactive bash runs in it; $CHAT is the program.
  explicit Screen(unsigned columns = 80, unsigned rows = 24, std::string_view language = "C.UTF-8");
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  void type(std::string_view text) const;  // as it is
  void press(std::string_view key) const;  // as tmux calls it: Enter, C-c, Tab
  void enter(std::string_view line) const {
    type(line);
    press("Enter");
  }
  // Pastes it, as a terminal does that says so to the program.
  void paste(std::string_view text) const;
  // Returns when the programs in it have been told, which tmux does a while after its own rows.
  void resize(unsigned columns, unsigned rows) const;

  // The rows without the blanks at their ends, the empty ones at the end left out.
  [[nodiscard]] std::vector<std::string> rows() const;
  // The last of them.
  [[nodiscard]] std::string last() const;
  // Everything that was shown, also what has scrolled away, long lines in one piece.
  [[nodiscard]] std::string history() const;
  // The same with its colours as escapes, without the empty rows at its end.
  [[nodiscard]] std::string styled_history() const;
  // What escapes can change and no row shows: the title, the screen in use, the cursor's looks.
  [[nodiscard]] std::string modes() const;

  // These wait until it is so. False: it never came to be.
  [[nodiscard]] bool shows(std::string_view text) const;     // on some row
  [[nodiscard]] bool ends_with(std::string_view row) const;  // as the last row
  [[nodiscard]] bool has_row(std::string_view row) const;    // as a whole one
  [[nodiscard]] bool has_cursor_in(unsigned column) const;   // from 0

  // Of what runs in the shell's foreground; 0: nothing does.
  [[nodiscard]] pid_t program() const;
  [[nodiscard]] const std::string& folder() const { return directory_.path(); }

 private:
  [[nodiscard]] std::string run(std::vector<std::string> words) const;

  TempDir directory_;
};

}  // namespace chatd::test
