// SPDX-License-Identifier: GPL-3.0-or-later
// verb.hpp — a row of the table of verbs, see verbs.hpp.
//
// Runs in:   chatctl and gateway. Pure.
// Invariant: `min_args <= max_args`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace chatd::wire {

struct Verb {
  std::string_view name;     // one word, or two
  std::string_view usage{};  // the arguments, as in "NAME [REASON]"
  std::string_view help;     // one sentence
  std::size_t min_args{0};
  std::size_t max_args{0};
  // chatctl --room NAME is one more argument, behind max_args others (those that are not given are
  // empty): a daemon that does not know it refuses the request, and does not kick from the server.
  bool takes_room{false};
  // The options of chatctl that it takes, a blank between: "--for --reason". Each is one more
  // argument behind max_args others, in this order, and before the room. An option without a value
  // is "yes" if it is given.
  std::string_view options{};
  bool mutating{false};       // the daemon logs the caller
  bool replies_early{false};  // the daemon replies when the work has begun
  bool watchable{false};      // chatctl --watch repeats it
  bool joins_words{false};    // chatctl joins all remaining words to the last argument
  bool client_only{false};    // answered by chatctl itself, never sent

  [[nodiscard]] constexpr std::size_t option_count() const noexcept {
    std::size_t count = options.empty() ? 0 : 1;
    for (const char c : options) count += c == ' ' ? 1 : 0;
    return count;
  }
  // With those of `options` and of takes_room.
  [[nodiscard]] constexpr std::size_t all_args() const noexcept {
    return max_args + option_count() + (takes_room ? 1 : 0);
  }
};

// Calls take(name) for each of its options, in the order of their arguments.
template <class Take>
constexpr void for_each_option(const Verb& verb, Take take) {
  std::string_view left = verb.options;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(' '), left.size());
    take(left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
}

// A verb and the type of the report that answers it.
template <class ReportType>
struct VerbOf {
  using Report = ReportType;
  Verb row;
};

}  // namespace chatd::wire
