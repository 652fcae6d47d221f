// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/pipe.hpp"

#include <sys/socket.h>

#include <array>

namespace chatd::process {

namespace {

using Sending = std::unique_ptr<ChannelSender>;
using Receiving = std::unique_ptr<ChannelReceiver>;

struct Direction {
  Receiving receiver;
  Sending sender;
};

Result<Direction> make_direction() {
  auto channel = make_channel();
  if (!channel) return fail(std::move(channel).error().within("make a pipe"));
  return Direction{std::make_unique<ChannelReceiver>(std::move(channel->first)),
                   std::make_unique<ChannelSender>(std::move(channel->second))};
}

}  // namespace

Result<> PipeEnd::send(std::span<const std::byte> message, Timeout timeout) {
  if (!sender_) return fail(Error{"send to pipe: this end is not for sending", EPIPE});
  return sender_->send(fd(), message, Deadline{timeout});
}

Result<std::optional<std::vector<std::byte>>> PipeEnd::receive(Timeout timeout) {
  if (!receiver_) return fail(Error{"receive from pipe: this end is not for receiving", EBADF});
  return receiver_->receive(fd(), Deadline{timeout});
}

void PipeEnd::close() noexcept {
  receiver_.reset();
  sender_.reset();
  socket_.reset();
}

Result<> PipeEnd::keep_out_of_children() const {
  if (receiver_) {
    if (auto done = receiver_->keep_out_of_children(); !done) return done;
  }
  return sender_ ? sender_->keep_out_of_children() : Result<>{};
}

Result<std::pair<PipeEnd, PipeEnd>> make_pipe(PipeKind kind) {
  std::array<int, 2> sockets{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) < 0) {
    return fail(Error::from_errno("make a pipe: socketpair"));
  }
  UniqueFd first{sockets[0]};
  UniqueFd second{sockets[1]};
  auto down = make_direction();
  if (!down) return fail(std::move(down).error());
  if (kind == PipeKind::one_way) {
    return std::pair{PipeEnd{std::move(first), std::move(down->receiver), nullptr},
                     PipeEnd{std::move(second), nullptr, std::move(down->sender)}};
  }
  auto up = make_direction();
  if (!up) return fail(std::move(up).error());
  return std::pair{PipeEnd{std::move(first), std::move(down->receiver), std::move(up->sender)},
                   PipeEnd{std::move(second), std::move(up->receiver), std::move(down->sender)}};
}

}  // namespace chatd::process
