// SPDX-License-Identifier: GPL-3.0-or-later
// line_editor.hpp — the input line at the bottom of a terminal; with readline_setup.hpp the only
// code that uses readline.
//
// Runs in:   uchat's terminal process. One object at a time: readline has global state.
// Owns:      the terminal's modes while it is open; close() and the destructor restore them.
// Borrows:   standard input and output, which are a terminal.
// Invariant: print() shows text above the line and does not break the line. The line takes at most
//            half of the window. No call waits for keys, but for the rest of a paste. The caller
//            handles all signals: readline handles none.
#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "client/terminal/drawn_line.hpp"
#include "client/terminal/line_view.hpp"
#include "client/terminal/terminal_output.hpp"
#include "client/terminal/typed_ahead.hpp"

namespace chatd::client {

class LineEditor {
 public:
  struct Handlers {
    std::function<void(const std::string& line)> line;  // the user has entered a line
    std::function<void()> end;  // Ctrl-D in an empty line, or the terminal was closed
    // Returns the possible completions of `word`; `before` is the line up to the word.
    std::function<std::vector<std::string>(std::string_view before, std::string_view word)>
        complete;
    // The user has pressed Alt-1 to Alt-9.
    std::function<void(std::size_t number)> room = [](std::size_t /*number*/) {};
    // The line was added to the history.
    std::function<void(const std::string& line)> kept = [](const std::string& /*line*/) {};
    // Returns the text that replaces the hidden rows of a line that is too high for the window. The
    // line has `lines` lines of text.
    std::function<std::string(std::size_t lines)> mark;
  };

  explicit LineEditor(Handlers handlers);
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor();

  void open(const std::string& prompt);  // shows the line
  void close();                          // removes the line from the screen

  void read_keys();  // when standard input is readable
  // Shows `text` above the input line: complete lines, each with its '\n'. The caller has made the
  // text safe for a terminal (safe_text.hpp).
  void print(std::string_view text);
  void set_prompt(const std::string& prompt);
  void set_hidden(bool hidden) {
    hidden_ = hidden;
  }  // for a password: typed text is not shown and not kept

  // False: the answer to a question, which is not added to the history.
  void set_kept(bool kept) { kept_ = kept; }
  void add_to_history(const std::string& line) const;  // of an earlier run

  // The typed text that is not entered yet; "" if it is hidden.
  [[nodiscard]] std::string draft() const;
  // Clears the line and adds it to the history, or ends a search in the history. False: the line
  // was empty and there was no search.
  [[nodiscard]] bool clear_draft();

  // The program ends soon: limits the time that output may wait, see TerminalOutput.
  void hurry() { output_.hurry(); }

  // Draws the line for a new window size (SIGWINCH). A late call does no damage: every output reads
  // the window size first.
  void fit_window();
  [[nodiscard]] std::size_t columns() const { return window().columns; }
  // Before and after a stop of the process: suspend() restores the terminal's modes, resume() sets
  // them again and draws the line. After SIGSTOP there was no suspend(); resume() works then, too.
  void suspend();
  void resume();

 private:
  [[nodiscard]] Window window() const;
  void write(std::string_view text) const;
  void wipe_line();
  void redraw_line();
  void draw_line();
  void learn_window() const;
  void bind_keys() const;
  void keep(const std::string& line) const;
  bool take_paste();
  int next_ahead();
  static int on_enter(int count, int key);
  static int on_clear_screen(int count, int key);
  static int on_key(std::FILE* stream);
  static void on_redisplay();
  static void on_matches(char** matches, int count, int longest);
  static void on_line(char* line);
  static char** on_complete(const char* word, int start, int end);

  TerminalOutput output_;
  Handlers handlers_;
  std::string prompt_;
  std::string entered_;
  DrawnLine drawn_;
  TypedAhead ahead_;
  Window usual_;          // used if the terminal does not report its size
  bool is_plain_{false};  // this class draws the line; otherwise readline does, see is_plain()
  bool open_{false};
  bool hidden_{false};
  bool kept_{true};
  bool wants_end_{false};
  bool between_lines_{false};  // a line was entered, and readline will show the next one itself
};

}  // namespace chatd::client
