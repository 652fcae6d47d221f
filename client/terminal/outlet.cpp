// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/outlet.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <fmt/format.h>

namespace chatd::client {

namespace {

// Bytes per write(2). A pipe that is ready takes PIPE_BUF bytes without blocking, pipe(7). For a
// terminal there is no such rule, but its smallest buffer has 256 bytes.
constexpr std::size_t kPipePiece = PIPE_BUF;
constexpr std::size_t kTerminalPiece = 256;

// True if write(2) does not block: it can write, or it reports an error.
bool is_ready(int fd) {
  pollfd ready{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&ready, 1, 0) > 0;
}

}  // namespace

Outlet::Outlet(int fd, std::string name)
    : fd_{fd}, name_{std::move(name)}, piece_{::isatty(fd) == 1 ? kTerminalPiece : kPipePiece} {}

Result<> Outlet::flush() {
  Result<> done{};
  std::size_t gone = 0;
  while (gone < waiting_.size() && is_ready(fd_)) {
    const std::size_t size = std::min(piece_, waiting_.size() - gone);
    const ssize_t written = ::write(fd_, waiting_.data() + gone, size);
    if (written >= 0) {
      gone += static_cast<std::size_t>(written);
    } else if (errno == EAGAIN) {
      break;  // another process has set O_NONBLOCK
    } else if (errno != EINTR) {
      done = fail(Error::from_errno(name_));
      gone = waiting_.size();
    }
  }
  waiting_.erase(0, gone);
  return done;
}

void complain(std::string_view why) {
  Outlet errors{STDERR_FILENO, "standard error"};
  errors.put(fmt::format("uchat: {}\n", why));
  (void)errors.flush();
}

}  // namespace chatd::client
