// SPDX-License-Identifier: GPL-3.0-or-later
// room.hpp — the rules of the room: who may enter, what may be said, how one leaves.
//
// Runs in:   gateway, the only writer of the session table and the room log.
// Owns:      the roster. Borrows: the StateView.
// Pure:      no descriptor, no clock, no log; replies are the caller's business.
// Invariant: a member enters in two steps and leaves in two, so that its OK is sent before
//            any line of the room, and its EXIT although the gateway may be killed at any
//            instruction:
//              login():  join record appended, slot `joining`     -> send OK   -> settle()
//              remove(): leave record appended, slot `leaving`    -> send EXIT -> settle()
//            adopt() finishes what a killed predecessor had begun.
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

  // Once, before anything else: rebuilds the roster from the session table. Returns the
  // sessions that were found entering or leaving: their OK or EXIT may not have been sent,
  // and they wait for settle().
  struct Unfinished {
    std::vector<Slot> joining;
    std::vector<Slot> leaving;
  };
  Unfinished adopt(Now now);

  enum class LoginStatus : std::uint8_t { admitted, again, refused };
  struct Login {
    LoginStatus status;
    wire::Phrase reason{};  // of a refusal
    Slot slot{};            // else
  };
  Login login(const state::Delivery& from, std::string_view raw_name, Now now);

  // Charges the member's rate (limits.messages_per_second, limits.burst) for one command,
  // whatever the command is and whatever comes of it. Set: the rate is used up, nothing was
  // charged, and the command must not be carried out before this time has passed; counted.
  [[nodiscard]] std::optional<Micros> charge(Slot member, MonoTime now);

  enum class SayStatus : std::uint8_t { said, empty, not_utf8, too_long, too_fast };
  struct Said {
    SayStatus status;
    Micros wait{0};        // too_fast: until the next message is taken
    double per_second{0};  // too_fast: the limit that refused it
    std::size_t bytes{0};  // too_long: of the message
  };
  // `argument` is what stood behind the C. Charges for it. Does not allocate.
  Said say(Slot member, std::string_view argument, Now now);

  // Appends the administrator's line. Returns how many members it is for; nullopt if the
  // text is not UTF-8, empty, or longer than a message may be.
  std::expected<std::uint64_t, wire::TextFault> announce(std::string_view text, Now now);

  // The member leaves, and the others are told; `reason` is for `kicked`. It stays readable
  // through name() and delivery() until settle().
  void remove(Slot member, state::LeaveKind kind, std::string_view reason, Now now);

  // After the OKs and EXITs were sent: joiners get the room's lines from here on, leavers'
  // slots are free again.
  void settle();

  [[nodiscard]] std::uint64_t tail() const noexcept { return log_.tail(); }
  [[nodiscard]] std::optional<Slot> find(const Endpoint& peer) const {
    return roster_.by_endpoint(peer);
  }
  [[nodiscard]] std::optional<Slot> find_name(std::string_view name) const;
  // Members that have said nothing since `deadline`; at most a few hundred at a time.
  [[nodiscard]] std::vector<Slot> silent_since(MonoTime deadline) const;
  // A session to be removed because there are more than text.listeners that are unproved.
  [[nodiscard]] std::optional<Slot> surplus() const { return unproved_.surplus(); }
  [[nodiscard]] std::vector<Slot> members() const;

  [[nodiscard]] const Endpoint& where(Slot member) const;
  [[nodiscard]] std::string_view name(Slot member) const { return sessions_.name(member); }
  [[nodiscard]] const state::SessionSlot& session(Slot member) const {
    return sessions_.slot(member);
  }
  // True at most once a second for one member: may it be told about a fault of its own?
  [[nodiscard]] bool may_notify(Slot member, MonoTime now);
  void heard(Slot member, MonoTime now);

 private:
  friend class NativeRoom;  // the rules for native members, over the same sessions and log

  // A free slot for somebody from that address.
  [[nodiscard]] std::expected<Slot, wire::Phrase> take_slot(const IpAddress& address,
                                                            state::SessionKind kind);
  // The session of a newcomer, its join record, its place in the roster.
  void open(Slot slot, state::SessionKind kind, const state::Delivery& from, const wire::Name& name,
            Now now);
  [[nodiscard]] std::expected<std::string_view, wire::TextFault> clean(std::string_view text);
  // The member's own rate, and the one of all unproved sessions together.
  [[nodiscard]] std::optional<Said> refuse_by_rate(Slot member, MonoTime now);
  void note_for_replay(state::RecordKind kind, std::uint64_t offset);
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
