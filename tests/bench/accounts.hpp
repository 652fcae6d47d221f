// SPDX-License-Identifier: GPL-3.0-or-later
// accounts.hpp — what the kernel says that processes have used, and their children with them.
//
// Runs in:   benchmarks.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chatd::bench {

// All threads of all its living processes.
[[nodiscard]] std::vector<pid_t> tasks_of_family(pid_t head);
// User and system time of all threads of all living processes of this family, to the
// nanosecond (/proc/PID/task/TID/schedstat). What the kernel does for a packet on loopback,
// up to the receiver's buffer, is the sender's.
[[nodiscard]] std::chrono::nanoseconds cpu_of_family(pid_t head);
// Of this process.
[[nodiscard]] std::chrono::nanoseconds own_cpu();

struct Memory {
  std::uint64_t processes{};  // private and their part of what is shared (PSS)
  std::uint64_t sockets{};    // what the kernel keeps for the connections: see below
  [[nodiscard]] std::uint64_t total() const { return processes + sockets; }
};
// An open connection costs the kernel, before anything is sent, its struct tcp_sock, inode,
// dentry, file and epoll entry, as long as /proc/slabinfo says that they are; datagram
// servers have one socket for all.
[[nodiscard]] Memory memory_of_family(pid_t head);

}  // namespace chatd::bench
