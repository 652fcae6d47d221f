// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/line_editor.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <utility>

// Only after <cstdio>: readline's header uses FILE without including it.
#include <readline/history.h>
#include <readline/readline.h>

#include "client/terminal/readline_setup.hpp"
#include "client/terminal/readline_text.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/text.hpp"
#include "common/wire/display_width.hpp"

namespace chatd::client {

namespace {

// The one LineEditor: readline's callbacks have no parameter for a pointer to it.
LineEditor* the_editor = nullptr;

std::vector<std::string>& candidates() {
  static std::vector<std::string> found;
  return found;
}

// Returns the next string of candidates() as a copy, which readline frees. `state` is 0 in the
// first call.
char* next_candidate(const char* /*word*/, int state) {
  static std::size_t next = 0;
  if (state == 0) next = 0;
  return next < candidates().size() ? ::strdup(candidates()[next++].c_str()) : nullptr;
}

constexpr int kNoKey = 0;                // Ctrl-@
constexpr int kEndOfSearch = CTRL('G');  // also a key of the user's

int do_nothing(int /*count*/, int /*key*/) { return 0; }

// True if standard input has keys that have not been read.
bool keys_are_waiting() {
  pollfd keys{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return ::poll(&keys, 1, 0) > 0 && (keys.revents & POLLIN) != 0;
}

// Binds all keys of the command `old` to `replacement`, also keys that the user has bound in
// ~/.inputrc.
void replace_command(rl_command_func_t* old, rl_command_func_t* replacement, Keymap keymap) {
  // readline allocates them by malloc(3). NOLINTBEGIN(cppcoreguidelines-no-malloc)
  char** const sequences = rl_invoking_keyseqs_in_map(old, keymap);
  if (sequences == nullptr) return;
  for (char** sequence = sequences; *sequence != nullptr; ++sequence) {
    rl_bind_keyseq_in_map(*sequence, replacement, keymap);
    std::free(*sequence);
  }
  std::free(static_cast<void*>(sequences));
  // NOLINTEND(cppcoreguidelines-no-malloc)
}

}  // namespace

LineEditor::LineEditor(Handlers handlers)
    : output_{STDOUT_FILENO}, handlers_{std::move(handlers)}, drawn_{keeps_rows()} {
  the_editor = this;
  configure_readline(output_.stream());
  int rows = 0;
  int columns = 0;
  rl_get_screen_size(&rows, &columns);
  usual_ = {.columns = static_cast<std::size_t>(std::max(columns, 1)),
            .rows = static_cast<std::size_t>(std::max(rows, 1))};
  is_plain_ = is_plain();
  rl_redisplay_function = &LineEditor::on_redisplay;
  rl_attempted_completion_function = &LineEditor::on_complete;
  if (is_plain_) rl_completion_display_matches_hook = &LineEditor::on_matches;
  rl_getc_function = &LineEditor::on_key;
  // readline would restore the terminal while a line is handled. The terminal would then show keys
  // that are typed ahead beside the input line.
  rl_deprep_term_function = +[] {};
  bind_keys();
  using_history();
  stifle_history(1000);
}

LineEditor::~LineEditor() {
  close();
  rl_attempted_completion_function = nullptr;
  rl_completion_display_matches_hook = nullptr;
  rl_redisplay_function = &rl_redisplay;
  rl_getc_function = &rl_getc;
  rl_input_available_hook = nullptr;
  rl_deprep_term_function = &rl_deprep_terminal;
  rl_outstream = stdout;
  the_editor = nullptr;
}

void LineEditor::bind_keys() const {
  for (Keymap keymap : {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap}) {
    rl_bind_key_in_map('\r', &LineEditor::on_enter, keymap);
    rl_bind_key_in_map('\n', &LineEditor::on_enter, keymap);
    rl_bind_key_in_map(kNoKey, &do_nothing, keymap);
    // These commands enter the line without a call of on_enter().
    rl_unbind_function_in_map(&rl_insert_comment, keymap);
    rl_unbind_function_in_map(&rl_operate_and_get_next, keymap);
    // readline 8.2 crashes when Escape and a control key follow these.
    rl_unbind_function_in_map(&rl_char_search, keymap);
    rl_unbind_function_in_map(&rl_backward_char_search, keymap);
    if (!is_plain_) continue;
    for (rl_command_func_t* const clears :
         {&rl_clear_screen, &rl_clear_display, &rl_refresh_line}) {
      replace_command(clears, &LineEditor::on_clear_screen, keymap);
    }
  }
  const auto on_alt_digit = [](int /*count*/, int key) {
    the_editor->handlers_.room(static_cast<std::size_t>(key - '0'));
    return 0;
  };
  for (const char digit : std::string_view{"123456789"}) {
    rl_bind_keyseq_in_map((std::string{"\\e"} + digit).c_str(), on_alt_digit,
                          emacs_standard_keymap);
  }
}

Window LineEditor::window() const {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0) return usual_;
  return {.columns = size.ws_col > 0 ? size.ws_col : usual_.columns,
          .rows = size.ws_row > 0 ? size.ws_row : usual_.rows};
}

// Sets the window size of readline. In a window of fewer than kMinColumns or kMinRows readline
// divides by zero, or scrolls the line sideways from then on.
void LineEditor::learn_window() const {
  constexpr std::size_t kMinColumns = 4;
  constexpr std::size_t kMinRows = 2;
  const Window real = window();
  rl_set_screen_size(static_cast<int>(std::max(real.rows, kMinRows)),
                     static_cast<int>(std::max(real.columns, kMinColumns)));
}

void LineEditor::write(std::string_view text) const {
  (void)std::fwrite(text.data(), 1, text.size(), rl_outstream);
  (void)std::fflush(rl_outstream);
}

void LineEditor::open(const std::string& prompt) {
  prompt_ = prompt;
  open_ = true;
  learn_window();
  rl_callback_handler_install(prompt_.c_str(), &LineEditor::on_line);
}

void LineEditor::close() {
  if (!open_) return;
  open_ = false;
  if (!between_lines_) wipe_line();
  (void)std::fflush(rl_outstream);
  forget_failures();
  rl_callback_handler_remove();
  rl_deprep_terminal();
}

void LineEditor::read_keys() {
  do {
    if (open_) rl_callback_read_char();
    between_lines_ = false;
    if (std::exchange(wants_end_, false)) handlers_.end();
  } while (open_ && !ahead_.is_empty());
}

// Behind an Enter in a paste that the terminal did not mark: the lines become a part of the input
// line, as if it had. So commands in them are not carried out.
bool LineEditor::take_paste() {
  if (hidden_) return false;
  const auto lines = ahead_.take_paste(STDIN_FILENO);
  rl_input_available_hook = ahead_.is_empty() ? nullptr : +[] { return 1; };
  if (!lines) return false;
  rl_point = rl_end;
  rl_insert_text(("\n" + *lines).c_str());
  return true;
}

// While there are keys, readline must not look for them at the terminal.
int LineEditor::next_ahead() {
  const int key = ahead_.next();
  if (ahead_.is_empty()) rl_input_available_hook = nullptr;
  return key;
}

void LineEditor::wipe_line() {
  if (is_plain_) return write(drawn_.wipe(columns()));
  rl_clear_visible_line();
}

void LineEditor::redraw_line() {
  if (!is_plain_) rl_on_new_line();
  draw_line();
}

void LineEditor::draw_line() {
  const std::string_view prompt = rl_display_prompt == nullptr ? "" : rl_display_prompt;
  if (!is_plain_) {
    if (!hidden_) return rl_redisplay();
    return write(std::string{"\r"}.append(prompt));
  }
  InputLine line{.prompt = prompt, .text = {}, .point = 0, .mark = {}};
  if (!hidden_) {
    line.text = typed_text();
    line.point = static_cast<std::size_t>(rl_point);
  }
  const auto breaks = static_cast<std::size_t>(std::ranges::count(line.text, '\n'));
  const std::string mark = handlers_.mark(line.text.ends_with('\n') ? breaks : breaks + 1);
  line.mark = mark;
  const Window now = window();
  write(drawn_.draw(view_of(line, now), now.columns));
}

// readline calls it after each change of the line. While more keys can be read, nothing is drawn:
// several keys that were typed ahead are drawn once.
void LineEditor::on_redisplay() {
  const bool has_more = keys_are_waiting() || !the_editor->ahead_.is_empty();
  if (the_editor->is_plain_ && has_more) return;
  the_editor->draw_line();
}

int LineEditor::on_clear_screen(int /*count*/, int /*key*/) {
  the_editor->wipe_line();
  the_editor->write("\x1b[H\x1b[2J");
  the_editor->draw_line();
  return 0;
}

// Prints the possible completions: matches[1] to matches[count].
void LineEditor::on_matches(char** matches, int count, int /*longest*/) {
  std::vector<std::string> cells;
  std::size_t widest = 0;
  for (const char* match : std::span{matches, static_cast<std::size_t>(count) + 1}.subspan(1)) {
    cells.push_back(safe_text(match));
    widest = std::max(widest, wire::display_width(cells.back()));
  }
  constexpr std::size_t kGap = 2;
  const std::size_t across =
      std::max<std::size_t>(1, (the_editor->columns() + kGap) / (widest + kGap));
  std::string list;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool ends = (i + 1) % across == 0 || i + 1 == cells.size();
    list += cells[i];
    list += ends ? "\n" : std::string(widest + kGap - wire::display_width(cells[i]), ' ');
  }
  the_editor->print(list);
}

