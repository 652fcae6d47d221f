// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/pipe.hpp"

namespace chatd::process {

Result<> PipeEnd::send(std::span<const std::byte> message, Timeout timeout) {
  if (!sender_) return fail(Error{"send to pipe: this end is not for sending", EPIPE});
  return sender_->send(message, Deadline{timeout});
}

Result<std::optional<std::vector<std::byte>>> PipeEnd::receive(Timeout timeout) {
  if (!receiver_) return fail(Error{"receive from pipe: this end is not for receiving", EBADF});
  return receiver_->receive(Deadline{timeout});
}

int PipeEnd::fd() const noexcept {
  if (receiver_) return receiver_->fd();
  return sender_ ? sender_->fd() : -1;
}

std::vector<int> PipeEnd::fds() const {
  std::vector<int> fds;
  if (receiver_) fds.push_back(receiver_->fd());
  if (sender_) fds.push_back(sender_->fd());
  return fds;
}

void PipeEnd::close() noexcept {
  receiver_.reset();
  sender_.reset();
}

Result<std::pair<PipeEnd, PipeEnd>> make_pipe(PipeKind kind) {
  auto there = make_channel();
  if (!there) return fail(std::move(there).error().within("make a pipe"));
  if (kind == PipeKind::one_way) {
    return std::pair{PipeEnd{std::move(there->first), std::nullopt},
                     PipeEnd{std::nullopt, std::move(there->second)}};
  }
  auto back = make_channel();
  if (!back) return fail(std::move(back).error().within("make a pipe"));
  return std::pair{PipeEnd{std::move(there->first), std::move(back->second)},
                   PipeEnd{std::move(back->first), std::move(there->second)}};
}

}  // namespace chatd::process
