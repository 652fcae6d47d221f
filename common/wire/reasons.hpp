// SPDX-License-Identifier: GPL-3.0-or-later
// reasons.hpp — why something was refused or has ended: one table of all reasons, with their
// codes, their numbers in the native protocol, their exit statuses and their sentences.
//
// Runs in:   gateway, worker, both processes of uchat.
// Invariant: row N of the table is reason N. Each number of the native protocol and each exit
//            status stands in one row only. A sentence of the server is at most kMaxPhraseBytes.
// See:       chatd-protocol(7), uchat(1) and chatd(8), which tests hold to the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/reason.hpp"
#include "common/wire/reason_numbers.hpp"

namespace chatd::wire {

// The smallest login buffers of clients in use are 120 bytes, and those clients fail on half a
// character.
inline constexpr std::size_t kMaxPhraseBytes = 120;

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)

// One sentence in both languages. An empty Chinese one: the sentence is only used in English.
struct Sentence {
  std::string_view en{};
  std::string_view zh{};

  [[nodiscard]] constexpr std::string_view in(Language language) const noexcept {
    return language == Language::zh && !zh.empty() ? zh : en;
  }
};

struct ReasonRow {
  Reason reason;
  // The reason that uchat reports when a run ends so: the reason itself, or a more general one.
  // The code and the numbers that this row leaves out are those of the more general one.
  Reason outcome;
  std::string_view code{};      // in JSON, in the notice of a refused command, as CHATD_REASON
  std::optional<int> status{};  // exit status of uchat
  std::optional<RefuseCode> refuse{};    // in a REFUSE packet
  std::optional<RefusalCode> refused{};  // in a REFUSED frame
  std::optional<ByeReason> bye{};        // in a BYE frame
  bool with_text{false};                 // uchat shows the text that the server sends beside it
  Sentence server{};  // to text members, in REFUSED frames and notices, and in the journal
  // To uchat's user. {host}, {name} and {detail}; from ": {detail}" on it is left out when there
  // is no detail.
  Sentence client{};
};

// NOLINTEND(readability-redundant-member-init)

[[nodiscard]] std::span<const ReasonRow> reason_table() noexcept;

// The reason must be known.
[[nodiscard]] const ReasonRow& row_of(Reason reason) noexcept;
[[nodiscard]] Reason outcome_of(Reason reason) noexcept;
[[nodiscard]] std::string_view code_of(Reason reason) noexcept;
// A reason that has no number of its own is sent as not_welcome, since the text explains it.
[[nodiscard]] RefusalCode refusal_code_of(Reason reason) noexcept;
// A reason that has no number of its own is sent as idle, after which a client logs in again.
[[nodiscard]] ByeReason bye_of(Reason reason) noexcept;

// A number that only a newer server knows is not_welcome: the text of the frame explains it.
[[nodiscard]] Reason reason_of(RefusalCode code) noexcept;
// nullopt: no reason why a message is refused has this code.
[[nodiscard]] std::optional<Reason> message_refusal_of(std::string_view code) noexcept;

}  // namespace chatd::wire
