// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/pipe_channel.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace chatd::process {
namespace {

// The capacity of a channel. A page is used only after it was written, so a channel that carries
// little takes little memory.
constexpr std::size_t kRingBytes = std::size_t{256} * 1024;

// The header of every part. A receiver that gets a new start drops an unfinished message: its
// sender timed out or died.
struct PartHeader {
  std::uint64_t length;  // of the whole message
  std::uint64_t offset;  // of this part in it
};

// At most a quarter of the ring, so that the parts of a long message are copied in and out at the
// same time, and a half-empty ring always has space for the next part.
constexpr std::size_t kLargestPart = kRingBytes / 4 - 64;

// The interval at which a sender that waits for space checks whether there still is a receiver.
constexpr std::chrono::milliseconds kLookForReceiver{100};

enum class Socket { alive, closed };

Socket send_wakeup(int fd) noexcept {
  constexpr char kByte = 0;
  for (;;) {
    if (::send(fd, &kByte, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1) return Socket::alive;
    // The socket is full of unread bytes: it is readable already.
    if (errno == EAGAIN || errno == EWOULDBLOCK) return Socket::alive;
    if (errno == EPIPE) return Socket::closed;
    // EINTR: repeat. ECONNRESET is reported once; the next call reports the state.
    if (errno != EINTR && errno != ECONNRESET) return Socket::closed;
  }
}

Socket drain_wakeups(int fd) noexcept {
  std::array<char, 64> bytes{};
  for (;;) {
    const ssize_t got = ::recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got == 0) return Socket::closed;
    if (got == static_cast<ssize_t>(bytes.size())) continue;
    if (got > 0 || errno == EAGAIN || errno == EWOULDBLOCK) return Socket::alive;
    if (errno != EINTR && errno != ECONNRESET) return Socket::closed;
  }
}

constexpr const char* kSending = "send to pipe";
constexpr const char* kReceiving = "receive from pipe";

std::unexpected<Error> fail_closed() { return fail(Error::from_errno(kSending, EPIPE)); }

bool is_hung_up(int socket) {
  pollfd watched{.fd = socket, .events = 0, .revents = 0};
  return ::poll(&watched, 1, 0) == 1;
}

Result<> wait_for_space(ChannelState& state, std::uint32_t ticket, int socket,
                        const Deadline& deadline) {
  if (state.space.wait(ticket, deadline.within(kLookForReceiver))) return {};
  if (is_hung_up(socket)) return fail_closed();
  if (deadline.has_passed()) return fail(timed_out(kSending));
  return {};
}

}  // namespace

Result<> ChannelSender::send_part(int socket, RecordRing::Bytes header, RecordRing::Bytes part,
                                  const Deadline& deadline) {
  ChannelState& state = **memory_;
  for (;;) {
    if (!state.mutex.lock(deadline)) return fail(timed_out(kSending));
    if (state.ring.has_space_for(header.size() + part.size())) break;
    const auto ticket = state.space.enroll();
    state.mutex.unlock();
    if (auto space = wait_for_space(state, ticket, socket, deadline); !space) return space;
  }
  // The mutex is locked from here on.
  state.ring.prepare({header, part});
  if (!state.wakeup_sent.load(std::memory_order_relaxed)) {
    if (send_wakeup(socket) == Socket::closed) {
      state.mutex.unlock();
      return fail_closed();
    }
    publish(state.wakeup_sent, true);
  }
  state.ring.commit();
  state.mutex.unlock();
  return {};
}

Result<> ChannelSender::send(int socket, std::span<const std::byte> message,
                             const Deadline& deadline) {
  std::size_t offset = 0;
  do {
    const auto part = message.subspan(offset, std::min(kLargestPart, message.size() - offset));
    const PartHeader header{.length = message.size(), .offset = offset};
    auto sent = send_part(socket, std::as_bytes(std::span{&header, 1}), part, deadline);
    if (!sent) return sent;
    offset += part.size();
  } while (offset < message.size());
  return {};
}

void ChannelReceiver::take_front(ChannelState& state, int socket) {
  PartHeader header{};
  state.ring.copy_front(std::as_writable_bytes(std::span{&header, 1}));
  if (header.offset == 0) {
    message_.clear();
    length_ = header.length;
  }
  // Otherwise it is a part of a message whose start another holder of this end received.
  const bool wanted = length_ && header.offset == message_.size();
  if (wanted) {
    const std::size_t size = state.ring.front_size() - sizeof header;
    message_.resize(message_.size() + size);
    state.ring.copy_front(std::span{message_}.last(size), sizeof header);
  } else {
    length_.reset();
  }
  const std::size_t left = state.ring.used() - RecordRing::footprint(state.ring.front_size());
  if (left <= kRingBytes / 2) state.space.wake_all();
  state.ring.remove_front();
  if (left == 0) {
    publish(state.wakeup_sent, false);
    drain_wakeups(socket);  // the next call notices a closed sender
  }
}

Result<bool> ChannelReceiver::receive_part(int socket, const Deadline& deadline) {
  ChannelState& state = **memory_;
  for (;;) {
    if (!state.mutex.lock(deadline)) return fail(timed_out(kReceiving));
    if (!state.ring.is_empty()) {
      take_front(state, socket);
      state.mutex.unlock();
      return true;
    }
    publish(state.wakeup_sent, false);
    const Socket senders = drain_wakeups(socket);
    state.mutex.unlock();
    if (senders == Socket::closed) return false;
    auto readable = wait_for_events(socket, POLLIN, deadline);
    if (!readable) return fail(std::move(readable).error().within(kReceiving));
    if (!*readable) return fail(timed_out(kReceiving));
  }
}

Result<std::optional<std::vector<std::byte>>> ChannelReceiver::receive(int socket,
                                                                       const Deadline& deadline) {
  for (;;) {
    auto more = receive_part(socket, deadline);
    if (!more) return fail(std::move(more).error());
    if (!*more) return std::nullopt;
    if (length_ && message_.size() >= *length_) {
      length_.reset();
      return std::exchange(message_, {});
    }
  }
}

Result<std::pair<ChannelReceiver, ChannelSender>> make_channel() {
  auto state = SharedObject<ChannelState>::create(kRingBytes, kRingBytes);
  if (!state) return fail(std::move(state).error());
  auto memory = std::make_shared<SharedObject<ChannelState>>(std::move(*state));
  ChannelReceiver receiver{memory};
  ChannelSender sender{std::move(memory)};
  return std::pair{std::move(receiver), std::move(sender)};
}

}  // namespace chatd::process
