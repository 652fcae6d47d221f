// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/script_run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "client/script/progress.hpp"
#include "client/terminal/outlet.hpp"
#include "client/words/file_words.hpp"
#include "common/base/time.hpp"
#include "common/io/event_loop.hpp"

namespace chatd::client {

namespace {

constexpr int kReportsAtOnce = 200;
constexpr std::chrono::milliseconds kQuitTimeout{5000};
// Time limit for leaving the room after an error, for example of standard output.
constexpr std::chrono::milliseconds kLeaveTimeout{1000};

// epoll does not take files and devices such as /dev/null; they are always readable.
bool can_be_waited_for(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return false;
  return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || ::isatty(fd) == 1;
}

bool is_pipe_to_write(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0 || !S_ISFIFO(status.st_mode)) return false;
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) == O_WRONLY;
}

// A row that the line of the progress fits into.
bool has_terminal_for_progress() {
  constexpr unsigned kMinColumns = 60;
  winsize size{};
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view{term} != "dumb" &&
         ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= kMinColumns &&
         ::isatty(STDIN_FILENO) == 0;
}

class ScriptLoop {
 public:
  ScriptLoop(io::EventLoop& loop, SessionProcess& session, Script& script,
             std::optional<wire::Language> progress)
      : loop_{loop},
        session_{session},
        script_{script},
        progress_{progress.value_or(wire::Language::en), progress && has_terminal_for_progress()} {}

  Result<> start(std::optional<std::chrono::milliseconds> timeout);
  void go_on();
  [[nodiscard]] bool goes_on() const { return !is_over() && !failed_; }
  // Set if the run could not go on, for example because standard output cannot be written.
  [[nodiscard]] const std::optional<Error>& failed() const noexcept { return failed_; }
  void finish(const std::string& words);  // the last words; "": none

 private:
  void take_reports();
  void read_input();
  void watch_input();
  void watch_output();
  void watch_reports();
  void watch_reader();
  void quit();
  void give_up_later();
  void write();
  void show_progress();
  void remove_progress();
  [[nodiscard]] bool is_over() const {
    return script_.outcome() && (out_.is_empty() || interrupted_);
  }
  // Stores a watch. If it could not be made, the run fails.
  void keep(Result<io::EventLoop::Watch> made, io::EventLoop::Watch& watch);

  io::EventLoop& loop_;
  SessionProcess& session_;
  Script& script_;
  Outlet out_{STDOUT_FILENO, "standard output"};
  Outlet remarks_{STDERR_FILENO, "standard error"};
  Progress progress_;
  bool interrupted_{false};
  std::optional<Error> failed_;
  std::vector<io::EventLoop::Watch> watches_;
  io::EventLoop::Watch reports_;
  io::EventLoop::Watch writable_;
  io::EventLoop::Watch input_;
  io::EventLoop::Watch reader_;
  io::EventLoop::Watch giving_up_;
};

void ScriptLoop::keep(Result<io::EventLoop::Watch> made, io::EventLoop::Watch& watch) {
  if (made) {
    watch = *std::move(made);
  } else {
    failed_ = std::move(made).error();
    loop_.stop();
  }
}

Result<> ScriptLoop::start(std::optional<std::chrono::milliseconds> timeout) {
  (void)std::signal(SIGPIPE, SIG_IGN);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    keep(loop_.on_signal(number, [this] { quit(); }), watches_.emplace_back());
  }
  if (timeout) {
    const auto on_timeout = [this] {
      script_.set_time(wall_now());
      script_.on_timeout();
      give_up_later();
      go_on();
    };
    keep(loop_.after(*timeout, on_timeout), watches_.emplace_back());
  }
  if (progress_.is_on()) {
    keep(loop_.every(Progress::kPeriod, [this] { show_progress(); }), watches_.emplace_back());
  }
  if (script_.needs_reader() && is_pipe_to_write(STDOUT_FILENO)) watch_reader();
  if (failed_) return fail(*failed_);
  script_.set_time(wall_now());
  script_.start();
  go_on();
  return {};
}

void ScriptLoop::take_reports() {
  script_.set_time(wall_now());
  for (int i = 0; i < kReportsAtOnce && !script_.outcome(); ++i) {
    const auto report = session_.receive();
    if (!report) break;
    script_.on_report(*report);
  }
  if (session_.has_ended()) script_.on_session_lost(session_.how_it_ended());
  go_on();
}

void ScriptLoop::quit() {
  interrupted_ = true;
  script_.set_time(wall_now());
  script_.quit();
  give_up_later();
  go_on();
}

void ScriptLoop::give_up_later() {
  auto timer = loop_.after(kQuitTimeout, [this] {
    interrupted_ = true;
    script_.set_time(wall_now());
    script_.quit();  // as a second signal does
    go_on();
  });
  if (timer) giving_up_ = std::move(*timer);
}

