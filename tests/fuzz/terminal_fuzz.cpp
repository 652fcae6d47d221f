// SPDX-License-Identifier: GPL-3.0-or-later
// terminal_fuzz.cpp — fuzz target for uchat's terminal process: any keys, pastes and window sizes,
// and any reports of a hostile server. All output goes to a terminal in memory.
//
// The output has only text and the few sequences that uchat uses, and none that makes the terminal
// answer; at the end, and while the process is stopped, the terminal's modes are as before. If the
// first byte is even, all texts consist of characters whose width is known, and the typed keys edit
// one line. Then each printed line is on the screen or above it once and in order, the input line
// is below them on the last rows, once, and the cursor is at its end after Ctrl-E.
#include <algorithm>
#include <array>
#include <chrono>
#include <clocale>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "client/terminal/dialogue.hpp"
#include "client/terminal/focus_keys.hpp"
#include "client/terminal/line_editor.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/any_report.hpp"
#include "tests/fuzz/chat_rows.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/fuzz/stdio_terminal.hpp"
#include "tests/support/screen_model.hpp"
#include "tests/support/sequence_check.hpp"

namespace chatd::client {
namespace {

// 2026-11-20 23:15:04 UTC
constexpr WallTime kFriday{Micros{1'795'216'504'000'000}};

// Characters that libvterm and uchat give the same width.
constexpr std::array<std::string_view, 32> kPlainCharacters{
    "a", "b", "c", "d", "e", "n", "o", "s", "1",  "2",  "#",  "-",  " ",  " ",  ".",       ":",
    "(", ")", "!", "/", ";", "é", "ü", "ж", "世", "界", "你", "，", "\n", "\t", "e\u0301", "x"};
constexpr std::size_t kTyped = 28;  // of them; the others are only in texts of the server

std::string plain_text(std::string_view bytes, std::size_t characters) {
  std::string text;
  for (const char byte : bytes) {
    text += kPlainCharacters[static_cast<unsigned char>(byte) % characters];
  }
  return text;
}

bool is_plain_text(std::string_view text) {
  while (!text.empty()) {
    const auto first = std::ranges::find_if(
        kPlainCharacters, [&](std::string_view one) { return text.starts_with(one); });
    const bool is_mark = text.starts_with("\u0301");  // its letter may be deleted
    if (first == kPlainCharacters.end() && !is_mark) return false;
    text.remove_prefix(is_mark ? 2 : first->size());
  }
  return true;
}

// Keys that edit the line, or choose another one.
constexpr std::array<std::string_view, 28> kKeys{"\x01",
                                                 "\x02",
                                                 "\x05",
                                                 "\x06",
                                                 "\x08",
                                                 "\x0b",
                                                 "\x0e",
                                                 "\x10",
                                                 "\x14",
                                                 "\x15",
                                                 "\x17",
                                                 "\x19",
                                                 "\x1f",
                                                 "\x7f",
                                                 "\x1b[A",
                                                 "\x1b[B",
                                                 "\x1b[C",
                                                 "\x1b[D",
                                                 "\x1b[H",
                                                 "\x1b[F",
                                                 "\x1b[3~",
                                                 "\x1b"
                                                 "b",
                                                 "\x1b"
                                                 "f",
                                                 "\x1b"
                                                 "d",
                                                 "\x1b"
                                                 "t",
                                                 "\x1b"
                                                 "u",
                                                 "\x1b[I",
                                                 "\x1b[O"};

// Any keys, but for those that the terminal itself handles, that wait for another key without end
// (the start of a paste or, in a search, the first bytes of a character), or that repeat the next
// key up to a million times.
std::string any_keys(std::string_view bytes) {
  constexpr std::string_view kHandled{"\x03\x0c\x11\x13\x1a\x1c"};
  std::string keys;
  for (const char byte : bytes) {
    const char before = keys.empty() ? '\0' : keys.back();
    const bool is_first_of_number = before == '\x1b' && (byte == '0' || byte == '-');
    const bool is_paste = keys.ends_with("\x1b[200") && byte == '~';
    if (!kHandled.contains(byte) && !is_first_of_number && !is_paste) keys += byte;
  }
  if (!keys.empty() && static_cast<unsigned char>(keys.back()) >= 0x80) keys += ' ';
  return keys;
}

// The terminal process, without its event loop: see terminal.cpp.
class TerminalProcess {
 public:
  TerminalProcess(fuzz::Input& input, bool is_plain) : input_{input}, is_plain_{is_plain} {}

  void run() {
    resize(80, 24);
    dialogue_.start();
    can_report_focus_ = bind_focus_keys([](bool /*has_focus*/) {});
    editor_.open(dialogue_.prompt(now_.mono));
    report_focus(true);
    show();
    if (input_.byte() % 4 != 0) report(Joined{.name = "ada", .server = "lab", .max_text = 900});
    check();
    while (!is_over() && !input_.is_over()) {
      do_something();
      check();
    }
    // Ctrl-G ends a search or a macro.
    if (!is_over()) type("\a");
    for (int i = 0; i < 2 && !is_over(); ++i) quit();
    require(is_over());
    read_output();
    require(check_.modes() == test::SequenceCheck::Modes{});
    if (is_plain_) require_chat_above(screen_.cursor().row, 0);
  }

 private:
  [[nodiscard]] bool is_over() const { return dialogue_.outcome().has_value(); }
  [[nodiscard]] std::size_t rows_of_line() const {
    return fuzz::rows_of(view().text, window_.columns).size();
  }
  [[nodiscard]] DrawnText view() const {
    const std::string prompt = dialogue_.prompt(now_.mono);
    const std::string text = editor_.draft();
    const auto breaks = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    const std::string mark = dialogue_.mark_of(text.ends_with('\n') ? breaks : breaks + 1);
    return view_of({.prompt = prompt, .text = text, .point = text.size(), .mark = mark}, window_);
  }

  void do_something() {
    switch (input_.byte() % 12) {
      case 0:
      case 1:
      case 2:
        return type(is_plain_ ? plain_text(input_.text(), kTyped) : any_keys(input_.text()));
      case 3:
        return type(is_plain_ ? kKeys[input_.byte() % kKeys.size()] : any_keys(input_.text()));
      case 4:
        return type("\r");
      case 5:
        return paste();
      case 6:
        return resize_if_possible();
      case 7:
      case 8:
      case 9:
        return report(next_report());
      case 10:
        now_.mono += std::chrono::milliseconds{input_.byte() * 20};
        return show();
      default:
        return do_something_rare();
    }
  }
  void do_something_rare() {
    switch (input_.byte() % 4) {
      case 0:
        return stop();
      case 1:
        return interrupt();
      case 2:
        type("\x0c");  // clears the screen
        chat_.clear();
        base_ = screen_.scrolled();
        return;
      default:
        return quit();
    }
  }

  void paste() {
    std::string text =
        is_plain_ ? plain_text(input_.text(), kPlainCharacters.size()) : std::string{input_.text()};
    for (const std::string_view end : {"\x1b[201~", "\x13", "\x03", "\x1a", "\x1c"}) {
      while (text.contains(end)) text.erase(text.find(end), end.size());
    }
    type("\x1b[200~" + text + "\x1b[201~");
  }
  // A line that is higher than the new window has scrolled out of it before the program knows. In
  // two columns libvterm loses characters.
  void resize_if_possible() {
    const Window next{.columns = input_.byte() % 200U + 1, .rows = input_.byte() % 60U + 1};
    if (is_plain_ && (rows_of_line() > next.rows || next.columns < 3)) return;
    resize(next.columns, next.rows);
    editor_.fit_window();
    show();
  }
  void resize(std::size_t columns, std::size_t rows) {
    window_ = {.columns = columns, .rows = rows};
    terminal_.resize(static_cast<unsigned short>(columns), static_cast<unsigned short>(rows));
    read_output();
    screen_.resize(static_cast<int>(columns), static_cast<int>(rows));
    chat_.resize(columns);
    dialogue_.set_columns(columns);
  }
  Report next_report() {
    const auto text = [this](std::string_view bytes) {
      return is_plain_ ? plain_text(bytes, kPlainCharacters.size()) : std::string{bytes};
    };
    return fuzz::any_report(input_, text).value_or(Reconnecting{});
  }
  void report(const Report& report) {
    dialogue_.set_drafting(!editor_.draft().empty());
    for (const Report& piece : in_pieces(report)) {
      if (!is_over()) dialogue_.on_report(piece, now_);
    }
    show();
  }
  void type(std::string_view keys) {
    constexpr std::size_t kAtOnce = 4000;  // the terminal stores 4096
    for (; !keys.empty() && !is_over(); keys.remove_prefix(std::min(keys.size(), kAtOnce))) {
      terminal_.type(keys.substr(0, kAtOnce));
      while (!is_over() && fuzz::StdioTerminal::has_keys()) editor_.read_keys();
    }
  }
  void stop() {
    dialogue_.show_gathered();
    print(dialogue_.take_text());
    report_focus(false);
    editor_.suspend();
    read_output();
    require(check_.modes() == test::SequenceCheck::Modes{});
    editor_.resume();
    report_focus(true);
    show();
  }
  void interrupt() {
    if (!dialogue_.is_leaving() && dialogue_.drop_question()) {
      (void)editor_.clear_draft();
    } else if (!editor_.clear_draft()) {
      dialogue_.quit();
    }
    show();
  }
  void quit() {
    dialogue_.quit();
    show();
  }
  void report_focus(bool wanted) {
    if (can_report_focus_) editor_.print(wanted ? kFocusOn : kFocusOff);
  }
  void print(const std::string& text) {
    chat_.print(text, window_.columns);
    editor_.print(text);
  }
  void show() {
    if (is_over()) dialogue_.on_draft_left(editor_.draft());
    editor_.set_hidden(dialogue_.hides_input());
    editor_.set_kept(!dialogue_.is_asking());
    dialogue_.pass_time(now_.mono);
    print(dialogue_.take_text());
    (void)dialogue_.take_orders();
    (void)dialogue_.lines().take_log();
    if (!is_over()) return editor_.set_prompt(dialogue_.prompt(now_.mono));
    report_focus(false);
    can_report_focus_ = false;
    editor_.close();
  }

  void read_output() {
    const std::string output = terminal_.take_output();
    check_.read(output);
    if (is_plain_) screen_.write(output);
    require_none(check_.forbidden());
  }
  static void require_none(const std::string& fault) {
    if (!fault.empty()) (void)std::fprintf(stderr, "%s\n", fault.c_str());
    require(fault.empty());
  }
  void check() {
    read_output();
    if (!is_plain_ || is_over()) return;
    if (!is_plain_text(editor_.draft())) {  // a line of an earlier input, from the history
      is_plain_ = false;
      return;
    }
    type("\x05");
    read_output();
    const DrawnText line = view();
    const auto expected = fuzz::rows_of(line.text, window_.columns);
    const auto cursor = screen_.cursor();
    const Place place = place_of(line.text, line.cursor, window_.columns);
    require(cursor.column == place.column && cursor.row >= place.row);
    const std::size_t first = cursor.row - place.row;
    auto shown = screen_.rows();
    shown.resize(std::max(shown.size(), first + expected.size()));
    require(std::ranges::equal(std::span{shown}.subspan(first), expected));
    require_chat_above(first, expected.size());
  }
  // The rows of the chat, and below them so many rows of the input line.
  void require_chat_above(std::size_t first, std::size_t line) {
    auto rows = screen_.rows();
    require(rows.size() <= first + line);
    rows.resize(first);
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(base_, first)));
    require_none(chat_.difference(rows));
  }

  fuzz::Input& input_;
  bool is_plain_;
  fuzz::StdioTerminal terminal_;
  test::SequenceCheck check_;
  test::ScreenModel screen_{80, 24};
  Window window_;
  fuzz::ChatRows chat_;
  std::size_t base_{0};  // rows above the screen when it was cleared
  Dialogue::Now now_{.mono = MonoTime{std::chrono::hours{1}}, .wall = kFriday};
  Dialogue dialogue_{{.name = "ada",
                      .host = "lab.example",
                      .colors = Colors::many,
                      .alerts = {.bell = Bell::always,
                                 .notify = Bell::always,
                                 .notifier = {.form = Notifier::Form::osc9}},
                      .logs = true}};
  LineEditor editor_{
      {.line =
           [this](const std::string& line) {
             dialogue_.on_line(line, now_);
             show();
           },
       .end = [this] { quit(); },
       .complete = [this](std::string_view before,
                          std::string_view word) { return dialogue_.complete(before, word); },
       .room =
           [this](std::size_t number) {
             dialogue_.select_room(number);
             show();
           },
       .mark = [this](std::size_t lines) { return dialogue_.mark_of(lines); }}};
  bool can_report_focus_{false};
};

// An escape key is not waited for, and no key changes to the mode of vi.
constexpr std::string_view kInputrc =
    "set keyseq-timeout 1\n\"\\e\\C-j\": abort\n\"\\e\\C-m\": abort\n";

bool prepare() {
  static const fuzz::MemoryFile inputrc{kInputrc};
  ::setenv("INPUTRC", inputrc.path().c_str(), 1);
  ::setenv("TERM", "xterm-256color", 1);
  ::setenv("XTERM_VERSION", "XTerm(379)", 1);  // rows are cut in a narrower window
  for (const char* other : {"TERM_PROGRAM", "TMUX", "STY", "VTE_VERSION", "KONSOLE_VERSION",
                            "WEZTERM_PANE", "KITTY_WINDOW_ID"}) {
    ::unsetenv(other);
  }
  ::setenv("TZ", "UTC", 1);
  return std::setlocale(LC_ALL, "C.UTF-8") != nullptr;
}

}  // namespace
}  // namespace chatd::client

// readline keeps undo lists of lines that were changed and left, and never frees them. The leak
// check of sanitized programs calls this function.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char* __lsan_default_suppressions() { return "leak:libreadline"; }

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool is_prepared = chatd::client::prepare();
  require(is_prepared);
  chatd::fuzz::Input input{data, size};
  const bool is_plain = input.byte() % 2 == 0;
  chatd::client::TerminalProcess{input, is_plain}.run();
  return 0;
}
