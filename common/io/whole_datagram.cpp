// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/whole_datagram.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/io/datagram_batch.hpp"

namespace chatd::io {

namespace {

// IPV6_PMTUDISC_* have the values of IP_PMTUDISC_*.
class PathProbing {
 public:
  PathProbing(int fd, bool v4) noexcept
      : fd_{fd},
        level_{v4 ? IPPROTO_IP : IPPROTO_IPV6},
        name_{v4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER} {
    socklen_t size = sizeof before_;
    set_ = ::getsockopt(fd_, level_, name_, &before_, &size) == 0 && set(IP_PMTUDISC_PROBE);
  }
  ~PathProbing() {
    if (set_) set(before_);
  }
  PathProbing(const PathProbing&) = delete;
  PathProbing& operator=(const PathProbing&) = delete;
  [[nodiscard]] bool is_set() const noexcept { return set_; }

 private:
  bool set(int value) const noexcept {
    return ::setsockopt(fd_, level_, name_, &value, sizeof value) == 0;
  }
  int fd_;
  int level_;
  int name_;
  int before_{0};
  bool set_{false};
};

}  // namespace

bool send_whole(int fd, const Endpoint& to, const IpAddress& from,
                std::span<const std::byte> bytes) noexcept {
  const PathProbing probing{fd, to.address.is_v4()};
  if (!probing.is_set()) return false;
  DatagramWriter writer{1};
  writer.add_run(to, from, bytes, 0);
  const auto outcome = writer.send(fd);
  return outcome.done == 1 && outcome.failed == 0;
}

}  // namespace chatd::io
