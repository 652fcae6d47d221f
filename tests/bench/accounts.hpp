// SPDX-License-Identifier: GPL-3.0-or-later
// accounts.hpp — processor time and memory of a process and all its descendants.
//
// Runs in:   benchmarks.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chatd::bench {

// The thread ids of all living processes of the family.
[[nodiscard]] std::vector<pid_t> tasks_of_family(pid_t head);
// User and system time of all threads of all living processes of the family, in nanoseconds
// (/proc/PID/task/TID/schedstat). On loopback the sender's time includes the kernel's work up to
// the buffer of the receiver.
[[nodiscard]] std::chrono::nanoseconds cpu_of_family(pid_t head);
// User and system time of this process.
[[nodiscard]] std::chrono::nanoseconds own_cpu();

struct Memory {
  std::uint64_t processes{};  // bytes: private memory and the share of shared memory (PSS)
  std::uint64_t sockets{};    // bytes of the kernel for connections, see below
  [[nodiscard]] std::uint64_t total() const { return processes + sockets; }
};
// An open connection takes a struct tcp_sock, inode, dentry, file and epoll entry in the kernel
// before anything is sent; /proc/slabinfo has their sizes. A datagram server has one socket for all
// members.
[[nodiscard]] Memory memory_of_family(pid_t head);

}  // namespace chatd::bench
