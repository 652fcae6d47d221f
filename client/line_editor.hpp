// SPDX-License-Identifier: GPL-3.0-or-later
// line_editor.hpp — the input line at the bottom of a terminal; the only door to readline.
//
// Runs in:   uchat's terminal process. One at a time: readline is one per program.
// Owns:      the terminal's modes while it is open; close() and the destructor give them back.
// Borrows:   standard input and output, which are a terminal.
// Invariant: what print() shows stands above the line, which is never torn, and never takes more
//            than half of the window. No call waits for keys. Signals are the caller's: readline
//            handles none.
#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "client/drawn_line.hpp"
#include "client/line_view.hpp"
#include "client/terminal_output.hpp"

namespace chatd::client {

class LineEditor {
 public:
  struct Handlers {
    std::function<void(const std::string& line)> line;
    std::function<void()> end;  // Ctrl-D on an empty line, or the terminal has gone
    std::function<std::vector<std::string>(std::string_view before, std::string_view word)>
        complete;
    // Stands for what does not show of a line that is too high for the window, and has `lines`.
    std::function<std::string(std::size_t lines)> mark;
  };

  explicit LineEditor(Handlers handlers);
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor();

  void open(const std::string& prompt);
  void close();  // the line goes from the screen

  void read_keys();  // when standard input is readable
  // Complete lines; what is no line of text must be safe already.
  void print(std::string_view text);
  void set_prompt(const std::string& prompt);
  void set_hidden(bool hidden);  // what is typed is not shown and not kept

  // The input line, not entered; "" if it is hidden.
  [[nodiscard]] std::string draft() const;
  // Clears it; the history has it then. False: there was nothing to clear, and nothing to give up,
  // as a search in the history is.
  [[nodiscard]] bool clear_draft();

  // The end is near: see TerminalOutput.
  void hurry() { output_.hurry(); }

  // SIGWINCH. Late or never is harmless: whatever is shown looks for the width first.
  void fit_window();
  [[nodiscard]] std::size_t columns() const { return window().columns; }
  // Around a stop of the process: gives the terminal back, and takes it again. resume()
  // alone, after a stop that nobody announced, is right too.
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
  Window usual_;          // where the terminal does not say how large it is
  bool is_plain_{false};  // this draws the line; otherwise readline does, see is_plain()
  bool open_{false};
  bool hidden_{false};
  bool wants_end_{false};
  bool between_lines_{false};  // readline is about to show a new line by itself
};

}  // namespace chatd::client
