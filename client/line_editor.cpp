// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/line_editor.hpp"

#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <utility>

// Only after <cstdio>: readline's header uses FILE without including it.
#include <readline/history.h>
#include <readline/readline.h>

#include "client/line_layout.hpp"
#include "client/secret_text.hpp"

namespace chatd::client {

namespace {

// readline's callbacks have no argument for it.
LineEditor* the_editor = nullptr;

std::vector<std::string>& candidates() {
  static std::vector<std::string> found;
  return found;
}

// Hands out what candidates() holds, one a call; readline frees the copies.
char* next_candidate(const char* /*word*/, int state) {
  static std::size_t next = 0;
  if (state == 0) next = 0;
  return next < candidates().size() ? ::strdup(candidates()[next++].c_str()) : nullptr;
}

constexpr int kNoKey = 0;  // Ctrl-@

// Terminals in which a line that wraps stays cut as it was when the window is widened, and is
// cut off when it is narrowed. All others lay such a line out anew.
bool keeps_rows() {
  const char* const term = std::getenv("TERM");
  return std::getenv("XTERM_VERSION") != nullptr ||
         (term != nullptr && std::string_view{term} == "linux");
}

// readline does as expected, and the terminal is of the usual kind.
bool is_plain() {
  const auto is_on = [](const char* name) {
    const char* const value = rl_variable_value(name);
    return value != nullptr && std::string_view{value} == "on";
  };
  const char* const up = rl_get_termcap("up");
  return up != nullptr && *up == '\x1b' && !is_on("horizontal-scroll-mode") &&
         !is_on("show-mode-in-prompt");
}

int do_nothing(int /*count*/, int /*key*/) { return 0; }

void show_only_prompt() {
  const char* const prompt = rl_display_prompt == nullptr ? "" : rl_display_prompt;
  (void)std::fputs("\r", rl_outstream);
  (void)std::fputs(prompt, rl_outstream);
  (void)std::fflush(rl_outstream);
}

// With each new line readline sets LC_CTYPE anew, from the environment; in the locale "C" it would
// take what is typed apart into bytes and drop those of UTF-8.
void keep_locale() {
  const char* const chosen = std::setlocale(LC_CTYPE, nullptr);
  if (chosen != nullptr) ::setenv("LC_ALL", std::string{chosen}.c_str(), 1);
}

void configure(std::FILE* output) {
  keep_locale();
  rl_readline_name = "uchat";  // for `$if uchat` in ~/.inputrc
  rl_instream = stdin;
  rl_outstream = output;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_change_environment = 0;  // LINES and COLUMNS are nobody's business here
  rl_basic_word_break_characters = " \t\n";
  rl_completer_word_break_characters = const_cast<char*>(" \t\n");
  rl_completer_quote_characters = "";
  rl_initialize();
  // Both would wait for a key inside readline, with the room going on behind it.
  rl_completion_query_items = -1;
  rl_variable_bind("page-completions", "off");
  rl_variable_bind("completion-ignore-case", "on");
  rl_variable_bind("bell-style", "none");
}

}  // namespace

LineEditor::LineEditor(Handlers handlers) : output_{STDOUT_FILENO}, handlers_{std::move(handlers)} {
  the_editor = this;
  configure(output_.stream());
  rl_attempted_completion_function = &LineEditor::on_complete;
  rl_getc_function = &LineEditor::on_key;
  for (Keymap keymap : {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap}) {
    rl_bind_key_in_map('\r', &LineEditor::on_enter, keymap);
    rl_bind_key_in_map('\n', &LineEditor::on_enter, keymap);
    rl_bind_key_in_map(kNoKey, &do_nothing, keymap);
  }
  using_history();
  stifle_history(1000);
}

LineEditor::~LineEditor() {
  close();
  rl_attempted_completion_function = nullptr;
  rl_getc_function = &rl_getc;
  rl_outstream = stdout;
  the_editor = nullptr;
}

void LineEditor::open(const std::string& prompt) {
  prompt_ = prompt;
  open_ = true;
  rl_callback_handler_install(prompt_.c_str(), &LineEditor::on_line);
}

void LineEditor::close() {
  if (!open_) return;
  open_ = false;
  if (!between_lines_) wipe_line();
  (void)std::fflush(rl_outstream);
  rl_callback_handler_remove();
}

void LineEditor::read_keys() {
  if (open_) rl_callback_read_char();
  between_lines_ = false;
  if (std::exchange(wants_end_, false)) handlers_.end();
}

// As rl_clear_visible_line(), which counts the rows as they were when the line was drawn: in a
// window of another width the line has other rows by now, and those above it are the room's.
void LineEditor::wipe_line() {
  if (!is_plain()) {
    rl_clear_visible_line();
    return;
  }
  const std::size_t drawn = columns();
  rl_reset_screen_size();
  const std::size_t wide = columns();
  std::string before{rl_display_prompt == nullptr ? "" : rl_display_prompt};
  if (!hidden_) before.append(rl_line_buffer, static_cast<std::size_t>(rl_point));
  // Behind a full row readline goes to the next, but the terminal, left alone, does not.
  const bool has_moved = rl_point < rl_end || place_behind(before, drawn).column == drawn;
  if (wide != drawn) before = as_drawn(before, drawn);
  const auto row_of_cursor = [&](std::size_t width) {
    const Place place = place_behind(before, width);
    return place.row + (place.column == width && has_moved ? 1 : 0);
  };
  std::size_t row = row_of_cursor(wide);
  if (keeps_rows()) row = std::min(row, row_of_cursor(drawn));
  // Row by row: what is cleared at once from the first place on the screen, tmux keeps in its
  // history.
  (void)std::fputs("\x1b[J\r\x1b[K", rl_outstream);
  for (; row > 0; --row) (void)std::fputs("\x1b[A\x1b[K", rl_outstream);
  rl_on_new_line();
}

void LineEditor::redraw_line() {
  rl_on_new_line();
  rl_redisplay_function();
}

// In place of accept-line: what is said comes back in the room's log, so the typed line goes
// from the screen instead of staying there twice.
int LineEditor::on_enter(int count, int key) {
  the_editor->entered_.assign(rl_line_buffer, static_cast<std::size_t>(rl_end));
  the_editor->wipe_line();
  if (the_editor->hidden_) {
    std::span typed{rl_line_buffer, static_cast<std::size_t>(rl_end)};
    crypto::wipe(std::as_writable_bytes(typed));
  }
  rl_replace_line("", 1);
  rl_point = rl_end = 0;
  rl_erase_empty_line = 1;
  return rl_newline(count, key);
}

// In place of readline's end of file, which leaves the prompt on the screen.
int LineEditor::on_key(std::FILE* stream) {
  const int key = rl_getc(stream);
  if (key != CTRL('D') || rl_end > 0) return key;
  the_editor->wants_end_ = true;
  return kNoKey;
}

void LineEditor::on_line(char* line) {
  LineEditor& self = *the_editor;
  if (line == nullptr) {
    self.wipe_line();
    self.between_lines_ = true;
    self.handlers_.end();
    return;
  }
  // readline has malloc'ed it. NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
  std::free(line);
  std::string entered;
  entered.swap(self.entered_);
  if (!self.hidden_ && entered.find_first_not_of(" \t\n") != std::string::npos) {
    add_history(entered.c_str());
  }
  const bool secret = self.hidden_;
  self.between_lines_ = true;
  self.handlers_.line(entered);
  if (secret) wipe(entered);
}

void LineEditor::print(std::string_view text) {
  if (text.empty()) return;
  const bool shows_line = open_ && !between_lines_;
  if (shows_line) wipe_line();
  (void)std::fwrite(text.data(), 1, text.size(), rl_outstream);
  (void)std::fflush(rl_outstream);
  if (shows_line) redraw_line();
}

void LineEditor::set_prompt(const std::string& prompt) {
  if (prompt == prompt_) return;
  prompt_ = prompt;
  if (!open_) return;
  if (between_lines_) {
    rl_set_prompt(prompt_.c_str());
    return;
  }
  wipe_line();
  rl_set_prompt(prompt_.c_str());
  redraw_line();
}

void LineEditor::set_hidden(bool hidden) {
  if (hidden == hidden_) return;
  hidden_ = hidden;
  rl_redisplay_function = hidden ? &show_only_prompt : &rl_redisplay;
}

void LineEditor::fit_window() {
  if (!open_ || between_lines_) return;
  wipe_line();
  redraw_line();
}

std::size_t LineEditor::columns() {
  int rows = 0;
  int columns = 0;
  rl_get_screen_size(&rows, &columns);
  return static_cast<std::size_t>(std::max(columns, 1));
}

void LineEditor::suspend() {
  if (!open_) return;
  wipe_line();
  (void)std::fflush(rl_outstream);
  rl_deprep_terminal();
}

void LineEditor::resume() {
  if (!open_) return;
  // Nothing if suspend() has done so; otherwise somebody else has set the modes since.
  rl_deprep_terminal();
  rl_prep_terminal(1);
  rl_reset_screen_size();
  redraw_line();
}

char** LineEditor::on_complete(const char* word, int start, int /*end*/) {
  rl_attempted_completion_over = 1;  // never file names
  candidates() = the_editor->handlers_.complete(
      std::string_view{rl_line_buffer, static_cast<std::size_t>(start)}, word);
  return candidates().empty() ? nullptr : rl_completion_matches(word, &next_candidate);
}

}  // namespace chatd::client
