// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/terminal.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "client/terminal/focus_keys.hpp"
#include "client/terminal/line_editor.hpp"
#include "client/terminal/outlet.hpp"
#include "common/io/event_loop.hpp"

namespace chatd::client {

namespace {

// The maximum number of reports that are handled before the keyboard is read again.
constexpr int kReportsAtOnce = 200;
constexpr std::chrono::milliseconds kTick{250};  // for what Dialogue::ticks() says
constexpr std::chrono::milliseconds kQuitTimeout{5000};
// A user that is seen is in the file so much later: many that begin to write cause few writes.
constexpr std::chrono::milliseconds kUntilUsersAreKept{1000};
// After a new window size so long nothing is written: a terminal that is resized again and again
// wraps its rows at once, but may report the width later (tmux: up to 250 ms).
constexpr std::chrono::milliseconds kUntilSizeIsKnown{300};

// Connects the keyboard, the screen, the signals and the session process with the Dialogue.
class Terminal {
 public:
  Terminal(io::EventLoop& loop, SessionProcess& session, Dialogue& dialogue,
           const HistoryFile& history, const KnownUsers& users, LogFile* log)
      : loop_{loop},
        session_{session},
        dialogue_{dialogue},
        history_{history},
        users_{users},
        log_{log} {}

  Result<> start();
  void finish();

 private:
  static Dialogue::Now now() { return {.mono = mono_now(), .wall = wall_now()}; }
  Result<> watch_signals();
  Result<> watch_input();
  void wait_for_size();
  void take_size();
  // A signal about a new size may come later than what is printed next.
  void learn_width() { dialogue_.set_columns(editor_.columns()); }
  void take_reports();
  void show();
  void write_log();
  void keep_users();
  void keep_users_soon();
  void interrupt();
  void quit();
  void report_focus(bool wanted);
  void stop_for_the_shell();
  void go_on();
  void tick_while_needed();

