// SPDX-License-Identifier: GPL-3.0-or-later
// outcome.hpp — how a run of uchat can end: one table of exit statuses, codes and sentences.
//
// Runs in:   both processes of uchat.
// Invariant: the numbers are promised in man/uchat.1; a test holds the page to this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "client/member.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

enum class Outcome : std::uint8_t {
  done,
  failed,  // this machine's fault: a file, a process, standard output
  usage,
  no_such_host,
  nothing_listening,
  no_answer,
  changed_key,
  password_wanted,
  wrong_password,
  name_taken,
  name_refused,
  room_full,
  kicked,
  replaced,
  stopped,
  other_version,
  not_confirmed,
  message_refused,
  no_password_here,
  unconfirmed_key,
};

struct OutcomeRow {
  Outcome outcome;
  int status;
  std::string_view code;  // in JSON
  // {host}, {name} and {detail}; from ": {detail}" on it is left out when there is none.
  std::string_view english;
  std::string_view chinese;
};

[[nodiscard]] std::span<const OutcomeRow> outcome_table() noexcept;
[[nodiscard]] const OutcomeRow& row_of(Outcome outcome) noexcept;
[[nodiscard]] inline int exit_status_of(Outcome outcome) noexcept { return row_of(outcome).status; }

[[nodiscard]] Outcome outcome_of(End end) noexcept;

struct Circumstances {
  std::string host;  // as it was typed
  std::string name;
  std::string detail{};
};

// One line without a newline, safe for a terminal.
[[nodiscard]] std::string explain(Outcome outcome, const Circumstances& circumstances,
                                  wire::Language language);

}  // namespace chatd::client
