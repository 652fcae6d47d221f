// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal_output.hpp"

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

constexpr std::chrono::milliseconds kHurry{500};
// A terminal that is ready takes so much without waiting.
constexpr std::size_t kPiece = 256;

UniqueFd look_for_endings() {
  sigset_t endings;
  ::sigemptyset(&endings);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&endings, number);
  return UniqueFd{::signalfd(-1, &endings, SFD_NONBLOCK | SFD_CLOEXEC)};
}

// Turning off for a moment that there are stops by Ctrl-S; tcflow(3) lifts only its own. Whoever
// has the terminal while this program is in the background keeps it as it is.
void lift_stop(int fd) {
  termios modes{};
  if (::tcgetpgrp(fd) != ::getpgrp() || ::tcgetattr(fd, &modes) < 0) return;
  termios without = modes;
  without.c_iflag &= ~static_cast<tcflag_t>(IXON);
  ::tcsetattr(fd, TCSANOW, &without);
  ::tcsetattr(fd, TCSANOW, &modes);
}

}  // namespace

TerminalOutput::TerminalOutput(int fd) : fd_{fd}, endings_{look_for_endings()} {
  stream_.reset(::fopencookie(this, "w", {nullptr, &on_write, nullptr, nullptr}));
  if (stream_)
    (void)std::setvbuf(stream_.get(), nullptr, _IOLBF, BUFSIZ);  // as a terminal's stdout
}

void TerminalOutput::hurry() {
  if (deadline_) return;
  deadline_ = mono_now() + kHurry;
  lift_stop(fd_);
}

bool TerminalOutput::wait_for_room() {
  while (true) {
    std::array<pollfd, 2> waits{pollfd{.fd = fd_, .events = POLLOUT, .revents = 0},
                                pollfd{.fd = endings_.get(), .events = POLLIN, .revents = 0}};
    int patience = -1;
    if (deadline_) {
      waits[1].fd = -1;  // seen already
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - mono_now());
      patience = static_cast<int>(std::max(left, std::chrono::milliseconds{0}).count());
    }
    const int found = ::poll(waits.data(), waits.size(), patience);
    if (found < 0 && errno == EINTR) continue;
    if (waits[0].revents != 0) return true;
    if (found <= 0) return false;
    hurry();
  }
}

void TerminalOutput::write(std::string_view text) {
  while (!text.empty() && wait_for_room()) {
    const ssize_t written = ::write(fd_, text.data(), std::min(text.size(), kPiece));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return;  // it has gone
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// What is dropped counts as written: readline could do nothing about it.
ssize_t TerminalOutput::on_write(void* self, const char* bytes, std::size_t size) {
  static_cast<TerminalOutput*>(self)->write({bytes, size});
  return static_cast<ssize_t>(size);
}

}  // namespace chatd::client
