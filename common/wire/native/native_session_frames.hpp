// SPDX-License-Identifier: GPL-3.0-or-later
// native_session_frames.hpp — the frames that begin, limit and end a session.
//
// Runs in:   client, gateway.
// Borrows:   the opened packet, for the texts.
// See:       native_frame.hpp, which reads and writes them; chatd-protocol(7).
#pragma once

#include <cstdint>
#include <string_view>

#include "common/wire/native/native_frame_type.hpp"
#include "common/wire/native/native_packet.hpp"
#include "common/wire/reason_numbers.hpp"

namespace chatd::wire {

// Whether the server stores what is said in rooms on its disk. A number that only a newer server
// knows is as `unknown`.
enum class HistoryKept : std::uint8_t {
  unknown = 0,  // an older server
  none = 1,
  kept = 2,
};

// The client is a member: the state of its session, and the limits that hold.
struct WelcomeFrame {
  static constexpr FrameType kType = FrameType::welcome;
  std::uint32_t slot{};
  std::uint64_t generation{};      // with the slot: the sender in the member's own records
  std::uint64_t history_id{};      // another id is another history of the room
  std::uint64_t uplink_offset{};   // the server has read the command stream up to here
  std::uint64_t mailbox_offset{};  // where a record begins; every byte below was acknowledged
  std::uint64_t mailbox_tail{};    // when the server had read up to uplink_offset
  std::uint64_t room_offset{};     // of the first byte that the server sends
  std::uint64_t live_offset{};     // records that end at or below it are a replay
  ResetToken reset_token{};
  std::uint32_t ping_seconds{};
  std::uint32_t idle_seconds{};
  std::uint32_t linger_seconds{};
  std::uint32_t messages_per_1000_seconds{};  // 0: no limit
  std::uint32_t burst{};
  std::uint16_t message_bytes{};
  std::string_view name{};
  std::string_view server_name{};
  CommandKey command_key{};  // of the session: unmasks the command offsets in its records
  HistoryKept history{};
  std::uint32_t history_seconds{};  // that lines are kept; 0: no limit in time

  static constexpr void fields(auto& v, auto& welcome) {
    v("slot", welcome.slot);
    v("generation", welcome.generation);
    v("history_id", welcome.history_id);
    v("uplink_offset", welcome.uplink_offset);
    v("mailbox_offset", welcome.mailbox_offset);
    v("mailbox_tail", welcome.mailbox_tail);
    v("room_offset", welcome.room_offset);
    v("live_offset", welcome.live_offset);
    v("reset_token", welcome.reset_token);
    v("ping_seconds", welcome.ping_seconds);
    v("idle_seconds", welcome.idle_seconds);
    v("linger_seconds", welcome.linger_seconds);
    v("messages_per_1000_seconds", welcome.messages_per_1000_seconds);
    v("burst", welcome.burst);
    v("message_bytes", welcome.message_bytes);
    v("name", welcome.name);
    v("server_name", welcome.server_name);
    v("command_key", welcome.command_key);
    v("history", Later{welcome.history});
    v("history_seconds", Later{welcome.history_seconds});
  }
};

// The client does not become a member.
struct RefusedFrame {
  static constexpr FrameType kType = FrameType::refused;
  RefusalCode code{};
  std::string_view text{};  // for a person; at most 255 bytes

  static constexpr void fields(auto& v, auto& refused) {
    v("code", refused.code);
    v("text", refused.text);
  }
};

// The limits of a member that hold from now on, after a reload.
struct LimitsFrame {
  static constexpr FrameType kType = FrameType::limits;
  std::uint32_t messages_per_1000_seconds{};  // 0: no limit
  std::uint32_t burst{};                      // 0: no limit
  std::uint16_t message_bytes{};

  static constexpr void fields(auto& v, auto& limits) {
    v("messages_per_1000_seconds", limits.messages_per_1000_seconds);
    v("burst", limits.burst);
    v("message_bytes", limits.message_bytes);
  }
};

// The session ends.
struct ByeFrame {
  static constexpr FrameType kType = FrameType::bye;
  ByeReason reason{};
  std::string_view text{};  // for a person; at most 255 bytes

  static constexpr void fields(auto& v, auto& bye) {
    v("reason", bye.reason);
    v("text", bye.text);
  }
};

}  // namespace chatd::wire
