// SPDX-License-Identifier: GPL-3.0-or-later
// datagram_batch.hpp — many datagrams in one system call, in both directions.
//
// Runs in:   gateway (both), worker (sending).
// Owns:      its buffers, all made at construction: no call allocates.
// Invariant: a reply to a datagram swaps its `from` and `to`.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/base/address.hpp"

namespace chatd::io {

// One received datagram. Borrows from the DatagramReader until its next receive().
struct Datagram {
  Endpoint from;
  IpAddress to;  // the local address that the sender used; the wildcard if it was an IPv6 group
  std::span<const std::byte> bytes;  // at most the size of the reader's buffers
  std::size_t full_size{};           // the size on the wire; more than bytes.size(): cut
};

// Receives datagrams by recvmmsg(2).
class DatagramReader {
 public:
  // Receives at most `datagrams` a call, each cut to `bytes`. A run of datagrams that the kernel
  // delivers as one (see receive_runs()) is split; `bytes` must hold a whole run.
  DatagramReader(std::size_t datagrams, std::size_t bytes);

  // Returns the queued datagrams, oldest first; empty when there are none. Never blocks. An error
  // of the socket (a pending ICMP report) is cleared and counts as "none".
  [[nodiscard]] std::span<const Datagram> receive(int fd);

 private:
  struct Control {
    alignas(cmsghdr) std::byte bytes[128];
  };
  // Adds the datagrams of one message of the kernel.
  void add(std::size_t index);

  std::size_t bytes_each_;
  std::vector<std::byte> storage_;
  std::vector<sockaddr_storage> names_;
  std::vector<iovec> vectors_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
  std::vector<Datagram> received_;
};

// Lets the kernel deliver a run of datagrams from one sender as one (UDP_GRO, udp(7)). On loopback
// a run that was sent as one is then never split: it costs a quarter. For sockets that receive from
// one peer; where the kernel has no UDP_GRO, nothing changes.
void receive_runs(int fd) noexcept;

// Collects datagrams and sends them by sendmmsg(2).
class DatagramWriter {
 public:
  explicit DatagramWriter(std::size_t capacity);

  // Adds a datagram. `from` is the local address to send from; the wildcard lets the kernel choose.
  // The bytes are borrowed until clear(). Not when is_full().
  void add(const Endpoint& to, const IpAddress& from, std::span<const char> bytes) noexcept {
    add_run(to, from, std::as_bytes(bytes), 0);
  }
  // Adds a run: several datagrams to one address, each of `each` bytes except the last one, which
  // may be shorter; at most kMaxSegments. The kernel splits the run (UDP_SEGMENT, udp(7)); where it
  // cannot, send() does. `each` 0: one datagram, whatever its size.
  void add_run(const Endpoint& to, const IpAddress& from, std::span<const std::byte> bytes,
               std::size_t each) noexcept;
  // The limit of older kernels; newer ones take 128. A whole run is below 64 KiB, too.
  static constexpr std::size_t kMaxSegments = 64;

  // The result of send().
  struct Outcome {
    std::size_t done{};    // entries from the front that are sent or failed
    std::size_t failed{};  // of these: refused by the kernel for good (no route, too long, ...)
    bool would_block{};    // the socket is full: wait until it is writable
  };
  // Sends in order, stops where the socket is full. Does not clear().
  Outcome send(int fd) noexcept;

  void clear() noexcept { used_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] bool is_full() const noexcept { return used_ == messages_.size(); }

 private:
  struct Control {
    alignas(cmsghdr)
        std::byte bytes[CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(std::uint16_t))];
  };
  enum class Sent { yes, failed, would_block };
  void set_source(std::size_t index, const IpAddress& from) noexcept;
  void set_segment(std::size_t index) noexcept;
  [[nodiscard]] bool is_run(std::size_t index) const noexcept {
    return each_[index] != 0 && vectors_[index].iov_len > each_[index];
  }
  // The number of entries, from `first` on, that one system call may send.
  [[nodiscard]] std::size_t callable_from(std::size_t first) const noexcept;
  Sent send_cut(int fd, std::size_t index) noexcept;

  std::size_t used_{0};
  bool kernel_cuts_{true};  // false after the kernel refused a run (no checksum offload)
  std::vector<sockaddr_storage> names_;
  std::vector<iovec> vectors_;
  std::vector<std::size_t> each_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
};

}  // namespace chatd::io
