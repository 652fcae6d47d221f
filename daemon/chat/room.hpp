// SPDX-License-Identifier: GPL-3.0-or-later
// room.hpp — the rules of the room: logins, messages, leaves.
//
// Runs in:   gateway, the only writer of the session table and the room log.
// Owns:      the roster. Borrows: the StateView.
// Pure:      no descriptor, no clock, no log; the caller sends the replies.
// Invariant: a member joins in two steps and leaves in two, so that its OK is sent before any
//            line of the room, and its EXIT also if the gateway is killed at any instruction:
//              login():  join record appended, slot `joining`     -> send OK   -> settle()
//              remove(): leave record appended, slot `leaving`    -> send EXIT -> settle()
//            adopt() finishes the steps that a killed predecessor had begun.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/wire/message_text.hpp"
#include "common/wire/name.hpp"
#include "common/wire/phrases.hpp"
#include "daemon/chat/replay_index.hpp"
#include "daemon/chat/roster.hpp"
#include "daemon/chat/unproved.hpp"
#include "daemon/config/config.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/session_table.hpp"

namespace chatd::chat {

struct Now {
  MonoTime mono;
  WallTime wall;
};

using Slot = std::uint32_t;

class Room {
 public:
  Room(const state::StateView& state, const config::Config& config, std::uint64_t hash_key);

  // Called once, first: rebuilds the roster from the session table. Returns the sessions in the
  // phases `joining` and `leaving`: their OK or EXIT may not have been sent, and settle() is
  // still to come for them.
  struct Unfinished {
    std::vector<Slot> joining;
    std::vector<Slot> leaving;
  };
  Unfinished adopt(Now now);

  enum class LoginStatus : std::uint8_t { admitted, again, refused };
  struct Login {
    LoginStatus status;
    wire::Reason reason{};  // of a refusal
    Slot slot{};            // if not refused
  };
  Login login(const state::Delivery& from, std::string_view raw_name, Now now);

  // Charges the member's rate (limits.messages_per_second, limits.burst) for one command of any
  // kind and result. Set: the rate is used up, nothing was charged, the refusal was counted, and
  // the command must not be executed before this time has passed.
  [[nodiscard]] std::optional<Micros> charge(Slot member, MonoTime now);

  enum class SayStatus : std::uint8_t { said, empty, not_utf8, too_long, too_fast };
  struct Said {
    SayStatus status;
    Micros wait{0};        // too_fast: until the next message is taken
    double per_second{0};  // too_fast: the limit that refused it
    std::size_t bytes{0};  // too_long: of the message
  };
  // `argument` follows the C. Charges for it. Does not allocate.
  Said say(Slot member, std::string_view argument, Now now);

  // Appends the administrator's line. Returns the number of members; an error if the text is not
  // UTF-8, empty, or longer than a message may be.
  std::expected<std::uint64_t, wire::TextFault> announce(std::string_view text, Now now);

  // Appends the leave record; the slot is `leaving`. `reason` is for `kicked`. name() and where()
  // stay valid until settle().
  void remove(Slot member, state::LeaveKind kind, std::string_view reason, Now now);

  // Called after the OKs and EXITs were sent: joining members get the room's lines from here on,
  // the slots of leaving members are free again.
  void settle();

  [[nodiscard]] state::Offset tail() const noexcept { return log_.tail(); }
  [[nodiscard]] std::optional<Slot> find(const Endpoint& peer) const {
    return roster_.by_endpoint(peer);
  }
  [[nodiscard]] std::optional<Slot> find_name(std::string_view name) const;
  // Text members without a datagram since `deadline`; at most a few hundred at a time.
  [[nodiscard]] std::vector<Slot> silent_since(MonoTime deadline) const;
  // A session to remove, if more than text.listeners are unproved.
  [[nodiscard]] std::optional<Slot> surplus() const { return unproved_.surplus(); }
  [[nodiscard]] std::vector<Slot> members() const;

  [[nodiscard]] const Endpoint& where(Slot member) const;
  [[nodiscard]] std::string_view name(Slot member) const { return sessions_.name(member); }
  [[nodiscard]] const state::SessionSlot& session(Slot member) const {
    return sessions_.slot(member);
  }
  // True at most once a second for one member: a notice about a fault of it may be sent.
  [[nodiscard]] bool may_notify(Slot member, MonoTime now);
  // A datagram of the member arrived.
  void heard(Slot member, MonoTime now);

 private:
  friend class NativeRoom;  // the rules for native members, over the same sessions and log

  // A free slot for a new session from that address.
  [[nodiscard]] std::expected<Slot, wire::Reason> take_slot(const IpAddress& address,
                                                            state::SessionKind kind);
  // Opens a new session: its slot, its join record, its entry in the roster.
  void open(Slot slot, state::SessionKind kind, const state::Delivery& from, const wire::Name& name,
            Now now);
  [[nodiscard]] std::expected<std::string_view, wire::TextFault> clean(std::string_view text);
  // The member's own rate, and the one of all unproved sessions together.
  [[nodiscard]] std::optional<Said> refuse_by_rate(Slot member, MonoTime now);
  void note_for_replay(state::RecordKind kind, state::Offset offset);
  void append(state::RecordKind kind, Slot member, std::string_view text, WallTime time,
              std::uint64_t uplink_offset = 0);
  void append_leave(Slot member, state::LeaveKind kind, std::string_view reason, WallTime time);
  void list(Slot member, Now now);
  void adopt_slot(Slot slot, Unfinished& unfinished, Now now);
  void update_gauges();
  [[nodiscard]] std::string_view message_of(Slot member, std::string_view argument);

  state::SessionTable sessions_;
  state::RoomLog log_;
  state::GatewayCounters& counters_;
  std::span<state::NativeSlot> natives_;
  Roster roster_;
  Unproved unproved_;
  double messages_per_second_;
  RateLimit rate_;
  ReplayIndex replay_;
  config::ChatForm chat_form_;
  std::uint32_t message_bytes_;
  std::uint32_t sessions_per_address_;
  std::vector<Slot> entering_;
  std::vector<Slot> leaving_;
  std::vector<char> clean_;  // clean_text() writes here
};

}  // namespace chatd::chat
