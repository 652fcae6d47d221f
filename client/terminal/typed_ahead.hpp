// SPDX-License-Identifier: GPL-3.0-or-later
// typed_ahead.hpp — the keys behind an Enter that can be read already: a paste on a terminal that
// does not mark pastes, or keys that were typed ahead.
//
// Runs in:   uchat's terminal process.
// Invariant: a paste has two line ends at least behind the Enter, and no other control character
//            than a tab: whoever types ahead so much only presses Enter once more. No key is lost.
//            Only the rest of a paste is waited for, each time for at most kWait.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::client {

class TypedAhead {
 public:
  static constexpr std::chrono::milliseconds kWait{50};
  static constexpr std::size_t kMaxBytes = 1'048'576;

  // Reads the keys that `fd` has. If they are a paste, returns its lines, without line ends at the
  // end; otherwise they are kept for next().
  [[nodiscard]] std::optional<std::string> take_paste(int fd);

  [[nodiscard]] bool is_empty() const noexcept { return begin_ == keys_.size(); }
  // The next key, as a byte, if it is not empty.
  [[nodiscard]] unsigned char next() noexcept;

 private:
  void fill(int fd, std::chrono::milliseconds wait);

  std::string keys_;
  std::size_t begin_{0};
};

// True if the keys behind an Enter are a paste.
[[nodiscard]] bool is_paste(std::string_view keys) noexcept;

}  // namespace chatd::client
