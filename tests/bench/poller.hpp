// SPDX-License-Identifier: GPL-3.0-or-later
// poller.hpp — an epoll instance for all sockets of the generator, with a wait in nanoseconds.
//
// Runs in:   benchmarks.
#pragma once

#include <sys/epoll.h>
#include <sys/resource.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <span>
#include <stdexcept>

#include "common/base/unique_fd.hpp"
#include "tests/bench/payload.hpp"

namespace chatd::bench {

class Poller {
 public:
  Poller() {
    // Each member needs a socket.
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
      limit.rlim_cur = limit.rlim_max;
      (void)::setrlimit(RLIMIT_NOFILE, &limit);
    }
  }
  void watch(int fd, std::size_t member) {
    epoll_event wanted{.events = EPOLLIN, .data = {.u64 = member}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &wanted) < 0) {
      throw std::runtime_error{"epoll_ctl"};
    }
  }
  // The members (data.u64) with something to read; waits for them, at most until `until`.
  std::span<const epoll_event> wait(Clock::time_point until) {
    const Nanos left = std::max<Nanos>(until - Clock::now(), Nanos{0});
    const timespec wait{.tv_sec = left.count() / 1'000'000'000,
                        .tv_nsec = left.count() % 1'000'000'000};
    const int count = ::epoll_pwait2(epoll_.get(), ready_.data(), static_cast<int>(ready_.size()),
                                     &wait, nullptr);
    return std::span{ready_}.first(static_cast<std::size_t>(std::max(count, 0)));
  }

 private:
  UniqueFd epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  std::array<epoll_event, 256> ready_{};
};

}  // namespace chatd::bench
