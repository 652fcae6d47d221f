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

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/overloaded.hpp"
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

void ask_for(Ask ask, process::PipeEnd& supervisor) {
  if (ask == Ask::reload) (void)sys::send(supervisor, sys::AskReload{});
  if (ask == Ask::key) (void)sys::send(supervisor, sys::AskKey{.certificate = "new"});
  if (ask == Ask::upgrade) (void)sys::send(supervisor, sys::AskUpgrade{});
  if (ask == Ask::stop) (void)sys::send(supervisor, sys::AskStop{});
}

void ask_for_all(process::PipeEnd& supervisor) {
  for (int i = 0; i < 2; ++i) {
    for (const Ask ask : {Ask::reload, Ask::key, Ask::upgrade, Ask::stop}) ask_for(ask, supervisor);
    (void)sys::send(supervisor, sys::Quiescent{});
  }
}

// One line in the log, from any of the processes.
void note(const std::string& text) { chatd::log(LogLevel::notice, text); }

}  // namespace

Supervised::Supervised()
    : board_{make_board()},
      table_{{.name = "gateway",
              .count = 1,
              .stage = roles::Stage::ingress,
              .restart = roles::RestartGroup::last},
             {.name = "worker",
              .count = 2,
              .stage = roles::Stage::followers,
              .restart = roles::RestartGroup::first,
              .index_field = "CHATD_WORKER"}} {
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

void Supervised::limit_descriptors(rlim_t limit) const {
  rlimit both{};
  ASSERT_EQ(::prlimit(supervisor_, RLIMIT_NOFILE, nullptr, &both), 0);
  both.rlim_cur = std::min(limit, both.rlim_max);
  EXPECT_EQ(::prlimit(supervisor_, RLIMIT_NOFILE, &both, nullptr), 0);
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
  // The roles keep the standard streams and no other descriptor.
  ::dup2(file, STDERR_FILENO);
  set_log_level(LogLevel::debug);
  for (auto& role : table_) {
    role.run = [this, &role](const roles::Process& self, process::PipeEnd& supervisor,
                             const config::Config& config) {
      return play(role, self, supervisor, config);
    };
  }
  Plan plan{
      .config = config_,
      .read_config = [this] { return read_config(); },
      .change_key =
          [](const sys::AskKey& asked, const config::Config& config) {
            note(fmt::format("key with burst {}", config.limits.burst));
            return sys::KeyAnswer{.why = {}, .request = {}, .certificate = asked.certificate};
          },
      .renew_certificate = [this](const config::Config&) { return board_.renews.exchange(false); },
      .warnings = &warnings_about,
      .without_effect = {"control.path"},
      .roles = table_,
      .processes = roles::make_processes(table_).value().list,
      .inheritance = [](const auto&, const auto&) { return std::vector<int>{}; },
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
  supervisor->reset();  // as at the end of main(): killed children are reaped
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

int Supervised::play(const roles::Role& role, const roles::Process& self,
                     process::PipeEnd& supervisor, const config::Config& config) {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, nullptr);
  board_.burst[self.row].store(config.limits.burst);
  const auto act = [&] { return board_.act[self.row].load(); };
  if (act() == Act::die) return 3;
  if (act() == Act::fail) {
    (void)sys::send(supervisor, sys::Failed{"no luck today"});
    return 1;
  }
  while (act() == Act::wait) {
    state::count(state_.process(self.row).heartbeat);
    ::poll(nullptr, 0, kBeat);
  }
  (void)sys::send(supervisor, sys::Ready{});
  if (act() == Act::hang) {
    for (;;) ::pause();
  }
  if (act() == Act::ask) ask_for_all(supervisor);
  if (act() == Act::close) supervisor.close();
  const std::string name = roles::title_of(role, self);
  return role.stage == roles::Stage::ingress ? play_ingress(name, self.row, supervisor)
                                             : play_follower(name, self.row);
}

namespace {

std::string text_of(const sys::Reloaded& reloaded) {
  std::string text = "reloaded";
  for (const auto& change : reloaded.changes) {
    text += (change.needs_restart ? " restart " : " changed ") + change.setting;
  }
  for (const auto& warning : reloaded.warnings) text += " warning " + warning;
  return text;
}

std::string text_of(const sys::ReloadRefused& refused) {
  std::string text = "refused";
  for (const auto& problem : refused.problems) text += " " + problem;
  return text;
}

std::string text_of(const sys::KeyAnswer& answer) {
  return "key " + (answer.why.empty() ? answer.certificate + answer.request : answer.why);
}

}  // namespace

int Supervised::play_ingress(const std::string& name, std::uint32_t row,
                             process::PipeEnd& supervisor) {
  std::optional<int> end;
  const Overloaded handle{
      [&](const sys::Quiesce&) {
        note(name + ": quiesce");
        if (board_.act[row].load() != Act::stay) (void)sys::send(supervisor, sys::Quiescent{});
      },
      [&](const sys::Goodbye&) {
        note(name + ": goodbye");
        end = 0;
      },
      [&](const sys::HandOver&) {
        note(name + ": hand over");
        end = 0;
      },
      [&](const sys::Reloaded& reloaded) {
        note(name + ": " + text_of(reloaded));
        end = 0;
      },
      [&](const sys::ReloadRefused& refused) { note(name + ": " + text_of(refused)); },
      [&](const sys::KeyAnswer& answer) { note(name + ": " + text_of(answer)); },
      [&](const sys::UpgradeRefused& refused) { note(name + ": no upgrade " + refused.why); },
  };
  pollfd news{.fd = supervisor.fd(), .events = POLLIN, .revents = 0};
  for (; !end; ::poll(&news, 1, kBeat)) {
    state::count(state_.process(row).heartbeat);
    if (row == 0) ask_for(board_.ask.exchange(Ask::nothing), supervisor);
    const auto message = sys::receive_from_supervisor(supervisor);
    if (!message) continue;
    if (!*message) return 0;
    std::visit(handle, **message);
  }
  return *end;
}

int Supervised::play_follower(const std::string& name, std::uint32_t row) {
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  constexpr timespec kWait{.tv_sec = 0, .tv_nsec = kBeat * 1'000'000};
  for (;;) {
    state::count(state_.process(row).heartbeat);
    if (::sigtimedwait(&term, nullptr, &kWait) != SIGTERM) continue;
    note(name + ": asked to end");
    if (board_.act[row].load() != Act::stay) return 0;
  }
}

bool Supervised::is_replaced(std::size_t row, pid_t old) const {
  // Between two processes the row has no pid, and for a moment still the state `ready`.
  const pid_t now = pid_of(row);
  return now != 0 && now != old && state_of(row) == state::ProcessState::ready &&
         pid_of(row) == now;
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
