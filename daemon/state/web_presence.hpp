// SPDX-License-Identifier: GPL-3.0-or-later
// web_presence.hpp — the only shared memory that web may write: which of its sessions have an open
// stream, whether it sleeps, and its heartbeat.
//
// Runs in:   web (writes), gateway (reads, and wakes it), supervisor (reads the heartbeat).
//            A memory file of its own: a mapping of it cannot be extended to other memory.
// Owns:      the mapping. Borrows: nothing (a mapping outlives its descriptor).
// Trust:     the gateway takes the values for hostile: they decide only whether sessions of kind
//            web are present, which web decides anyway. There is no lock: nobody waits for web.
// Invariant: a web that starts clears it first. The file is made with each supervisor: no session
//            is lost without it.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <utility>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/sys/memory_file.hpp"

namespace chatd::state {

class WebPresence {
 public:
  // `sessions`: of kind web; above 0.
  [[nodiscard]] static Result<UniqueFd> create(std::uint32_t sessions);
  [[nodiscard]] static Result<WebPresence> map(int file, std::uint32_t sessions);

  // Written by: web (1 before it waits), gateway (0 when it rings the bell). See wake.hpp.
  [[nodiscard]] std::atomic<std::uint32_t>& sleeping() const noexcept { return head().sleeping; }

  // Written by: web, which counts it twice a second.
  [[nodiscard]] Counter& heartbeat() const noexcept { return head().heartbeat; }

  // Written by: web. The generation of the session that has an open stream; 0: none has. `at`: the
  // number of the session among those of kind web, below sessions().
  [[nodiscard]] std::atomic<std::uint64_t>& stream(std::uint32_t at) const noexcept {
    return streams()[at];
  }
  [[nodiscard]] std::uint32_t sessions() const noexcept { return sessions_; }
  // For a web that starts: no session has a stream.
  void clear() const noexcept;

 private:
  friend class WebHeartbeat;
  struct Head {
    alignas(kCacheLine) std::atomic<std::uint32_t> sleeping;
    alignas(kCacheLine) Counter heartbeat;
  };
  WebPresence(sys::Mapping mapping, std::uint32_t sessions) noexcept
      : mapping_{std::move(mapping)}, sessions_{sessions} {}
  [[nodiscard]] static std::size_t bytes(std::uint32_t sessions) noexcept {
    return sizeof(Head) + sessions * sizeof(std::atomic<std::uint64_t>);
  }
  [[nodiscard]] Head& head() const noexcept {
    return *reinterpret_cast<Head*>(mapping_.bytes().data());
  }
  [[nodiscard]] std::span<std::atomic<std::uint64_t>> streams() const noexcept {
    auto* const first = mapping_.bytes().data() + sizeof(Head);
    return {reinterpret_cast<std::atomic<std::uint64_t>*>(first), sessions_};
  }

  sys::Mapping mapping_;
  std::uint32_t sessions_;
};

// For the supervisor: it reads one word of web, of which no value is wrong, and writes nothing.
class WebHeartbeat {
 public:
  [[nodiscard]] static Result<WebHeartbeat> map(int file);
  [[nodiscard]] std::uint64_t read() const noexcept;

 private:
  explicit WebHeartbeat(sys::Mapping mapping) noexcept : mapping_{std::move(mapping)} {}
  sys::Mapping mapping_;
};

}  // namespace chatd::state
