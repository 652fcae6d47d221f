// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/passed_descriptor.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace chatd::io {

namespace {

// Space for the control message with one descriptor.
struct Rights {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

}  // namespace

Result<PassingPair> make_passing_pair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    return fail(Error::from_errno("socketpair"));
  }
  return PassingPair{.sender = UniqueFd{ends[0]}, .receiver = UniqueFd{ends[1]}};
}

Result<> pass_descriptor(int sender, int descriptor, std::string_view line) {
  Rights rights;
  iovec text{.iov_base = const_cast<char*>(line.data()), .iov_len = line.size()};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  message.msg_control = rights.bytes.data();
  message.msg_controllen = rights.bytes.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  if (::sendmsg(sender, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
  return fail(Error::from_errno("pass a descriptor"));
}

std::optional<PassedDescriptor> take_descriptor(int receiver, std::size_t max_bytes) {
  PassedDescriptor passed;
  passed.line.resize(max_bytes);
  Rights rights;
  iovec text{.iov_base = passed.line.data(), .iov_len = passed.line.size()};
  msghdr message{};
  message.msg_iov = &text;
  message.msg_iovlen = 1;
  message.msg_control = rights.bytes.data();
  message.msg_controllen = rights.bytes.size();
  const ssize_t got = ::recvmsg(receiver, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return std::nullopt;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof(int))) {
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    passed.fd.reset(descriptor);
  }
  if (!passed.fd.is_open()) return std::nullopt;
  const bool is_cut = (message.msg_flags & MSG_TRUNC) != 0;
  passed.line.resize(is_cut ? 0 : static_cast<std::size_t>(got));
  return passed;
}

}  // namespace chatd::io