void ScriptLoop::go_on() {
  write();
  // A reader that reads nothing would block the end for ever.
  if (interrupted_ && !out_.is_empty()) script_.quit();
  session_.send_all(script_.take_orders());
  if (!goes_on()) return loop_.stop();
  watch_output();
  watch_reports();
  watch_input();
}

// Standard error and standard output may be the same terminal.
void ScriptLoop::remove_progress() {
  if (!remarks_.is_empty()) return;
  remarks_.put(progress_.remove());
  (void)remarks_.flush();
}

void ScriptLoop::show_progress() {
  if (!remarks_.is_empty()) return;
  remarks_.put(progress_.update(script_.sent(), script_.waiting(), mono_now()));
  (void)remarks_.flush();
}

void ScriptLoop::write() {
  const std::string text = script_.take_text();
  if (!text.empty()) remove_progress();
  out_.put(text);
  // Remarks never block the lines: if they cannot be written at once, they are dropped.
  const std::string remarks = script_.take_remarks();
  if (!remarks.empty()) remove_progress();
  if (remarks_.is_empty()) remarks_.put(remarks);
  (void)remarks_.flush();
  if (auto done = out_.flush(); !done) {
    failed_ = std::move(done).error();
  }
}

void ScriptLoop::watch_output() {
  if (out_.is_empty()) {
    writable_ = {};
    return;
  }
  if (!writable_.is_active()) keep(loop_.on_writable(out_.fd(), [this] { go_on(); }), writable_);
}

// Without this, a script that has nothing to print would not notice that its reader is gone. Of a
// pipe's end for writing, only this is reported as readable.
void ScriptLoop::watch_reader() {
  const auto check = [this] {
    pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
    const bool is_gone = ::poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
    reader_ = {};
    if (!is_gone) return;
    failed_ = Error::from_errno("standard output", EPIPE);
    loop_.stop();
  };
  keep(loop_.on_readable(STDOUT_FILENO, check), reader_);
}

// While standard output is not read, reports stay in the session process, which keeps a limited
// number of them.
void ScriptLoop::watch_reports() {
  if (!out_.is_empty() || script_.outcome()) {
    reports_ = {};
    return;
  }
  if (reports_.is_active()) return;
  keep(loop_.on_readable(session_.fd(), [this] { take_reports(); }), reports_);
}

void ScriptLoop::watch_input() {
  if (!script_.wants_input()) {
    input_ = {};
    return;
  }
  if (input_.is_active()) return;
  const auto read = [this] { read_input(); };
  keep(can_be_waited_for(STDIN_FILENO) ? loop_.on_readable(STDIN_FILENO, read)
                                       : loop_.after(std::chrono::milliseconds{0}, read),
       input_);
}

void ScriptLoop::read_input() {
  if (!can_be_waited_for(STDIN_FILENO)) input_ = {};  // it was read once
  std::array<char, 4096> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got > 0) {
    script_.on_input({buffer.data(), static_cast<std::size_t>(got)});
  } else {
    script_.on_input_end();
  }
  go_on();
}

void ScriptLoop::finish(const std::string& words) {
  remove_progress();
  if (words.empty()) return;
  remarks_.put("uchat: " + words + "\n");
  (void)remarks_.flush();
}

// Leaves the room, and waits until the session process has done it. If it were ended before, the
// member would stay in the room until the server ends its session.
void leave(SessionProcess& session) {
  session.send(Quit{});
  const auto limit = mono_now() + kLeaveTimeout;
  while (!session.has_ended()) {
    while (const auto report = session.receive()) {
      if (std::holds_alternative<Ended>(*report)) return;
    }
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(limit - mono_now());
    pollfd reports{.fd = session.fd(), .events = POLLIN, .revents = 0};
    if (rest.count() <= 0 || ::poll(&reports, 1, static_cast<int>(rest.count())) <= 0) return;
  }
}

}  // namespace

Outcome run_script(SessionProcess& session, Script& script, const RunLimits& limits) {
  auto loop = io::EventLoop::create();
  if (!loop) {
    complain(loop.error().message());
    return Outcome::failed;
  }
  ScriptLoop running{*loop, session, script, limits.progress};
  auto done = running.start(limits.timeout);
  if (done && running.goes_on()) done = loop->run();
  if (done && running.failed()) done = fail(*running.failed());
  if (!done) {
    leave(session);
    // The reader closed the pipe on purpose: that is not reported.
    running.finish(done.error().code() == EPIPE ? "" : file_error(script.language(), done.error()));
    return Outcome::failed;
  }
  running.finish(script.closing_line());
  return script.outcome().value_or(Outcome::done);
}

}  // namespace chatd::client
