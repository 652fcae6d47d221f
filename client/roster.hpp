// SPDX-License-Identifier: GPL-3.0-or-later
// roster.hpp — who is in the room as far as this terminal knows: for completion and mentions.
//
// Runs in:   uchat's terminal process.
// Invariant: at most kMaxNames; a room with more is completed as far as it is known.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::client {

class Roster {
 public:
  static constexpr std::size_t kMaxNames = 20'000;
  // Of a list of them as it comes: a room has place for 100000 names of 64 bytes, each with its
  // mark. A longer list is no list.
  static constexpr std::size_t kMaxListBytes = 8'000'000;

  void add(std::string_view name);
  void remove(std::string_view name);
  void clear() { names_.clear(); }

  // Names that begin so, whatever their case, in order.
  [[nodiscard]] std::vector<std::string> beginning_with(std::string_view prefix) const;
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> names_;  // by key
};

// The name stands in the text as a word: "hi Ada!" mentions ada, "Adam" does not. Letters of
// scripts that write without blanks may stand next to it.
[[nodiscard]] bool mentions(std::string_view text, std::string_view name);

}  // namespace chatd::client
