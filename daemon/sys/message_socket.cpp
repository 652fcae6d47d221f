// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/message_socket.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace chatd::sys {

namespace {

// Space for the control messages with one descriptor and the sender. The kernel fills what is left
// of it with further descriptors, if a message has them.
struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(ucred))> bytes{};
};

void attach(msghdr& message, Control& control, int descriptor) {
  message.msg_control = control.bytes.data();
  message.msg_controllen = CMSG_SPACE(sizeof descriptor);
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
}

std::optional<pid_t> sender_of(const cmsghdr& header) {
  if (header.cmsg_level != SOL_SOCKET || header.cmsg_type != SCM_CREDENTIALS ||
      header.cmsg_len != CMSG_LEN(sizeof(ucred))) {
    return std::nullopt;
  }
  ucred sender{};
  std::memcpy(&sender, CMSG_DATA(&header), sizeof sender);
  return sender.pid;
}

// Each of them is open in this process now.
std::vector<UniqueFd> descriptors_of(const cmsghdr& header) {
  std::vector<UniqueFd> descriptors;
  if (header.cmsg_level != SOL_SOCKET || header.cmsg_type != SCM_RIGHTS) return descriptors;
  for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= header.cmsg_len; at += sizeof(int)) {
    int fd = -1;
    std::memcpy(&fd, reinterpret_cast<const char*>(&header) + at, sizeof fd);
    descriptors.emplace_back(fd);
  }
  return descriptors;
}

// A message of this program has one descriptor at most: all of a message with more are closed.
void read_control(msghdr& message, Packet& packet) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    auto descriptors = descriptors_of(*header);
    if (descriptors.size() == 1) packet.fd = std::move(descriptors.front());
    if (const auto sender = sender_of(*header)) packet.sender = *sender;
  }
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> make_message_pair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    return fail(Error::from_errno("socketpair"));
  }
  return std::pair{UniqueFd{ends[0]}, UniqueFd{ends[1]}};
}

Result<> ask_for_sender(int end) {
  const int on = 1;
  if (::setsockopt(end, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0) return {};
  return fail(Error::from_errno("SO_PASSCRED"));
}

Result<> send_bytes(int end, std::span<const std::byte> bytes, std::optional<int> descriptor) {
  if (bytes.size() > kMaxMessage) {
    errno = EMSGSIZE;
    return fail(Error::from_errno("send a message to another process"));
  }
  if (!descriptor) {
    // send() and not sendmsg(), which the sandbox of web forbids: it could pass descriptors on.
    if (::send(end, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
    return fail(Error::from_errno("send a message to another process"));
  }
  // sendmsg() does not write to the bytes.
  iovec part{.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  Control control;
  attach(header, control, *descriptor);
  if (::sendmsg(end, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
  return fail(Error::from_errno("send a message to another process"));
}

std::optional<Packet> take_packet(int end) {
  const ssize_t size = ::recv(end, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
  if (size < 0) return std::nullopt;
  Packet packet;
  if (std::cmp_less_equal(size, kMaxMessage)) packet.bytes.resize(static_cast<std::size_t>(size));
  iovec part{.iov_base = packet.bytes.data(), .iov_len = packet.bytes.size()};
  Control control;
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  if (::recvmsg(end, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) return std::nullopt;
  read_control(header, packet);
  return packet;
}

}  // namespace chatd::sys
