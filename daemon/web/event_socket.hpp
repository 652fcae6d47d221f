// SPDX-License-Identifier: GPL-3.0-or-later
// event_socket.hpp — the socket of an event stream to one browser.
//
// Runs in:   web.
// Owns:      the socket.
// Invariant: what the socket does not take is kept, at most what one call of send() had; nothing
//            further is accepted until it is sent. So a browser that reads nothing costs that, and
//            TCP_USER_TIMEOUT ends its connection.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/base/unique_fd.hpp"

namespace chatd::web {

class EventSocket {
 public:
  // Of the kernel, for each browser.
  static constexpr int kSendBuffer = 65'536;

  explicit EventSocket(UniqueFd fd) noexcept;

  enum class State { ready, blocked, broken };
  // Only in the state `ready`.
  State send(std::string_view bytes);
  // Sends the rest. To be called when the socket is writable.
  State flush();
  // True: the peer has ended the connection. Bytes that it sends into a stream are dropped.
  [[nodiscard]] bool is_over();

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] std::size_t kept() const noexcept { return rest_.size(); }

 private:
  UniqueFd fd_;
  std::string rest_;
  State state_{State::ready};
};

}  // namespace chatd::web
