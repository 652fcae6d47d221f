// SPDX-License-Identifier: GPL-3.0-or-later
// datagram_batch.hpp — many datagrams in one system call, both ways.
//
// Runs in:   gateway (both), worker (sending).
// Owns:      its buffers, all made at construction: no call allocates.
// Invariant: a datagram's `from`/`to` pair is what a reply needs, turned round.
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

// One datagram as it came in. Borrows from the DatagramReader until its next receive().
struct Datagram {
  Endpoint from;
  IpAddress to;                      // which of our addresses the sender used
  std::span<const std::byte> bytes;  // at most what the reader's buffers hold
  std::size_t full_size{};           // as it was on the wire; more than bytes: cut
};

class DatagramReader {
 public:
  // At most `datagrams` a call, each cut to `bytes`. Runs of datagrams that the kernel hands
  // over as one, see receive_runs(), come out one by one; `bytes` must hold a whole run.
  DatagramReader(std::size_t datagrams, std::size_t bytes);

  // Takes what waits, oldest first; empty when nothing does. Never blocks. An error of the
  // socket (a pending ICMP report) is taken off and reads as "nothing".
  [[nodiscard]] std::span<const Datagram> receive(int fd);

 private:
  struct Control {
    alignas(cmsghdr) std::byte bytes[128];
  };
  // Adds what one message of the kernel holds.
  void add(std::size_t index);

  std::size_t bytes_each_;
  std::vector<std::byte> storage_;
  std::vector<sockaddr_storage> names_;
  std::vector<iovec> vectors_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
  std::vector<Datagram> received_;
};

// From now on the kernel may hand over a run of datagrams from one sender as one (UDP_GRO,
// udp(7)). On loopback a run that was sent as one is then never cut: a quarter of the cost. For
// those who hear from one peer; where the kernel cannot, nothing changes.
void receive_runs(int fd) noexcept;

class DatagramWriter {
 public:
  explicit DatagramWriter(std::size_t capacity);

  // `from` is the local address to leave from; the wildcard lets the kernel choose. The
  // bytes are borrowed until clear(). Not when is_full().
  void add(const Endpoint& to, const IpAddress& from, std::span<const char> bytes) noexcept {
    add_run(to, from, std::as_bytes(bytes), 0);
  }
  // Several datagrams to one address, `each` bytes long but for the last one, which may be
  // shorter; at most kMostSegments. The kernel cuts them (UDP_SEGMENT, udp(7)); where it
  // cannot, send() does. 0: one datagram, whatever its size.
  void add_run(const Endpoint& to, const IpAddress& from, std::span<const std::byte> bytes,
               std::size_t each) noexcept;
  // Of older kernels; newer ones take 128. All of a run together is below 64 KiB, too.
  static constexpr std::size_t kMostSegments = 64;

  struct Outcome {
    std::size_t done{};    // entries from the front that need no second try: sent or failed
    std::size_t failed{};  // of these: refused by the kernel for good (no route, too long, ...)
    bool would_block{};    // the socket is full; wait until it is writable
  };
  // Sends in order, stops where the socket is full. Does not clear.
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
  // So many entries from `first` on may go in one call.
  [[nodiscard]] std::size_t callable_from(std::size_t first) const noexcept;
  Sent send_cut(int fd, std::size_t index) noexcept;

  std::size_t used_{0};
  bool kernel_cuts_{true};  // until it refuses once: no checksum offload on the way, say
  std::vector<sockaddr_storage> names_;
  std::vector<iovec> vectors_;
  std::vector<std::size_t> each_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
};

}  // namespace chatd::io
