// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/archive_channel.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "common/process/codec.hpp"

namespace chatd::sys {

namespace {

// Space for the control message with one descriptor.
struct Rights {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

void attach(msghdr& message, Rights& rights, int descriptor) {
  message.msg_control = rights.bytes.data();
  message.msg_controllen = rights.bytes.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
}

UniqueFd attached(msghdr& message) {
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  int descriptor = -1;
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof descriptor)) {
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  }
  return UniqueFd{descriptor};
}

template <class Message>
Result<> send_one(int end, const Message& message, std::optional<int> descriptor) {
  process::Bytes bytes;
  process::Codec<Message>::write(bytes, message);
  if (bytes.size() > kMaxArchiveMessage) {
    errno = EMSGSIZE;
    return fail(Error::from_errno("send a message on the archive's channel"));
  }
  iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  Rights rights;
  if (descriptor) attach(header, rights, *descriptor);
  if (::sendmsg(end, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
  return fail(Error::from_errno("send a message on the archive's channel"));
}

struct Packet {
  process::Bytes bytes;
  UniqueFd fd;
};

// nullopt: there is none. Of one that is too long there are no bytes.
std::optional<Packet> take(int end) {
  const ssize_t size = ::recv(end, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
  if (size <= 0) return std::nullopt;  // 0: the other end is closed, nothing sends empty messages
  Packet packet;
  if (std::cmp_less_equal(size, kMaxArchiveMessage)) {
    packet.bytes.resize(static_cast<std::size_t>(size));
  }
  iovec part{.iov_base = packet.bytes.data(), .iov_len = packet.bytes.size()};
  Rights rights;
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = rights.bytes.data();
  header.msg_controllen = rights.bytes.size();
  if (::recvmsg(end, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) return std::nullopt;
  packet.fd = attached(header);
  return packet;
}

// Messages that cannot be read are skipped; the socket's buffer bounds their number.
template <class Message>
std::optional<Message> receive_one(int end, UniqueFd& fd) {
  while (auto packet = take(end)) {
    std::span<const std::byte> rest{packet->bytes};
    Message message;
    if (!process::Codec<Message>::read(rest, message) || !rest.empty()) continue;
    fd = std::move(packet->fd);
    return message;
  }
  return std::nullopt;
}

}  // namespace

Result<ArchivePair> make_archive_pair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    return fail(Error::from_errno("socketpair"));
  }
  return ArchivePair{.gateway = UniqueFd{ends[0]}, .archive = UniqueFd{ends[1]}};
}

Result<> send(int gateway_end, const ToArchive& message, std::optional<int> descriptor) {
  return send_one(gateway_end, message, descriptor);
}

Result<> send(int archive_end, const ToGateway& message) {
  return send_one(archive_end, message, std::nullopt);
}

std::optional<FromGateway> receive_from_gateway(int archive_end) {
  FromGateway got;
  auto message = receive_one<ToArchive>(archive_end, got.fd);
  if (!message) return std::nullopt;
  got.message = std::move(*message);
  return got;
}

std::optional<ToGateway> receive_from_archive(int gateway_end) {
  UniqueFd none;
  return receive_one<ToGateway>(gateway_end, none);
}

}  // namespace chatd::sys
