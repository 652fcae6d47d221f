// SPDX-License-Identifier: GPL-3.0-or-later
// kept_lines.hpp — the last lines of the conversation, which the user can see again.
//
// Runs in:   uchat's terminal process.
// Invariant: pure; in memory only. At most kMaxLines lines, and kMaxBytes bytes of text: the oldest
//            ones are removed.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

namespace chatd::client {

class KeptLines {
 public:
  static constexpr std::size_t kMaxLines = 1'000;
  static constexpr std::size_t kMaxBytes = 1'000'000;
  static constexpr std::size_t kLast = 20;   // lines of last(), if no number is given
  static constexpr std::size_t kFound = 50;  // lines that with() returns at most

  struct Kept {
    WallTime time{};
    std::string text{};  // safe to show, without the time and without a newline
  };

  void add(Kept line);
  // The last lines, in their order: `count`, or all if they are fewer.
  [[nodiscard]] std::vector<Kept> last(std::size_t count = kLast) const;
  // The last lines that contain `text`, also in another case, width or Unicode form.
  [[nodiscard]] std::vector<Kept> with(std::string_view text) const;

 private:
  std::deque<Kept> lines_;
  std::size_t bytes_{0};  // of their texts
};

}  // namespace chatd::client
