// SPDX-License-Identifier: GPL-3.0-or-later
// replay_index.hpp — the offsets of the room's last lines, where the replay of a login begins.
//
// Runs in:   gateway. Private memory: a successor reads them from the log. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "daemon/state/layout.hpp"

namespace chatd::chat {

class ReplayIndex {
 public:
  // Remembers the last `lines`; may be 0.
  explicit ReplayIndex(std::size_t lines) : offsets_(lines) {}

  void note(state::Offset offset) noexcept {
    if (offsets_.empty()) return;
    offsets_[count_++ % offsets_.size()] = offset;
  }
  // Where the last lines begin, as far as they still exist; `tail` if there are none.
  [[nodiscard]] state::Offset start(state::Offset oldest, state::Offset tail) const noexcept {
    if (count_ == 0 || offsets_.empty()) return tail;
    const std::size_t first = count_ > offsets_.size() ? count_ % offsets_.size() : 0;
    return std::min(std::max(offsets_[first], oldest), tail);
  }

 private:
  std::vector<state::Offset> offsets_;
  std::size_t count_{0};
};

}  // namespace chatd::chat
