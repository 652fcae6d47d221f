// SPDX-License-Identifier: GPL-3.0-or-later
// native_welcome.hpp — the frames that say what holds for a member: how its session stands and
// which limits there are, or why it has none.
//
// Runs in:   client, gateway.
// Borrows:   the opened packet, for the texts.
// See:       native_frame.hpp, which reads and writes them; chatd-protocol(7).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/wire/native_packet.hpp"

namespace chatd::wire {

struct WelcomeFrame {
  std::uint32_t slot{};
  std::uint64_t generation{};  // with the slot: what the member's own records carry
  std::uint64_t epoch{};       // another epoch is another room history
  std::uint64_t uplink_offset{};
  std::uint64_t mailbox_offset{};  // where a record begins; what is below was acknowledged
  std::uint64_t mailbox_tail{};    // as the command offset was reached
  std::uint64_t room_offset{};     // the first byte that will come
  std::uint64_t live_offset{};     // records below are a replay
  ResetToken reset_token{};
  std::uint32_t ping_seconds{};
  std::uint32_t idle_seconds{};
  std::uint32_t linger_seconds{};
  std::uint32_t messages_per_1000_seconds{};  // 0: no limit
  std::uint32_t burst{};
  std::uint16_t message_bytes{};
  std::string_view name;
  std::string_view server_name;
};
enum class RefusalCode : std::uint8_t {
  name_taken = 1,
  name_refused = 2,
  room_full = 3,
  address_full = 4,
  not_welcome = 5,
  elsewhere = 6,  // another client of the member came after this one
};
struct RefusedFrame {
  RefusalCode code{};
  std::string_view text;
};

// The limits of a member that hold from now on, after a reload.
struct LimitsFrame {
  std::uint32_t messages_per_1000_seconds{};  // 0: no limit
  std::uint32_t burst{};                      // 0: no limit
  std::uint16_t message_bytes{};
};

}  // namespace chatd::wire
