// SPDX-License-Identifier: GPL-3.0-or-later
// verbs.hpp — the table of verbs: the requests that a running daemon answers.
//
// Runs in:   chatctl (dispatch, --help, `help VERB`) and gateway (dispatch). A test holds
//            man/chatctl.1 to it.
// Invariant: names are unique; `min_args <= max_args`.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace chatd::wire {

struct Verb {
  std::string_view name;
  std::string_view usage;  // what follows the name: "NAME [REASON]"
  std::string_view help;   // one sentence
  std::size_t min_args{0};
  std::size_t max_args{0};
  bool mutating{false};     // the daemon logs who asked for it
  bool watchable{false};    // chatctl --watch repeats it
  bool joins_words{false};  // chatctl joins all remaining words to the last argument
  bool client_only{false};  // answered by chatctl itself, never sent
};

// In the order in which people are shown them.
inline constexpr std::array kVerbs{
    Verb{.name = "status",
         .usage = "",
         .help = "Show the daemon's version, uptime, sessions and counters.",
         .watchable = true},
    Verb{.name = "users", .usage = "", .help = "List who is in the room.", .watchable = true},
    Verb{.name = "announce",
         .usage = "TEXT",
         .help = "Send TEXT to every member as the administrator.",
         .min_args = 1,
         .max_args = 1,
         .mutating = true,
         .joins_words = true},
    Verb{.name = "kick",
         .usage = "NAME [REASON]",
         .help = "End the session of NAME and tell it why.",
         .min_args = 1,
         .max_args = 2,
         .mutating = true,
         .joins_words = true},
    Verb{.name = "workers",
         .usage = "",
         .help = "List the daemon's processes, their states and restarts.",
         .watchable = true},
    Verb{.name = "fingerprint",
         .usage = "",
         .help = "Show the fingerprint of the server's key, for users to compare."},
    Verb{.name = "reload",
         .usage = "",
         .help = "Read the configuration again and say what changed.",
         .mutating = true},
    Verb{.name = "upgrade",
         .usage = "",
         .help = "Start the program that is installed now; every session goes on.",
         .mutating = true},
    Verb{.name = "stop",
         .usage = "",
         .help = "Stop the daemon and wait until it is gone.",
         .mutating = true},
    Verb{.name = "ping", .usage = "", .help = "Measure how fast the daemon answers."},
    Verb{.name = "version", .usage = "", .help = "Show the versions of chatctl and of the daemon."},
    Verb{.name = "help",
         .usage = "[VERB]",
         .help = "Explain VERB, or list all verbs.",
         .max_args = 1,
         .client_only = true},
};

// Two verbs with one name must not compile: the second would never be found.
consteval bool verbs_are_sound() {
  for (std::size_t i = 0; i < kVerbs.size(); ++i) {
    if (kVerbs[i].name.empty() || kVerbs[i].min_args > kVerbs[i].max_args) return false;
    for (std::size_t j = i + 1; j < kVerbs.size(); ++j) {
      if (kVerbs[i].name == kVerbs[j].name) return false;
    }
  }
  return true;
}
static_assert(verbs_are_sound());

// Null when there is no such verb. There are no abbreviations: a later verb could change them.
[[nodiscard]] const Verb* find_verb(std::string_view name) noexcept;

// The verb that was probably meant, "" if none is near.
[[nodiscard]] std::string_view nearest_verb(std::string_view name);

}  // namespace chatd::wire
