// SPDX-License-Identifier: GPL-3.0-or-later
// help.hpp — the table of options, and --help and `help VERB`, made from it and the table of verbs.
//
// Runs in: chatctl.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/wire/control/verbs.hpp"

namespace chatd::ctl {

// An option of chatctl. The command line, the help and the completions are made from it.
struct OptionHelp {
  enum class Value : std::uint8_t { none, optional, required };

  std::string_view usage;  // "--json", "--socket PATH", "--color=WHEN" or "--watch[=SECONDS]"
  std::string_view help;
  std::string_view words{};  // all that the value may be, a blank between; "" = anything
  // True: its value is an argument of the verbs that have the option, see wire::Verb::options.
  bool is_of_verb{false};
  std::string_view short_name{};  // "-j"; "": none

  [[nodiscard]] constexpr std::string_view name() const {
    return usage.substr(0, usage.find_first_of(" =["));
  }
  [[nodiscard]] constexpr Value value() const {
    if (name().size() == usage.size()) return Value::none;
    return usage[name().size()] == '[' ? Value::optional : Value::required;
  }
};

inline constexpr std::array kOptionHelp{
    OptionHelp{"--socket PATH", "The daemon's control socket.", {}, false, "-s"},
    OptionHelp{"--room ROOM",
               "users announce kick ban mute unban unmute bans invite search export erase web"},
    OptionHelp{
        "--for TIME", "How long a ban, a mute or a code lasts: 30s, 10m, 2h or 7d.", {}, true},
    OptionHelp{"--reason TEXT", "Why: a banned or muted member, or the room reads it.", {}, true},
    OptionHelp{"--note TEXT", "For administrators: bans shows it.", {}, true},
    OptionHelp{"--dry-run", "Change nothing, and show what it would do.", {}, true},
    OptionHelp{"--yes", "Do it, although it hits many.", {}, true},
    OptionHelp{"--keep-invite", "Do not end the code that a banned person came by.", {}, true},
    OptionHelp{"--each N", "How many codes: invite (1).", {}, true},
    OptionHelp{"--uses N", "How many persons each code admits: invite (1).", {}, true},
    OptionHelp{"--with-members", "End the admissions by the code, too: invite revoke.", {}, true},
    OptionHelp{"--remove", "Take the role away.", {}, true},
    OptionHelp{"--revoke", "End the token, and free its name: token.", {}, true},
    OptionHelp{"--lines N", "How many lines: history, search (50).", {}, true},
    OptionHelp{"--before WHAT",
               "Before line N; on from N of a search; erase: said before a time.",
               {},
               true},
    OptionHelp{"--after N", "Lines of the history after line N.", {}, true},
    OptionHelp{"--follow", "Go on with each line of the history as it is stored.", {}, true},
    OptionHelp{"--from NAME", "Lines of this author: search.", {}, true},
    OptionHelp{"--author NAME", "Lines of this author: export, erase.", {}, true},
    OptionHelp{"--since TIME",
               "Lines since 2026-11-29, 2026-11-29T10:00, or 7d: search, export.",
               {},
               true},
    OptionHelp{"--message N", "Erase line N of the room.", {}, true},
    OptionHelp{"--now", "Wait until the erased text is in no file any more.", {}, true},
    OptionHelp{"--with-key", "With the server's key: backup.", {}, true},
    OptionHelp{"--timeout SECONDS", "How long to wait for an answer (10)."},
    OptionHelp{"--json", "Print JSON, errors too.", {}, false, "-j"},
    OptionHelp{"--watch[=SECONDS]",
               "Repeat status, users, rooms, room, archive or workers (every 2)."},
    OptionHelp{"--no-legend", "No header lines, no counts below lists."},
    OptionHelp{"--color=WHEN", "auto, always or never; NO_COLOR means never.", "auto always never"},
    OptionHelp{"--help", "Show this.", {}, false, "-h"},
    OptionHelp{"--version", "Show chatctl's version.", {}, false, "-V"},
};

// The row of an option, by its name. Null: there is no such option.
[[nodiscard]] const OptionHelp* find_option(std::string_view name) noexcept;

[[nodiscard]] std::string help_text();
[[nodiscard]] std::string help_text(const wire::Verb& verb);

// "room make, room keep, room drop" of "room": the verbs that begin with this word. "": none.
[[nodiscard]] std::string longer_verbs(std::string_view word);

// "usage: chatctl room owner ROOM NAME [--remove]"
[[nodiscard]] std::string usage_line(const wire::Verb& verb);

}  // namespace chatd::ctl
