// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/daemonize.hpp"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction() is not in <csignal>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

namespace chatd::sys {

namespace {

// The first byte of a report; the exit status and the reason follow kFailed, up to the end of the
// stream.
constexpr char kReady = 'R';
constexpr char kFailed = 'F';

// A socket and not a pipe: MSG_NOSIGNAL keeps a daemon alive whose caller was interrupted.
bool send_all(int channel, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(channel, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// False at the end of the stream.
bool receive_more(int channel, std::string& text) {
  std::array<char, 4096> part{};
  ssize_t got = ::recv(channel, part.data(), part.size(), 0);
  while (got < 0 && errno == EINTR) got = ::recv(channel, part.data(), part.size(), 0);
  if (got <= 0) return false;
  text.append(part.data(), static_cast<std::size_t>(got));
  return true;
}

[[noreturn]] void wait_for_report(int channel, pid_t session_leader) {
  while (::waitpid(session_leader, nullptr, 0) < 0 && errno == EINTR) {
  }
  std::string report;
  while (receive_more(channel, report)) {
    // Not only at the end of the stream: a child of the daemon may hold it open.
    if (report.front() == kReady) ::_exit(EXIT_SUCCESS);
  }
  const bool has_reason = report.size() > 2;
  const std::string why = has_reason
                              ? report.substr(2)
                              : "the daemon ended while it started, without a word; the system log "
                                "(`journalctl -t chatd`) may have the reason";
  static_cast<void>(std::fputs(("chatd: " + why + "\n").c_str(), stderr));
  ::_exit(has_reason ? static_cast<unsigned char>(report[1]) : EXIT_FAILURE);
}

[[noreturn]] void give_up(UniqueFd channel, const Error& error) {
  StartupReport{std::move(channel)}.failed(error.message());
  ::_exit(EXIT_FAILURE);
}

Result<> refuse_under_systemd() {
  for (const char* const variable : {"NOTIFY_SOCKET", "LISTEN_FDS"}) {
    if (::getenv(variable) == nullptr) continue;
    return fail(std::string{"$"} + variable +
                " is set: a service manager runs chatd and watches this process, so it must stay "
                "in the foreground. Leave out --daemon (in a unit: Type=notify)");
  }
  return {};
}

// A daemon must not inherit the signal dispositions that nohup, a shell or a test has set.
void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) {
    ::sigaction(number, &action, nullptr);  // fails for SIGKILL, SIGSTOP, glibc's own: fine
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

Result<> let_go_of_the_terminal() {
  if (::chdir("/") < 0) return fail(Error::from_errno("chdir /"));
  UniqueFd null{::open("/dev/null", O_RDWR | O_NOCTTY)};
  if (!null.is_open()) return fail(Error::from_errno("open /dev/null"));
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::dup2(null.get(), standard) < 0) return fail(Error::from_errno("dup2"));
  }
  // The caller had closed one of the three, /dev/null has its number and stays open.
  if (null.get() <= STDERR_FILENO) static_cast<void>(null.release());
  return {};
}

}  // namespace

Result<> StartupReport::ready() {
  if (!std::exchange(awaited_, false)) return {};
  const UniqueFd channel = std::move(channel_);
  if (send_all(channel.get(), {&kReady, 1})) return {};
  return fail("the process that started the daemon is gone: its start was interrupted");
}

void StartupReport::failed(std::string_view why, int status) {
  if (!std::exchange(awaited_, false)) return;
  const UniqueFd channel = std::move(channel_);
  const std::array head{kFailed, static_cast<char>(status)};
  if (send_all(channel.get(), {head.data(), head.size()})) send_all(channel.get(), why);
}

Result<> keep_standard_descriptors_only() {
  if (::close_range(STDERR_FILENO + 1, ~0U, 0) < 0) return fail(Error::from_errno("close_range"));
  // open() takes the lowest free number, so this fills the gaps in order.
  for (int fd = ::open("/dev/null", O_RDWR | O_NOCTTY);; fd = ::open("/dev/null", O_RDWR)) {
    if (fd < 0) return fail(Error::from_errno("open /dev/null"));
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return {};
  }
}

Result<StartupReport> daemonize() {
  if (auto allowed = refuse_under_systemd(); !allowed) return fail(std::move(allowed.error()));
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    return fail(Error::from_errno("socketpair"));
  }
  UniqueFd receiver{ends[0]};
  UniqueFd sender{ends[1]};

  static_cast<void>(
      std::fflush(nullptr));  // or each process would write what is buffered once more
  reset_signals();
  const pid_t session_leader = ::fork();
  if (session_leader < 0) return fail(Error::from_errno("fork"));
  if (session_leader > 0) {
    sender.reset();  // or the end of the stream would never come
    wait_for_report(receiver.get(), session_leader);
  }
  receiver.reset();

  ::umask(S_IWGRP | S_IRWXO);
  if (::setsid() < 0) give_up(std::move(sender), Error::from_errno("setsid"));
  // Once more: a process that is no session leader can never be given a controlling
  // terminal by opening one.
  const pid_t daemon = ::fork();
  if (daemon < 0) give_up(std::move(sender), Error::from_errno("fork"));
  if (daemon > 0) ::_exit(EXIT_SUCCESS);

  if (auto done = let_go_of_the_terminal(); !done) give_up(std::move(sender), done.error());
  return StartupReport{std::move(sender)};
}

}  // namespace chatd::sys