// Replaces accept-line. The typed line is removed from the screen, because the message comes back
// from the room and is shown then.
int LineEditor::on_enter(int count, int key) {
  if (the_editor->take_paste()) return 0;
  the_editor->entered_ = typed_text();
  the_editor->wipe_line();
  if (the_editor->hidden_) wipe_typed_text();
  drop_typed_text();
  rl_erase_empty_line = 1;
  return rl_newline(count, key);
}

// Reads a key. Replaces readline's end of file (Ctrl-D in an empty line), which leaves the prompt
// on the screen. In a search kNoKey would be the start of a character, whose rest is waited for.
int LineEditor::on_key(std::FILE* stream) {
  const int key = the_editor->ahead_.is_empty() ? rl_getc(stream) : the_editor->next_ahead();
  const bool is_end = key == CTRL('D') && rl_end == 0;
  if (is_end) the_editor->wants_end_ = true;
  if (!is_end && key != kNoKey) return key;
  return is_searching() ? kEndOfSearch : kNoKey;
}

void LineEditor::on_line(char* line) {
  LineEditor& self = *the_editor;
  if (line == nullptr) {
    self.wipe_line();
    self.between_lines_ = true;
    self.handlers_.end();
    return;
  }
  // readline allocates it by malloc(3). NOLINTNEXTLINE(cppcoreguidelines-no-malloc)
  std::free(line);
  std::string entered;
  entered.swap(self.entered_);
  self.keep(entered);
  const bool secret = self.hidden_;
  self.between_lines_ = true;
  self.handlers_.line(entered);
  if (secret) wipe(entered);
}

