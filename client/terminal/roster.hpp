// SPDX-License-Identifier: GPL-3.0-or-later
// roster.hpp — the names of the room's members as far as the client knows them, for completion; and
// the search for a name in a message.
//
// Runs in:   uchat's terminal process.
// Invariant: at most kMaxNames names; in a larger room the other names are not completed.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::client {

// A set of names. Names that differ only in case, width or Unicode form are one name.
class Roster {
 public:
  static constexpr std::size_t kMaxNames = 20'000;

  void add(std::string_view name);
  void remove(std::string_view name);
  void clear() { names_.clear(); }

  // The names that begin with `prefix`, also in another case, in the order of their folded names.
  [[nodiscard]] std::vector<std::string> beginning_with(std::string_view prefix) const;
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> names_;  // by folded name
};

// True if `text` has `name` as a whole word, in any case and width: "hi Ada!" mentions ada, "Adam"
// does not. Letters, digits and '_' continue a word, but not those of Chinese and other scripts
// that have no blanks around a name.
[[nodiscard]] bool mentions(std::string_view text, std::string_view name);

}  // namespace chatd::client
