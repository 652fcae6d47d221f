// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/terminal_output.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <string_view>

#include "common/base/time.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::client {

namespace {

constexpr std::chrono::milliseconds kMaxWait{500};  // from hurry() on, for all writes together
// Bytes per write(2): a terminal that is ready takes so many without blocking.
constexpr std::size_t kPiece = 256;

UniqueFd open_signalfd() {
  sigset_t ending_signals;
  ::sigemptyset(&ending_signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ending_signals, number);
  return UniqueFd{::signalfd(-1, &ending_signals, SFD_NONBLOCK | SFD_CLOEXEC)};
}

// Continues output that was stopped by Ctrl-S: IXON is cleared and set again. (tcflow(3) continues
// only output that tcflow(3) has stopped.) Does nothing while this program is in the background:
// the terminal then belongs to another program.
void lift_stop(int fd) {
  termios modes{};
  if (::tcgetpgrp(fd) != ::getpgrp() || ::tcgetattr(fd, &modes) < 0) return;
  termios without = modes;
  without.c_iflag &= ~static_cast<tcflag_t>(IXON);
  ::tcsetattr(fd, TCSANOW, &without);
  ::tcsetattr(fd, TCSANOW, &modes);
}

}  // namespace

TerminalOutput::TerminalOutput(int fd) : fd_{fd}, ending_signals_{open_signalfd()} {
  stream_.reset(::fopencookie(this, "w", {nullptr, &on_write, nullptr, nullptr}));
  if (stream_)
    (void)std::setvbuf(stream_.get(), nullptr, _IOLBF, BUFSIZ);  // as a terminal's stdout
}

void TerminalOutput::hurry() {
  if (deadline_) return;
  deadline_ = mono_now() + kMaxWait;
  lift_stop(fd_);
}

bool TerminalOutput::wait_until_writable() {
  while (true) {
    std::array<pollfd, 2> waits{
        pollfd{.fd = fd_, .events = POLLOUT, .revents = 0},
        pollfd{.fd = ending_signals_.get(), .events = POLLIN, .revents = 0}};
    int timeout = -1;  // without limit
    if (deadline_) {
      waits[1].fd = -1;  // a signal was seen already
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - mono_now());
      timeout = static_cast<int>(std::max(left, std::chrono::milliseconds{0}).count());
    }
    const int found = ::poll(waits.data(), waits.size(), timeout);
    if (found < 0 && errno == EINTR) continue;
    if (waits[0].revents != 0) return true;
    if (found <= 0) return false;
    hurry();
  }
}

void TerminalOutput::write(std::string_view text) {
  while (!text.empty() && wait_until_writable()) {
    const ssize_t written = ::write(fd_, text.data(), std::min(text.size(), kPiece));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return;  // the terminal was closed
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Dropped bytes count as written: readline cannot handle an error.
ssize_t TerminalOutput::on_write(void* self, const char* bytes, std::size_t size) {
  static_cast<TerminalOutput*>(self)->write({bytes, size});
  return static_cast<ssize_t>(size);
}

}  // namespace chatd::client
