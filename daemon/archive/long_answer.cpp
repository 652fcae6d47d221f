// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/long_answer.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace chatd::archive {

LongAnswer::Next LongAnswer::flush(MonoTime now) {
  if (sent_ == 0) moved_ = now;
  while (sent_ < output_.size()) {
    const ssize_t sent = ::send(caller_.get(), output_.data() + sent_, output_.size() - sent_,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno == EAGAIN ? Next::when_writable : Next::done;
    sent_ += static_cast<std::size_t>(sent);
    moved_ = now;
  }
  output_.clear();
  sent_ = 0;
  return Next::at_once;
}

bool LongAnswer::is_hung_up() const noexcept {
  pollfd caller{.fd = caller_.get(), .events = 0, .revents = 0};
  return ::poll(&caller, 1, 0) == 1;
}

LongAnswer::Next LongAnswer::reply(const wire::ControlReply& reply) {
  const std::string line = wire::encode(reply) + '\n';
  (void)::send(caller_.get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return Next::done;
}

}  // namespace chatd::archive
