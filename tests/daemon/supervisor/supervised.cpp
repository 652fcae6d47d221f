// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/daemon/supervisor/supervised.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <sstream>

#include "common/base/log.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/sys/channel.hpp"
#include "tests/support/processes.hpp"

namespace chatd::supervisor {

using chatd::test::eventually;
using std::chrono::milliseconds;

namespace {

constexpr int kBeat = 5;  // milliseconds, between two looks at the board

Board& make_board() {
  void* const memory =
      ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return *new (memory) Board{};
}

std::vector<config::Problem> warnings_about(const config::Config& config) {
  if (config.control.path.empty()) return {};
  return {{.where = "chatd.toml", .key = "control.path", .why = "has no effect"}};
}

// One line in the log, from any of the processes.
void note(const std::string& words) { chatd::log(LogLevel::notice, words); }

}  // namespace

Supervised::Supervised() : board_{make_board()} {
  chatd::test::adopt_orphans();
  config_.workers.hang_timeout = milliseconds{2000};
}

Supervised::~Supervised() {
  if (supervisor_ != 0) {
    ::kill(supervisor_, SIGKILL);
    ::waitpid(supervisor_, nullptr, 0);
  }
  for (const auto& left : chatd::test::children_of(::getpid())) {
    if (supervisor_ == 0) ADD_FAILURE() << "left behind: " << left.pid << ' ' << left.state;
    ::kill(left.pid, SIGKILL);
    ::waitpid(left.pid, nullptr, 0);
  }
  ::munmap(&board_, sizeof(Board));
}

void Supervised::start() {
  supervisor_ = ::fork();
  if (supervisor_ == 0) supervise();
}

void Supervised::start_and_await_ready() {
  start();
  ASSERT_TRUE(eventually([&] { return board_.times_ready.load() == 1; }));
}

void Supervised::take_descriptors() const {
  rlimit limit{};
  ASSERT_EQ(::prlimit(supervisor_, RLIMIT_NOFILE, nullptr, &limit), 0);
  limit.rlim_cur = 3;  // with none, poll() does not work either
  EXPECT_EQ(::prlimit(supervisor_, RLIMIT_NOFILE, &limit, nullptr), 0);
}

int Supervised::end() {
  int status = -1;
  EXPECT_TRUE(eventually([&] { return ::waitpid(supervisor_, &status, WNOHANG) != 0; }));
  supervisor_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void Supervised::supervise() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open((directory_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  // The roles keep only what is named and the standard streams.
  ::dup2(file, STDERR_FILENO);
  set_log_level(LogLevel::debug);
  Plan plan{.config = config_,
            .read_config = [this] { return read_config(); },
            .warnings = &warnings_about,
            .without_effect = {"control.path"},
            .gateway = role(0),
            .workers = {role(1), role(2)},
            .on_ready = [this]() -> Result<> {
              board_.times_ready.fetch_add(1);
              return {};
            },
            .sessions_are_kept = sessions_are_kept_,
            .successor = successor_};
  auto supervisor = Supervisor::create(
      std::move(plan), state::StateView::map(region_.get(), state::Access::writer).value());
  if (!supervisor) ::_exit(99);
  const auto done = (*supervisor)->run();
  supervisor->reset();  // as at the end of main(): children that were killed are collected
  if (!done) note("run: " + done.error().message());
  ::_exit(done ? (*done == Ending::stopped ? 0 : 20 + static_cast<int>(*done)) : 1);
}

std::expected<config::Config, std::vector<config::Problem>> Supervised::read_config() const {
  config::Config fresh = config_;
  switch (board_.configuration.load()) {
    case Choice::same:
      break;
    case Choice::other_burst:
      fresh.limits.burst = 77;
      break;
    case Choice::other_sessions:
      fresh.limits.sessions = 77;
      break;
    case Choice::other_control:
      fresh.control.path = "/elsewhere";
      break;
    case Choice::bad:
      return std::unexpected{std::vector<config::Problem>{
          {.where = "chatd.toml:1", .key = "limits.burts", .why = "unknown key"},
          {.where = "chatd.toml:2", .key = "log.level", .why = "wrong"}}};
  }
  return fresh;
}

Role Supervised::role(std::size_t index) {
  return {.name = index == 0 ? "gateway" : "worker " + std::to_string(index - 1),
          .descriptors = {},
          .run = [this, index](process::PipeEnd& supervisor, const config::Config& config) {
            return play(index, supervisor, config);
          }};
}

int Supervised::play(std::size_t index, process::PipeEnd& supervisor,
                     const config::Config& config) {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, nullptr);
  board_.burst[index].store(config.limits.burst);
  const auto act = [&] { return board_.act[index].load(); };
  if (act() == Act::die) return 3;
  if (act() == Act::fail) {
    (void)sys::send(supervisor, {.say = sys::Say::failed, .words = {"no luck today"}});
    return 1;
  }
  while (act() == Act::wait) {
    state::count(state_.process(index).heartbeat);
    ::poll(nullptr, 0, kBeat);
  }
  (void)sys::send(supervisor, {.say = sys::Say::ready});
  if (act() == Act::hang) {
    for (;;) ::pause();
  }
  return index == 0 ? play_gateway(supervisor) : play_worker(index);
}

int Supervised::play_gateway(process::PipeEnd& supervisor) {
  pollfd news{.fd = supervisor.fd(), .events = POLLIN, .revents = 0};
  for (;; ::poll(&news, 1, kBeat)) {
    state::count(state_.process(0).heartbeat);
    const Ask ask = board_.ask.load();
    if (ask == Ask::reload) (void)sys::send(supervisor, {.say = sys::Say::reload});
    if (ask == Ask::upgrade) (void)sys::send(supervisor, {.say = sys::Say::upgrade});
    if (ask == Ask::stop) (void)sys::send(supervisor, {.say = sys::Say::stop});
    if (ask != Ask::nothing) board_.ask = Ask::nothing;
    const auto message = sys::receive(supervisor);
    if (!message) continue;
    if (!*message) return 0;
    std::string words;
    for (const auto& word : (*message)->words) words += " " + word;
    switch ((*message)->say) {
      case sys::Say::quiesce:
        note("gateway: quiesce");
        (void)sys::send(supervisor, {.say = sys::Say::quiescent});
        break;
      case sys::Say::send_goodbyes:
        note("gateway: farewell");
        return 0;
      case sys::Say::hand_over:
        note("gateway: hand over");
        return 0;
      case sys::Say::upgrade_refused:
        note("gateway: no upgrade" + words);
        break;
      case sys::Say::reloaded:
        note("gateway: reloaded" + words);
        return 0;
      case sys::Say::refused:
        note("gateway: refused" + words);
        break;
      default:
        break;
    }
  }
}

int Supervised::play_worker(std::size_t index) {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  constexpr timespec kPatience{.tv_sec = 0, .tv_nsec = kBeat * 1'000'000};
  for (;;) {
    state::count(state_.process(index).heartbeat);
    if (::sigtimedwait(&term, nullptr, &kPatience) != SIGTERM) continue;
    note("worker " + std::to_string(index - 1) + ": asked to end");
    if (board_.act[index].load() != Act::stay) return 0;
  }
}

bool Supervised::is_replaced(std::size_t role, pid_t old) const {
  // In between it has no pid, and for a moment is still called ready.
  const pid_t now = pid_of(role);
  return now != 0 && now != old && state_of(role) == state::ProcessState::ready &&
         pid_of(role) == now;
}

std::vector<std::string> Supervised::log() const {
  std::vector<std::string> lines;
  std::istringstream in{chatd::test::file_text(directory_ / "log")};
  for (std::string time, level, message;
       in >> time >> level && std::getline(in >> std::ws, message);) {
    lines.push_back(message);
  }
  return lines;
}

std::size_t Supervised::place_of(std::string_view words) const {
  const auto lines = log();
  const auto found = std::ranges::find_if(
      lines, [&](const std::string& line) { return line.find(words) != std::string::npos; });
  EXPECT_NE(found, lines.end()) << words;
  return static_cast<std::size_t>(found - lines.begin());
}

void Supervised::await_log(std::string_view words) const {
  EXPECT_TRUE(eventually([&] {
    return chatd::test::file_text(directory_ / "log").find(words) != std::string::npos;
  })) << words
      << " is not in:\n"
      << chatd::test::file_text(directory_ / "log");
}

void Supervised::expect_no_zombie() const {
  for (const auto& child : chatd::test::children_of(supervisor_)) EXPECT_NE(child.state, 'Z');
}

}  // namespace chatd::supervisor
