// SPDX-License-Identifier: GPL-3.0-or-later
// replay_index.hpp — the offsets of the room's last lines, where the replay of a login begins.
//
// Runs in:   gateway. Private memory: a successor reads them from the log. Pure.
// Invariant: a whole index has noted the last lines of the log. The index of a room with few lines
//            has memory for few lines. When more lines are noted than fit, the index is not whole
//            until the log is read again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "daemon/state/layout.hpp"

namespace chatd::chat {

class ReplayIndex {
 public:
  // Remembers the last `lines`, and has the memory for them; may be 0.
  explicit ReplayIndex(std::size_t lines) : lines_{lines}, offsets_(lines) {}
  // The index of a log that was not read: not whole, without memory.
  [[nodiscard]] static ReplayIndex unread() {
    ReplayIndex index{0};
    index.is_whole_ = false;
    return index;
  }

  // Does not allocate.
  void note(state::Offset offset) noexcept {
    if (count_ >= offsets_.size() && offsets_.size() < lines_) is_whole_ = false;
    if (offsets_.empty() || !is_whole_) return;
    offsets_[count_++ % offsets_.size()] = offset;
  }
  [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
  // Frees memory: keeps space for twice the lines that were noted so far.
  void shrink() {
    if (2 * count_ >= offsets_.size()) return;
    offsets_.resize(2 * count_);
    offsets_.shrink_to_fit();
  }
  // Where the last lines begin, as far as they still exist; `tail` if there are none.
  [[nodiscard]] state::Offset start(state::Offset oldest, state::Offset tail) const noexcept {
    if (count_ == 0 || offsets_.empty()) return tail;
    const std::size_t first = count_ > offsets_.size() ? count_ % offsets_.size() : 0;
    return std::min(std::max(offsets_[first], oldest), tail);
  }

 private:
  std::size_t lines_;
  std::vector<state::Offset> offsets_;
  std::size_t count_{0};
  bool is_whole_{true};
};

}  // namespace chatd::chat
