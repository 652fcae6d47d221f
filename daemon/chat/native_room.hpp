// SPDX-License-Identifier: GPL-3.0-or-later
// native_room.hpp — the rules of the room for native members.
//
// Runs in:   gateway.
// Borrows:   the Room, whose sessions, roster and log it shares, and the StateView.
// Pure:      no descriptor, no clock, no key.
// Invariant: a command is executed once, also if the gateway is killed at any step: its record
//            carries the command's end in its sender's stream, and `uplink` moves after the record
//            is in the log. adopt() moves it for records whose writer was killed before.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/chat/room.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/state/mailbox.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::chat {

class NativeRoom {
 public:
  NativeRoom(Room& room, const state::StateView& state, const config::Config& config);

  // After Room::adopt().
  void adopt();

  struct Arrival {
    std::string_view name;
    state::Identity identity;
    state::Delivery from;
    std::uint64_t epoch;        // the history id that the client knows; 0: none
    std::uint64_t room_offset;  // the end of what it has of that log; kNoReplay: it wants no replay
    std::uint64_t client{0};    // identifies the client among the member's clients
    std::uint32_t random;       // for the connection's number
    std::uint32_t window;       // of both streams until the first acknowledgement
  };
  static constexpr std::uint64_t kNoReplay = ~std::uint64_t{0};
  // `again`: the same key under the same name; the session continues.
  Room::Login enter(const Arrival& arrival, Now now);
  // True: the client knows the history, but the member has logged in with another client since.
  // The notice about that may have been lost; the client must not take the session back.
  [[nodiscard]] bool is_replaced(const Arrival& arrival) const;

  // The session that enter() would continue.
  [[nodiscard]] std::optional<Slot> find(std::string_view name,
                                         const state::Identity& identity) const;

  // A command of `slot`. `end`: where it ends in the command stream.
  struct Order {
    Slot slot;
    std::uint64_t end;
    Now now;
  };
  // Charges the member's rate for one command of any kind. Set: nothing was charged, and the
  // command may be executed after this time; until then it stays in its sender's stream.
  [[nodiscard]] std::optional<Micros> charge(Slot slot, MonoTime now) {
    return room_.charge(slot, now);
  }
  void say(const Order& order, std::string_view text) { speak(order, RecordKind::say, text); }
  void act(const Order& order, std::string_view text) { speak(order, RecordKind::action, text); }
  // Appends a direct message to the mailbox of `to`; returns its slot, nullopt if refused.
  std::optional<Slot> write_letter(const Order& order, std::string_view to, std::string_view text);
  // Appends a part of the member list, from slot `from` on, to the sender's mailbox.
  void list_members(const Order& order, std::uint32_t from);
  void refuse_unknown(const Order& order);

  // A packet of a member that was away arrived.
  void attach(Slot slot);
  void detach(Slot slot, MonoTime now);
  void move(Slot slot, const state::Delivery& to);

  [[nodiscard]] bool is_native(Slot slot) const;
  // The slot's last session was native, and has left.
  [[nodiscard]] bool has_left(Slot slot) const;
  [[nodiscard]] bool is_session(Slot slot, std::uint64_t wanted) const;
  [[nodiscard]] std::uint64_t generation(Slot slot) const;
  [[nodiscard]] std::uint64_t mailbox_tail(Slot slot) const;
  // Attached members that are silent, and members that are away, since then. A few hundred at
  // most.
  [[nodiscard]] std::vector<Slot> silent_since(MonoTime deadline) const;
  [[nodiscard]] std::vector<Slot> away_since(MonoTime deadline) const;

 private:
  using RecordKind = state::RecordKind;
  void begin(Slot slot, const Arrival& arrival, bool fresh);
  [[nodiscard]] state::Offset start_for(const Arrival& arrival) const;
  void speak(const Order& order, RecordKind kind, std::string_view text);
  [[nodiscard]] std::optional<std::string_view> judge(const Order& order, std::string_view text);
  // Appends the notice. Without space for it the command stays unexecuted, and its sender sends it
  // again.
  void refuse(const Order& order, wire::Reason reason);
  void refuse(const Order& order, wire::Reason reason, std::string_view why);
  void done(const Order& order);
  void adopt_mailbox(Slot slot, logs::RecordBuffer& buffer);
  void settle_uplink(const std::optional<logs::Sender>& sender, std::uint64_t offset);

  Room& room_;
  const state::StateView& state_;
  const config::Config& config_;
  std::span<state::NativeSlot> slots_;
};

}  // namespace chatd::chat
