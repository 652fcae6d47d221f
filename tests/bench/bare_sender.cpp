// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bare_sender.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "common/base/unique_fd.hpp"

namespace chatd::bench {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 64;

struct Batch {
  std::vector<sockaddr_storage> names;
  std::vector<mmsghdr> messages;
  iovec bytes{};

  explicit Batch(const BareLoad& load) : names(load.members.size()), messages(names.size()) {
    bytes = {.iov_base = const_cast<char*>(load.line.data()), .iov_len = load.line.size()};
    for (std::size_t i = 0; i < names.size(); ++i) {
      msghdr& header = messages[i].msg_hdr;
      header = {};
      header.msg_name = &names[i];
      header.msg_namelen = to_sockaddr(load.members[i], names[i]);
      header.msg_iov = &bytes;
      header.msg_iovlen = 1;
    }
  }

  void send(int fd) {
    for (std::size_t done = 0; done < messages.size();) {
      const auto count = std::min(kAtOnce, messages.size() - done);
      const int sent = ::sendmmsg(fd, &messages[done], static_cast<unsigned>(count), 0);
      if (sent < 0 && errno != EINTR) {
        std::perror("sendmmsg");
        ::_exit(1);
      }
      done += static_cast<std::size_t>(std::max(sent, 0));
    }
  }
};

void wait_until(steady_clock::time_point due) {
  const auto since_boot = due.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (since_boot - seconds).count()};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
  }
}

[[noreturn]] void send_all(const BareLoad& load) {
  const UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  Batch batch{load};
  auto due = steady_clock::now();
  for (int i = 0; i < load.messages; ++i, due += load.between) {
    wait_until(due);
    batch.send(socket.get());
  }
  ::_exit(0);
}

microseconds of(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + microseconds{time.tv_usec};
}

}  // namespace

microseconds send_bare(const BareLoad& load, const std::function<void()>& meanwhile) {
  const pid_t sender = ::fork();
  if (sender == 0) send_all(load);
  int status = -1;
  rusage used{};
  while (::wait4(sender, &status, WNOHANG, &used) == 0) meanwhile();
  if (status != 0) std::exit(EXIT_FAILURE);
  return of(used.ru_utime) + of(used.ru_stime);
}

}  // namespace chatd::bench
