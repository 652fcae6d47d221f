// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/pipe.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace chatd::process {
namespace {

// Sequenced packets keep message boundaries and are atomic, so a reader needs one system
// call per message and never sees half of a short one. Longer messages go in several.
constexpr std::size_t kLargestPart = std::size_t{60} * 1024;

// Before every part. A receiver that sees a new start forgets an unfinished message: its
// sender gave up or died.
struct PartHeader {
  std::uint64_t length;  // of the whole message
  std::uint64_t offset;  // of this part in it
};

// A packet at a time: the socket tells when to wait, MSG_DONTWAIT keeps the wait in poll(2),
// which knows time-outs.
template <class Call>
Result<std::size_t> retry(int fd, short events, const Deadline& deadline, const char* doing,
                          Call call) {
  for (;;) {
    const ssize_t done = call();
    if (done >= 0) return static_cast<std::size_t>(done);
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return fail(Error::from_errno(doing));
    auto ready = wait_for_events(fd, events, deadline);
    if (!ready) return fail(std::move(ready).error().within(doing));
    if (!*ready) return fail(timed_out(doing));
  }
}

}  // namespace

Result<> PipeEnd::send(std::span<const std::byte> message, Timeout timeout) {
  const Deadline deadline{timeout};
  std::size_t offset = 0;
  do {
    const auto part = message.subspan(offset, std::min(kLargestPart, message.size() - offset));
    PartHeader header{.length = message.size(), .offset = offset};
    std::array<iovec, 2> pieces{
        {{.iov_base = &header, .iov_len = sizeof header},
         {.iov_base = const_cast<std::byte*>(part.data()), .iov_len = part.size()}}};
    msghdr packet{};
    packet.msg_iov = pieces.data();
    packet.msg_iovlen = pieces.size();
    auto sent = retry(fd(), POLLOUT, deadline, "send to pipe",
                      [&] { return ::sendmsg(fd(), &packet, MSG_DONTWAIT | MSG_NOSIGNAL); });
    if (!sent) return fail(std::move(sent).error());
    offset += part.size();
  } while (offset < message.size());
  return {};
}

Result<bool> PipeEnd::receive_packet(const Deadline& deadline) {
  packet_.resize(sizeof(PartHeader) + kLargestPart);
  auto got = retry(fd(), POLLIN, deadline, "receive from pipe", [&] {
    const ssize_t size = ::recv(fd(), packet_.data(), packet_.size(), MSG_DONTWAIT);
    // Closed with messages of ours unread: told once, then the rest can be received.
    if (size < 0 && errno == ECONNRESET) errno = EINTR;
    return size;
  });
  if (!got) return fail(std::move(got).error());
  if (*got == 0) return false;
  if (*got < sizeof(PartHeader)) return fail("receive from pipe: not a message of this toolkit");
  PartHeader header{};
  std::copy_n(packet_.data(), sizeof header, reinterpret_cast<std::byte*>(&header));
  if (header.offset == 0) {
    message_.clear();
    length_ = header.length;
  }
  if (!length_ || header.offset != message_.size()) {
    length_.reset();  // a part of a message whose start another holder of this end took
    return true;
  }
  message_.insert(message_.end(), packet_.begin() + sizeof header,
                  packet_.begin() + static_cast<std::ptrdiff_t>(*got));
  return true;
}

Result<std::optional<std::vector<std::byte>>> PipeEnd::receive(Timeout timeout) {
  const Deadline deadline{timeout};
  for (;;) {
    auto more = receive_packet(deadline);
    if (!more) return fail(std::move(more).error());
    if (!*more) return std::nullopt;
    if (length_ && message_.size() >= *length_) {
      length_.reset();
      return std::exchange(message_, {});
    }
  }
}

Result<std::pair<PipeEnd, PipeEnd>> make_pipe(PipeKind kind) {
  std::array<int, 2> sockets{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets.data()) < 0) {
    return fail(Error::from_errno("socketpair"));
  }
  PipeEnd first{UniqueFd{sockets[0]}};
  PipeEnd second{UniqueFd{sockets[1]}};
  if (kind == PipeKind::one_way && ::shutdown(first.fd(), SHUT_WR) < 0) {
    return fail(Error::from_errno("shutdown"));
  }
  return std::pair{std::move(first), std::move(second)};
}

}  // namespace chatd::process
