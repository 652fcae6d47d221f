// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/datagram_batch.hpp"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace chatd::io {

namespace {

// The local address of one received datagram. For IPv4 ipi_spec_dst, not ipi_addr: it is one of our
// own addresses even when the datagram was sent to a broadcast address.
IpAddress destination_of(msghdr& message) {
  Endpoint local;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    sockaddr_storage address{};
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      auto& v4 = reinterpret_cast<sockaddr_in&>(address);
      v4.sin_family = AF_INET;
      v4.sin_addr = info.ipi_spec_dst;
      local = from_sockaddr(address);
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      auto& v6 = reinterpret_cast<sockaddr_in6&>(address);
      v6.sin6_family = AF_INET6;
      // No datagram can be sent from the address of a group, as ff02::1.
      if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr)) v6.sin6_addr = info.ipi6_addr;
      // A link-local address means nothing without its interface.
      if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) v6.sin6_scope_id = info.ipi6_ifindex;
      local = from_sockaddr(address);
    }
  }
  return local.address;
}

// The size of each datagram of a run, except the last; `whole` if the message is not a run.
std::size_t segment_of(msghdr& message, std::size_t whole) noexcept {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != IPPROTO_UDP || c->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(c), sizeof size);
    if (size > 0) return static_cast<std::size_t>(size);
  }
  return whole;
}

// Limits of the retries of one send. A pending ICMP report of one destination is returned as an
// error by the next send on the socket, whatever its destination; the same send then succeeds when
// it is repeated. Every process that sends through the socket causes such reports, so many can
// follow each other, and ECONNREFUSED is never an error of the unconnected datagram itself. Other
// errors are retried only a few times.
constexpr int kTriesForOneDatagram = 4;
constexpr int kTriesPastReports = 256;

bool may_try_again(int error, int tries) {
  return tries < (error == ECONNREFUSED ? kTriesPastReports : kTriesForOneDatagram);
}

// Errors of a kernel, or of a device, that cannot split a run: see udp_send_skb() in
// net/ipv4/udp.c. A wrong destination gives other errors.
bool means_cannot_cut(int error) {
  return error == EIO || error == EINVAL || error == ENOPROTOOPT || error == EMSGSIZE;
}

// Appends a control message to those that `header` has already.
template <class Info>
void put_control(msghdr& header, std::byte* storage, int level, int type, const Info& info) {
  header.msg_control = storage;
  auto* c = reinterpret_cast<cmsghdr*>(storage + header.msg_controllen);
  header.msg_controllen += CMSG_SPACE(sizeof info);
  c->cmsg_level = level;
  c->cmsg_type = type;
  c->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(c), &info, sizeof info);
}

}  // namespace

DatagramReader::DatagramReader(std::size_t datagrams, std::size_t bytes)
    : bytes_each_{bytes},
      storage_(datagrams * bytes),
      names_(datagrams),
      vectors_(datagrams),
      controls_(datagrams),
      messages_(datagrams) {
  received_.reserve(datagrams * DatagramWriter::kMaxSegments);
  for (std::size_t i = 0; i < datagrams; ++i) {
    vectors_[i] = {.iov_base = storage_.data() + i * bytes, .iov_len = bytes};
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &names_[i];
    header.msg_iov = &vectors_[i];
    header.msg_iovlen = 1;
    header.msg_control = controls_[i].bytes;
  }
}

std::span<const Datagram> DatagramReader::receive(int fd) {
  for (auto& message : messages_) {
    message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    message.msg_hdr.msg_controllen = sizeof(Control);
  }
  // MSG_TRUNC returns the length on the wire, so that a datagram that is too long is noticed.
  int count = -1;
  for (int tries = 0; count < 0 && tries < kTriesForOneDatagram; ++tries) {
    count = ::recvmmsg(fd, messages_.data(), static_cast<unsigned>(messages_.size()),
                       MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
  }
  received_.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::max(count, 0)); ++i) add(i);
  return received_;
}

void DatagramReader::add(std::size_t index) {
  const std::size_t size = messages_[index].msg_len;
  const std::size_t each = segment_of(messages_[index].msg_hdr, size);
  const Datagram whole{
      .from = from_sockaddr(names_[index]),
      .to = destination_of(messages_[index].msg_hdr),
      .bytes = {storage_.data() + index * bytes_each_, std::min(size, bytes_each_)},
      .full_size = size};
  if (each >= size) return received_.push_back(whole);
  for (std::size_t at = 0; at < whole.bytes.size(); at += each) {
    Datagram& one = received_.emplace_back(whole);
    one.full_size = std::min(each, size - at);
    one.bytes = whole.bytes.subspan(at, std::min(each, whole.bytes.size() - at));
  }
}

