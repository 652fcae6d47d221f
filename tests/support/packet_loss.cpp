// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/packet_loss.hpp"

#include <linux/filter.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>

namespace chatd::test {

bool lose_at(int fd, double share) {
  // Drops the packet if a random number is below the limit; see SKF_AD_RANDOM in the kernel's
  // filter.txt.
  const auto below = static_cast<std::uint32_t>(share * 4294967295.0);
  std::array<sock_filter, 4> program{{
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM)},
      {BPF_JMP | BPF_JGE | BPF_K, 1, 0, below},
      {BPF_RET | BPF_K, 0, 0, 0},
      {BPF_RET | BPF_K, 0, 0, 0xFFFF'FFFF},
  }};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

}  // namespace chatd::test
