// SPDX-License-Identifier: GPL-3.0-or-later
// waiting_row.hpp — the row of a direct message that waits for its receiver, who is not in.
//
// Runs in:   gateway (writes), archive (reads). Part of the shared layout, and kept on disk until
//            the receiver has acknowledged the message; never in registry.json.
// Invariant: a row is for a person, never for a name. While its placement is in force, the message
//            is in the mailbox of that session, or its gateway was killed just before.
// See:       daemon/chat/waiting.hpp, which finds and changes the rows.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/address.hpp"
#include "common/wire/message_text.hpp"
#include "common/wire/native/named_person.hpp"
#include "daemon/state/kept_row.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/short_text.hpp"

namespace chatd::state {

struct WaitingRow {
  alignas(kCacheLine) std::atomic<KeptPhase> phase;
  RowVersion version;
  PersonId receiver;
  PersonId author;
  std::int64_t said_wall;  // microseconds since 1970
  // The command that made the row: the history of the session that sent it, the session, and where
  // the command ends in its stream.
  std::uint64_t epoch;
  std::uint64_t sender_generation;
  std::uint64_t command_end;
  std::uint32_t sender_slot;
  // The session in whose mailbox the message was put, and where its record begins there.
  std::uint32_t placed_slot;
  std::uint64_t placed_generation;
  std::uint64_t placed_at;
  std::atomic<std::uint64_t> placed_epoch;  // the history of that session; 0: in no mailbox
  IpAddress network;                        // of the author, for the limits; see network_of()
  std::uint8_t is_local;                    // 1: the author was on the server's machine
  std::uint8_t is_proved;                   // 1: the author owned the name
  ShortText<kMaxNameBytes> name;            // of the author, as it was shown
  std::uint16_t text_bytes;
  std::array<char, wire::kMaxMessageBytes> text;
};
[[nodiscard]] constexpr std::string_view message_of(const WaitingRow& row) noexcept {
  return {row.text.data(), row.text_bytes < row.text.size() ? row.text_bytes : row.text.size()};
}
static_assert(sizeof(WaitingRow) % kCacheLine == 0);

// All together; 5 MB, of which a row takes memory once it is used.
inline constexpr std::uint32_t kWaitingRows = 4096;

// False: the row is damaged, chatd never writes such values.
[[nodiscard]] inline bool is_possible(const WaitingRow& row) noexcept {
  const auto is_of_key = [](PersonId person) {
    return person != PersonId{} && !wire::is_text_person(static_cast<std::uint64_t>(person));
  };
  return is_of_key(row.receiver) && is_of_key(row.author) && row.said_wall >= 0 &&
         !view_of(row.name).empty() && !message_of(row).empty() && row.is_local <= 1 &&
         row.is_proved <= 1;
}

}  // namespace chatd::state