void LineEditor::add_to_history(const std::string& line) const { add_history(line.c_str()); }

// Adds what the user has typed to the history, unless it is secret or an answer.
void LineEditor::keep(const std::string& line) const {
  if (hidden_ || !kept_ || is_blank(line)) return;
  add_to_history(line);
  handlers_.kept(line);
}

void LineEditor::print(std::string_view text) {
  if (text.empty()) return;
  const bool shows_line = open_ && !between_lines_;
  if (shows_line) wipe_line();
  write(text);
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
  if (!is_plain_) wipe_line();
  rl_set_prompt(prompt_.c_str());
  redraw_line();
}

std::string LineEditor::draft() const {
  return open_ && !between_lines_ && !hidden_ ? std::string{typed_text()} : std::string{};
}

bool LineEditor::clear_draft() {
  if (!open_ || between_lines_) return false;
  const bool searches = is_searching();
  if (rl_end == 0 && !searches) return false;
  const std::string typed = searches ? std::string{} : draft();
  if (hidden_) wipe_typed_text();
  rl_callback_sigcleanup();
  drop_typed_text();
  rl_free_line_state();
  wipe_line();
  rl_callback_handler_install(prompt_.c_str(), &LineEditor::on_line);
  // Not kept for the next run: it may be a password that was typed in the wrong place.
  if (!hidden_ && kept_ && !is_blank(typed)) add_to_history(typed);
  using_history();
  return true;
}

void LineEditor::fit_window() {
  if (!open_) return;
  learn_window();
  if (between_lines_) return;
  wipe_line();
  redraw_line();
}

void LineEditor::suspend() {
  if (!open_) return;
  wipe_line();
  (void)std::fflush(rl_outstream);
  forget_failures();
  rl_deprep_terminal();
}

void LineEditor::resume() {
  if (!open_) return;
  // rl_deprep_terminal() does nothing if suspend() has called it. If there was no suspend(),
  // another program may have changed the modes.
  rl_deprep_terminal();
  rl_prep_terminal(1);
  learn_window();
  drawn_.forget();
  if (is_plain_) write("\r\x1b[K");
  redraw_line();
}

char** LineEditor::on_complete(const char* word, int start, int /*end*/) {
  rl_attempted_completion_over = 1;  // do not complete file names
  candidates() = the_editor->handlers_.complete(
      std::string_view{rl_line_buffer, static_cast<std::size_t>(start)}, word);
  return candidates().empty() ? nullptr : rl_completion_matches(word, &next_candidate);
}

}  // namespace chatd::client
