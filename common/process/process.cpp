// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include <fmt/format.h>

#include "common/process/child.hpp"

namespace chatd::process {
namespace {

std::string next_name() {
  static std::atomic<unsigned> count{0};
  return fmt::format("process-{}", ++count);
}

// glibc 2.36 has these two, but its header declares them with C++ linkage: no such symbol.
int pidfd_open(pid_t pid) noexcept { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

int pidfd_send_signal(int pidfd, int number) noexcept {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0));
}

ExitStatus from_siginfo(const siginfo_t& info) noexcept {
  if (info.si_code == CLD_EXITED) return {.code = info.si_status, .signal = 0};
  return {.code = -1, .signal = info.si_status};
}

enum class Look { lives, ended, collected_by_others };

// `extra` is WNOHANG | WNOWAIT to look only, 0 to wait and collect.
Look wait_by_pidfd(int pidfd, int extra, ExitStatus& status) noexcept {
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | extra) == 0) {
      if (info.si_pid == 0) return Look::lives;
      status = from_siginfo(info);
      return Look::ended;
    }
    if (errno != EINTR) return Look::collected_by_others;  // ECHILD
  }
}

}  // namespace

Process::Process(std::function<int()> target, Options options)
    : target_{std::move(target)}, options_{std::move(options)} {
  if (options_.name.empty()) options_.name = next_name();
}

Process::Process(Options options) : Process{std::function<int()>{}, std::move(options)} {}

Process::~Process() {
  if (!has_started() || owner_ != ::getpid() || collected_) return;
  // An error means that it has ended already.
  if (options_.daemon) static_cast<void>(kill());
  static_cast<void>(join());
}

Result<> Process::check_ours(const char* doing) const {
  if (!has_started()) return fail(Error{fmt::format("{} {}: not started yet", doing, name())});
  if (owner_ != ::getpid()) {
    return fail(Error{fmt::format("{} {}: not a child of this process", doing, name()), ECHILD});
  }
  return {};
}

Result<> Process::check_not_started(const char* doing) const {
  if (has_started()) return fail(Error{fmt::format("{} {}: already started", doing, name())});
  return {};
}

Result<> Process::set_daemon(bool daemon) {
  if (auto ok = check_not_started("make a daemon of"); !ok) return ok;
  options_.daemon = daemon;
  return {};
}

Result<> Process::set_name(std::string new_name) {
  if (auto ok = check_not_started("rename"); !ok) return ok;
  options_.name = std::move(new_name);
  return {};
}

int Process::run() { return target_(); }

Result<> Process::start() {
  if (auto ok = check_not_started("start"); !ok) return ok;
  const pid_t parent = ::getpid();
  auto forked = fork_child();
  if (!forked) return fail(std::move(forked).error().within("start " + name()));
  if (*forked == 0) {
    ChildSetup setup{.name = name(), .die_with = std::nullopt, .keep_fds = options_.keep_fds};
    if (options_.daemon) setup.die_with = parent;
    owner_ = parent;
    pid_ = ::getpid();
    run_child(setup, [this] { return run(); });
  }
  owner_ = parent;
  pid_ = *forked;
  // The pid is that of our child: it is not reused before this process has collected the child.
  pidfd_.reset(pidfd_open(pid_));
  if (!pidfd_.is_open() && errno != ESRCH) {
    // Without a pidfd the invariants of this class do not hold: the child is killed.
    const Error error = Error::from_errno("pidfd_open");
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
    return fail(Error{error}.within("start " + name()));
  }
  return {};
}

void Process::look() {
  if (status_ || !has_started() || owner_ != ::getpid()) return;
  ExitStatus status;
  const Look seen = pidfd_.is_open() ? wait_by_pidfd(pidfd_.get(), WNOHANG | WNOWAIT, status)
                                     : Look::collected_by_others;
  if (seen == Look::lives) return;
  if (seen == Look::ended) {
    status_ = status;
    return;
  }
  record_exit({});
}

void Process::collect() {
  ExitStatus status;
  if (wait_by_pidfd(pidfd_.get(), 0, status) == Look::ended) status_ = status;
  if (!status_) status_ = ExitStatus{};
  collected_ = true;
  pidfd_.reset();
}

bool Process::is_alive() {
  look();
  return has_started() && owner_ == ::getpid() && !status_;
}

std::optional<ExitStatus> Process::exit_status() {
  look();
  return status_;
}

Result<bool> Process::join(Timeout timeout) {
  if (auto ok = check_ours("join"); !ok) return fail(std::move(ok).error());
  if (collected_) return true;
  if (!pidfd_.is_open()) {
    record_exit({});
    return true;
  }
  // A pidfd is readable after the process has ended, also after it was collected.
  auto ended = wait_for_events(pidfd_.get(), POLLIN, Deadline{timeout});
  if (!ended) return fail(std::move(ended).error().within("join " + name()));
  if (!*ended) return false;
  collect();
  return true;
}

Result<> Process::terminate() { return send_signal(SIGTERM); }
Result<> Process::kill() { return send_signal(SIGKILL); }

Result<> Process::send_signal(int number) {
  if (auto ok = check_ours("signal"); !ok) return fail(Error{ok.error().message(), ESRCH});
  // Checked first: a signal to a zombie would succeed.
  if (!is_alive()) return fail(Error{fmt::format("signal {}: it has ended", name()), ESRCH});
  if (pidfd_send_signal(pidfd_.get(), number) < 0) {
    return fail(Error::from_errno("signal " + name()));
  }
  return {};
}

void Process::record_exit(ExitStatus status) noexcept {
  if (!status_ || !status_->is_known()) status_ = status;
  collected_ = true;
  pidfd_.reset();
}

}  // namespace chatd::process
