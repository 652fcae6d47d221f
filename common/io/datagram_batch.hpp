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
  // At most `datagrams` a call, each cut to `bytes`.
  DatagramReader(std::size_t datagrams, std::size_t bytes);

  // Takes what waits, oldest first; empty when nothing does. Never blocks. An error of the
  // socket (a pending ICMP report) is taken off and reads as "nothing".
  [[nodiscard]] std::span<const Datagram> receive(int fd);

 private:
  struct Control {
    alignas(cmsghdr) std::byte bytes[128];
  };
  std::size_t bytes_each_;
  std::vector<std::byte> storage_;
  std::vector<sockaddr_storage> names_;
  std::vector<iovec> vectors_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
  std::vector<Datagram> received_;
};

class DatagramWriter {
 public:
  explicit DatagramWriter(std::size_t capacity);

  // `from` is the local address to leave from; the wildcard lets the kernel choose. The
  // bytes are borrowed until clear(). Not when is_full().
  void add(const Endpoint& to, const IpAddress& from, std::span<const char> bytes) noexcept;

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
    alignas(cmsghdr) std::byte bytes[CMSG_SPACE(sizeof(in6_pktinfo))];
  };
  void set_source(std::size_t index, const IpAddress& from) noexcept;

  std::size_t used_{0};
  std::vector<sockaddr_storage> names_;
  std::vector<iovec> vectors_;
  std::vector<Control> controls_;
  std::vector<mmsghdr> messages_;
};

}  // namespace chatd::io