  io::EventLoop& loop_;
  SessionProcess& session_;
  Dialogue& dialogue_;
  const HistoryFile& history_;
  const KnownUsers& users_;
  bool users_failed_{false};  // the user was told that they cannot be kept
  LogFile* log_;              // null: none
  LineEditor editor_{
      {.line =
           [this](const std::string& line) {
             learn_width();
             dialogue_.on_line(line, now());
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
       .kept = [this](const std::string& line) { history_.append(line); },
       .mark = [this](std::size_t lines) { return dialogue_.mark_of(lines); }}};
  std::vector<io::EventLoop::Watch> watches_;
  std::vector<io::EventLoop::Watch> inputs_;  // the keyboard and the session process
  io::EventLoop::Watch size_timer_;           // active: the size of the window is not known
  bool interrupted_{false};                   // Ctrl-C came meanwhile
  io::EventLoop::Watch ticking_;
  io::EventLoop::Watch users_timer_;
  io::EventLoop::Watch quit_timer_;
  bool can_report_focus_{false};
};

Result<> Terminal::start() {
  if (auto done = watch_input(); !done) return done;
  if (auto done = watch_signals(); !done) return done;
  for (const std::string& line : history_.load()) editor_.add_to_history(line);
  learn_width();
  dialogue_.start();
  can_report_focus_ = bind_focus_keys(
      [this](bool has_focus) { dialogue_.lines().unread_mark().set_focus(has_focus, mono_now()); });
  editor_.open(dialogue_.prompt(mono_now()));
  report_focus(true);
  show();
  return {};
}

Result<> Terminal::watch_input() {
  inputs_.clear();
  auto keys = loop_.on_readable(STDIN_FILENO, [this] { editor_.read_keys(); });
  if (!keys) return fail(std::move(keys).error());
  inputs_.push_back(std::move(*keys));
  auto reports = loop_.on_readable(session_.fd(), [this] { take_reports(); });
  if (!reports) return fail(std::move(reports).error());
  inputs_.push_back(std::move(*reports));
  return {};
}

// Until the timer ends, keys and reports wait.
void Terminal::wait_for_size() {
  auto timer = loop_.after(kUntilSizeIsKnown, [this] { take_size(); });
  if (!timer) return take_size();
  size_timer_ = std::move(*timer);
  inputs_.clear();
}

void Terminal::take_size() {
  size_timer_ = {};
  editor_.fit_window();
  learn_width();
  if (!watch_input()) return quit();
  if (std::exchange(interrupted_, false)) return interrupt();
  show();
}

void Terminal::finish() {
  report_focus(false);
  editor_.close();
}

// Asks the terminal to report its focus, or ends the reports: the shell does not know them.
void Terminal::report_focus(bool wanted) {
  if (can_report_focus_) editor_.print(wanted ? kFocusOn : kFocusOff);
}

Result<> Terminal::watch_signals() {
  struct Reaction {
    int number;
    io::EventLoop::Handler handler;
  };
  // Ctrl-S may have stopped the output, and the user may not continue it.
  const auto leave_soon = [this] {
    editor_.hurry();
    if (size_timer_.is_active()) take_size();
    quit();
  };
  const std::array reactions{
      Reaction{SIGINT, [this] { interrupt(); }},
      Reaction{SIGTERM, leave_soon},
      Reaction{SIGHUP, leave_soon},
      Reaction{SIGTSTP, [this] { stop_for_the_shell(); }},
      Reaction{SIGCONT,
               [this] {
                 dialogue_.lines().unread_mark().stop();
                 go_on();
               }},
      Reaction{SIGWINCH, [this] { wait_for_size(); }},
  };
  for (const auto& [number, handler] : reactions) {
    auto watch = loop_.on_signal(number, handler);
    if (!watch) return fail(std::move(watch).error());
    watches_.push_back(std::move(*watch));
  }
  return {};
}

void Terminal::take_reports() {
  dialogue_.set_drafting(!editor_.draft().empty());
  learn_width();
  for (int i = 0; i < kReportsAtOnce; ++i) {
    const auto report = session_.receive();
    if (!report) break;
    dialogue_.on_report(*report, now());
  }
  if (session_.has_ended() && !dialogue_.outcome()) {
    dialogue_.on_session_lost(session_.how_it_ended());
  }
  show();
}

// Ctrl-C clears the typed text first, as in a shell, with the lines that are asked about, and
// answers another question with no. If there is none, it quits.
void Terminal::interrupt() {
  interrupted_ = size_timer_.is_active();
  if (interrupted_) return;
  if (!dialogue_.is_leaving() && dialogue_.drop_question()) {
    (void)editor_.clear_draft();
    return show();
  }
  if (dialogue_.is_leaving() || !editor_.clear_draft()) return quit();
  dialogue_.set_drafting(false);
  show();
}

void Terminal::quit() {
  dialogue_.quit();
  if (!quit_timer_.is_active()) {
    auto timer = loop_.after(kQuitTimeout, [this] {
      dialogue_.quit();  // the second call ends the dialogue
      show();
    });
    if (timer) quit_timer_ = std::move(*timer);
  }
  show();
}

// Shows new text, sends new orders, and updates the prompt.
void Terminal::show() {
  if (size_timer_.is_active()) return;
  if (dialogue_.outcome()) dialogue_.on_draft_left(editor_.draft());
  editor_.set_hidden(dialogue_.hides_input());
  editor_.set_kept(!dialogue_.is_asking());
  dialogue_.pass_time(mono_now());
  write_log();
  editor_.print(dialogue_.take_text());
  keep_users_soon();
  session_.send_all(dialogue_.take_orders());
  if (dialogue_.outcome()) {
    keep_users();
    report_focus(false);
    can_report_focus_ = false;
    editor_.close();
    return loop_.stop();
  }
  editor_.set_prompt(dialogue_.prompt(mono_now()));
  tick_while_needed();
}

void Terminal::write_log() {
  if (log_ == nullptr) return;
  if (const auto error = log_->append(dialogue_.lines().take_log())) {
    dialogue_.on_log_failed(error->message());
  }
}

// Comes when their messages are on the screen.
void Terminal::keep_users_soon() {
  if (users_timer_.is_active() || !dialogue_.lines().seen_users().has_new()) return;
  if (auto timer = loop_.after(kUntilUsersAreKept, [this] { keep_users(); })) {
    users_timer_ = std::move(*timer);
  }
}

void Terminal::keep_users() {
  users_timer_ = {};
  SeenUsers& seen = dialogue_.lines().seen_users();
  const auto users = seen.take();
  if (users.empty()) return;
  const auto done = users_.add(seen.server(), users);
  if (done || std::exchange(users_failed_, true)) return;
  dialogue_.on_users_not_kept(done.error());
  if (!size_timer_.is_active()) editor_.print(dialogue_.take_text());
}

void Terminal::tick_while_needed() {
  if (!dialogue_.ticks()) {
    ticking_ = {};
  } else if (!ticking_.is_active()) {
    auto timer = loop_.every(kTick, [this] { show(); });
    if (timer) ticking_ = std::move(*timer);
  }
}

// Stops the process as the default action of SIGTSTP does, but restores the terminal before.
void Terminal::stop_for_the_shell() {
  if (size_timer_.is_active()) take_size();
  dialogue_.show_gathered();
  write_log();
  editor_.print(dialogue_.take_text());
  keep_users();
  dialogue_.lines().unread_mark().stop();
  report_focus(false);
  editor_.suspend();
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, SIGTSTP);
  (void)std::signal(SIGTSTP, SIG_DFL);
  (void)std::raise(SIGTSTP);  // the event loop has blocked it: it is delivered by the next line
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  // The process is stopped here until `fg`. In an orphaned process group the kernel does not stop
  // it.
  ::sigprocmask(SIG_BLOCK, &only, nullptr);
  // Removes the pending SIGCONT: with it the event loop would show the line a second time.
  ::sigemptyset(&only);
  ::sigaddset(&only, SIGCONT);
  const timespec at_once{};
  (void)::sigtimedwait(&only, nullptr, &at_once);
  go_on();
}

// Continues after a stop. The lines that have come meanwhile are shown first.
void Terminal::go_on() {
  if (std::exchange(size_timer_, {}).is_active() && !watch_input()) return quit();
  editor_.resume();
  report_focus(true);
  take_reports();
  dialogue_.lines().unread_mark().go_on(mono_now());
}

}  // namespace

Outcome run_terminal(SessionProcess& session, Dialogue& dialogue, const HistoryFile& history,
                     const KnownUsers& users, LogFile* log) {
  auto loop = io::EventLoop::create();
  if (!loop) {
    complain(loop.error().message());
    return Outcome::failed;
  }
  Terminal terminal{*loop, session, dialogue, history, users, log};
  auto done = terminal.start();
  if (done && !dialogue.outcome()) done = loop->run();
  terminal.finish();
  if (!done) {
    complain(done.error().message());
    return Outcome::failed;
  }
  if (const std::string last = dialogue.closing_line(); !last.empty()) {
    complain(last);
  }
  return dialogue.outcome().value_or(Outcome::done);
}

}  // namespace chatd::client
