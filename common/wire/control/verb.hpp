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
  std::string_view room_help{"Only in that room."};  // of --room
  // The options of chatctl that belong to this verb, with a blank between: "--for --reason". Each
  // is one more argument behind max_args others, in this order, and before the room. The argument
  // of an option without a value is "yes".
  std::string_view options{};
  bool mutating{false};       // or it shows what was said: the daemon logs the caller
  bool privileged{false};     // only root and the daemon's own user may use it
  bool lasts{false};          // its changes are saved on disk; the answer says whether they are
  bool replies_early{false};  // the daemon replies when the work has begun
  bool watchable{false};      // chatctl --watch repeats it
  bool joins_words{false};    // chatctl joins all remaining words to the last argument
  bool client_only{false};    // answered by chatctl itself, never sent

  // Calls take(name) for each option of the verb, in the order of their arguments.
  template <class Take>
  constexpr void for_each_option(Take take) const {
    std::string_view left = options;
    while (!left.empty()) {
      const std::size_t end = std::min(left.find(' '), left.size());
      take(left.substr(0, end));
      left.remove_prefix(std::min(end + 1, left.size()));
    }
  }
  // The argument that has the value of an option; all_args() if the verb has no such option.
  [[nodiscard]] constexpr std::size_t argument_of(std::string_view option) const noexcept {
    std::size_t at = max_args;
    std::size_t found = all_args();
    for_each_option([&](std::string_view one) {
      if (one == option) found = at;
      ++at;
    });
    return found;
  }
  [[nodiscard]] constexpr bool has_option(std::string_view option) const noexcept {
    return argument_of(option) < all_args();
  }
  // The arguments of the verb, its options and its room.
  [[nodiscard]] constexpr std::size_t all_args() const noexcept {
    std::size_t count = max_args + (takes_room ? 1 : 0);
    for_each_option([&](std::string_view /*one*/) { ++count; });
    return count;
  }
};

// A verb and the type of the report that answers it.
template <class ReportType>
struct VerbOf {
  using Report = ReportType;
  Verb row;
};

}  // namespace chatd::wire
