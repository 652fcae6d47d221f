// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/event_socket.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace chatd::web {

// If the kernel refuses, its own limit is in force.
EventSocket::EventSocket(UniqueFd fd) noexcept : fd_{std::move(fd)} {
  (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
}

EventSocket::State EventSocket::send(std::string_view bytes) {
  const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return state_ = State::broken;
  const std::size_t taken = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (taken == bytes.size()) return state_ = State::ready;
  rest_ = bytes.substr(taken);
  return state_ = State::blocked;
}

EventSocket::State EventSocket::flush() {
  if (state_ != State::blocked) return state_;
  const std::string rest = std::move(rest_);
  rest_ = {};
  return send(rest);
}

bool EventSocket::is_over() {
  std::array<char, 512> ignored{};
  const ssize_t got = ::recv(fd_.get(), ignored.data(), ignored.size(), MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

}  // namespace chatd::web
