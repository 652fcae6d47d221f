// SPDX-License-Identifier: GPL-3.0-or-later
// saves.hpp — answers to administrators that wait until their change is on disk.
//
// Runs in:   gateway. No function waits.
// Borrows:   the StateView.
// Invariant: each answer is given once, after kLimit at the latest (and the time between two calls
//            of look()), whether the archive answers or not.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::gateway {

class Saves {
 public:
  static constexpr std::chrono::seconds kLimit{2};
  explicit Saves(const state::StateView& state) noexcept : state_{state} {}

  // Calls `answer`, later or now, with whether all changes so far are on disk.
  void wait(MonoTime now, std::function<void(bool)> answer) {
    waiting_.push_back({.version = state_.registry_head().version.load(std::memory_order_relaxed),
                        .until = now + kLimit,
                        .answer = std::move(answer)});
  }
  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty(); }
  // Gives the answers that are due. Returns true if there was one whose change is on disk.
  bool look(MonoTime now) {
    const std::uint64_t saved = state_.registry_figures().saved.load(std::memory_order_acquire);
    bool has_saved = false;
    for (auto& waiting : std::exchange(waiting_, {})) {
      const bool is_saved = waiting.version <= saved;
      has_saved = has_saved || is_saved;
      if (is_saved || now >= waiting.until) {
        waiting.answer(is_saved);
      } else {
        waiting_.push_back(std::move(waiting));
      }
    }
    return has_saved;
  }
  // The process ends: gives all answers.
  void release(MonoTime now) {
    for (auto& waiting : waiting_) waiting.until = now;
    (void)look(now);
  }

 private:
  struct Waiting {
    std::uint64_t version;  // of the last change that it waits for
    MonoTime until;
    std::function<void(bool)> answer;
  };
  const state::StateView& state_;
  std::vector<Waiting> waiting_;
};

}  // namespace chatd::gateway
