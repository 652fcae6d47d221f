// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/crowd.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"
#include "tests/support/told_joins.hpp"

namespace chatd::test {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Crowd::Crowd(const Endpoint& server, std::size_t members)
    : server_{server}, poll_{::epoll_create1(EPOLL_CLOEXEC)}, members_(members), buffer_(65536) {
  for (std::size_t i = 0; i < members; ++i) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    EXPECT_EQ(::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, members_[i].socket.fd(), &event), 0);
  }
}

void Crowd::send(std::size_t member, std::string_view command) const {
  members_[member].socket.send(server_, command);
}

void Crowd::receive(milliseconds timeout) {
  std::array<epoll_event, 256> events{};
  const int ready = ::epoll_wait(poll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(timeout.count()));
  for (int i = 0; i < ready; ++i) read_all(members_[events[static_cast<std::size_t>(i)].data.u64]);
}

void Crowd::read_all(Member& member) {
  for (;;) {
    const ssize_t size = ::recv(member.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0) return;
    std::string_view rest{buffer_.data(), static_cast<std::size_t>(size)};
    for (;;) {
      const auto end = rest.find('\n');
      member.lines.emplace_back(rest.substr(0, end));
      ++lines_read_;
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }
}

// False if the condition holds for too long.
template <class Condition>
bool Crowd::receive_while(Condition is_waiting) {
  const auto deadline = steady_clock::now() + kGenerous;
  while (is_waiting()) {
    if (steady_clock::now() >= deadline) return false;
    receive(milliseconds{20});
  }
  return true;
}

bool Crowd::enter() {
  constexpr std::size_t kAtOnce = 20;  // fits into the server's receive buffer
  for (std::size_t i = 0; i < size(); ++i) {
    send(i, "L m" + std::to_string(i));
    const bool wait_here = (i + 1) % kAtOnce == 0 || i + 1 == size();
    if (!wait_here) continue;
    // The first line of each member is the reply to its login.
    if (!receive_while([&] { return members_[i].lines.empty(); })) return false;
  }
  if (!receive_while([&] {
        return std::ranges::any_of(members_, [](const Member& m) { return m.lines.empty(); });
      })) {
    return false;
  }
  return std::ranges::all_of(members_, [](const Member& m) { return m.lines.front() == "OK"; });
}

bool Crowd::receive_until(std::string_view line) {
  std::size_t behind = 0;  // all members before this one have received the line
  return receive_while([&] {
    while (behind < size() &&
           std::ranges::find(members_[behind].lines, line) != members_[behind].lines.end()) {
      ++behind;
    }
    return behind < size();
  });
}

bool Crowd::receive_joins() {
  return receive_while([&] { return told_joins(members_.front().lines) < size() - 1; });
}

void Crowd::forget_lines() {
  for (Member& member : members_) member.lines.clear();
  lines_read_ = 0;
}

}  // namespace chatd::test