void receive_runs(int fd) noexcept {
  const int on = 1;
  (void)::setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on);
}

DatagramWriter::DatagramWriter(std::size_t capacity)
    : names_(capacity),
      vectors_(capacity),
      each_(capacity),
      controls_(capacity),
      messages_(capacity) {
  for (std::size_t i = 0; i < capacity; ++i) {
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &names_[i];
    header.msg_iov = &vectors_[i];
    header.msg_iovlen = 1;
  }
}

void DatagramWriter::add_run(const Endpoint& to, const IpAddress& from,
                             std::span<const std::byte> bytes, std::size_t each) noexcept {
  const std::size_t i = used_++;
  messages_[i].msg_hdr.msg_namelen = to_sockaddr(to, names_[i]);
  // sendmmsg() never writes through iov_base; the type is the system's.
  vectors_[i] = {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
  each_[i] = each;
  set_source(i, from);
  if (is_run(i)) set_segment(i);
}

void DatagramWriter::set_source(std::size_t index, const IpAddress& from) noexcept {
  msghdr& header = messages_[index].msg_hdr;
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  if (from.is_wildcard()) return;
  sockaddr_storage address{};
  to_sockaddr({.address = from, .port = 0}, address);
  if (from.is_v4()) {
    in_pktinfo info{};
    info.ipi_spec_dst = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    put_control(header, controls_[index].bytes, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    info.ipi6_ifindex = from.scope;
    put_control(header, controls_[index].bytes, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

void DatagramWriter::set_segment(std::size_t index) noexcept {
  put_control(messages_[index].msg_hdr, controls_[index].bytes, IPPROTO_UDP, UDP_SEGMENT,
              static_cast<std::uint16_t>(each_[index]));
}

std::size_t DatagramWriter::callable_from(std::size_t first) const noexcept {
  std::size_t end = first;
  while (end < used_ && (kernel_cuts_ || !is_run(end))) ++end;
  return end - first;
}

DatagramWriter::Sent DatagramWriter::send_cut(int fd, std::size_t index) noexcept {
  const iovec whole = vectors_[index];
  msghdr header = messages_[index].msg_hdr;
  header.msg_controllen -= CMSG_SPACE(sizeof(std::uint16_t));  // the segment size, put last
  Sent sent = Sent::yes;
  for (std::size_t at = 0; at < whole.iov_len; at += each_[index]) {
    iovec piece{.iov_base = static_cast<std::byte*>(whole.iov_base) + at,
                .iov_len = std::min(each_[index], whole.iov_len - at)};
    header.msg_iov = &piece;
    for (int tries = 1; ::sendmsg(fd, &header, MSG_DONTWAIT) < 0; ++tries) {
      // The datagrams before this one are sent again when the whole run is repeated. Receivers
      // must accept duplicates anyway.
      if (errno == EAGAIN || errno == EWOULDBLOCK) return Sent::would_block;
      if (may_try_again(errno, tries)) continue;
      sent = Sent::failed;
      break;
    }
  }
  return sent;
}

DatagramWriter::Outcome DatagramWriter::send(int fd) noexcept {
  Outcome outcome;
  int tries = 0;
  while (outcome.done < used_ && !outcome.would_block) {
    const std::size_t first = outcome.done;
    const std::size_t callable = callable_from(first);
    if (callable == 0) {
      const Sent sent = send_cut(fd, first);
      outcome.would_block = sent == Sent::would_block;
      outcome.done += outcome.would_block ? 0 : 1;
      outcome.failed += sent == Sent::failed ? 1 : 0;
      continue;
    }
    const int sent =
        ::sendmmsg(fd, messages_.data() + first, static_cast<unsigned>(callable), MSG_DONTWAIT);
    if (sent > 0) {
      outcome.done += static_cast<std::size_t>(sent);
      tries = 0;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // The kernel reports an error only for the first datagram of the call (sendmmsg(2)).
      outcome.would_block = true;
    } else if (is_run(first) && means_cannot_cut(errno)) {
      kernel_cuts_ = false;
    } else if (!may_try_again(errno, ++tries)) {
      ++outcome.done;
      ++outcome.failed;
      tries = 0;
    }
  }
  return outcome;
}

}  // namespace chatd::io
