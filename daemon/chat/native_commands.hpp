// SPDX-License-Identifier: GPL-3.0-or-later
// native_commands.hpp — the commands of native members: each is executed once.
//
// Runs in:   gateway.
// Borrows:   the Room, the Sessions, the Rooms, the RoomAdmin, the Mailboxes, the Commands, the
//            Moderation, the LineErasure, the RoomAbout, the MemberAbout, the Presence, the
//            Programs, the BlockCommands, the Names, the Waiting, and the StateView.
// Pure:      no descriptor, no clock, no key.
// Invariant: a command is executed once, also if the gateway is killed at any step: its record
//            carries the command's end in its sender's stream, and `uplink` moves after the record
//            is in the log. adopt() moves it for records whose writer was killed before.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/chat/block_commands.hpp"
#include "daemon/chat/commands.hpp"
#include "daemon/chat/line_erasure.hpp"
#include "daemon/chat/member_about.hpp"
#include "daemon/chat/moderation.hpp"
#include "daemon/chat/presence.hpp"
#include "daemon/chat/room_about.hpp"
#include "daemon/log/log_follower.hpp"

namespace chatd::chat {

class NativeCommands {
 public:
  NativeCommands(const state::StateView& state, const config::Config& config, Room& room,
                 Sessions& sessions, Rooms& rooms, RoomAdmin& room_admin, Mailboxes& mailboxes,
                 Commands& commands, Moderation& moderation, LineErasure& erasure,
                 const RoomAbout& about, const MemberAbout& member_about, Presence& presence,
                 Programs& programs, CommandMasks& masks, BlockCommands& blocks, const Names& names,
                 Waiting& waiting);

  // After Sessions::adopt(): reads the logs that a predecessor wrote.
  void adopt();

  // A command of `slot`. `end`: where it ends in the command stream.
  struct Order {
    Slot slot;
    std::uint64_t end;
    Now now;
  };
  // A message, RecordKind::say or action. `room`: see CommandKind::say.
  void say(const Order& order, state::RecordKind kind, std::string_view room,
           std::string_view text);
  // Delivers a direct message to `to`; returns its first slot, nullopt if refused, or if it waits.
  std::optional<Slot> say_to(const Order& order, std::string_view to, std::string_view text);
  // Appends a part of the member list, from slot `from` on, to the sender's mailbox.
  void list_members(const Order& order, std::string_view room, Slot from);
  // Commands about further rooms, named as in the command; the answer goes to the sender's mailbox.
  void make(const Order& order, std::string_view name);
  void join(const Order& order, std::string_view name, const Room::Position& known);
  void leave(const Order& order, std::string_view room);
  void list_rooms(const Order& order, std::uint32_t from);
  // Changes of a room that the sender is in, named and with arguments as in the command. The record
  // in the room is the answer.
  void set_topic(const Order& order, std::string_view room, std::string_view topic);
  void set(const Order& order, std::string_view room, std::string_view setting);
  // An action of the sender that was carried out. The caller removes the sessions in
  // `done.removals` from the server.
  struct Moderated {
    std::string_view room;  // the name of the room
    wire::ModerateAction action;
    Moderation::Moderated done;
  };
  // Takes back a line, see CommandKind::erase. Returns the room's name, and it; nullopt: refused.
  using Erased = std::pair<std::string_view, LineErasure::Taken>;
  std::optional<Erased> erase(const Order& order, std::string_view room, std::string_view line);
  // nullopt: the action was refused.
  std::optional<Moderated> moderate(const Order& order, std::string_view room,
                                    std::string_view moderation);
  // Appends a part of the facts about the room, see RoomAbout, from a line on.
  void describe(const Order& order, std::string_view room, std::uint32_t from);
  // Appends the facts about the user that the name says, a wire::NamedPerson. See MemberAbout.
  void describe_member(const Order& order, std::string_view name);
  void list_programs(const Order& order);  // of the member
  // The other program of that number, which the caller ends before it calls list_programs().
  // nullopt: there is none, and the command is refused; or there is no space for the answer.
  std::optional<Slot> find_program(const Order& order, std::uint32_t number);
  void block(const Order& order, std::string_view name, std::string_view request);
  // The sender is away, with this text, or back; see CommandKind::away.
  void set_away(const Order& order, std::string_view text);
  void refuse_unknown(const Order& order);
  // For commands that are answered elsewhere, later. The room that a command names, which the
  // sender is in. nullopt: it is in no such room, whether there is one or not, and the command is
  // counted.
  [[nodiscard]] std::optional<Moderation::Where> room_of(const Order& order, std::string_view room);
  // Appends the notice. Without space for the notice the command stays unexecuted, and its sender
  // sends it again. `bytes`: of a text that is too long; `limit`: its maximum, 0: that of messages.
  void refuse(const Order& order, wire::Reason reason, std::size_t bytes = 0,
              std::size_t limit = 0);
  void done(const Order& order);  // the command was executed
  // Appends the notice about a command for which done() was called before. False: there is no
  // space for it.
  [[nodiscard]] bool refuse_late(const Order& order, wire::Reason reason) {
    return notify(order, reason, 0, 0);
  }

 private:
  [[nodiscard]] bool notify(const Order& order, wire::Reason reason, std::size_t bytes,
                            std::size_t limit);
  // A list of one part of `kind`, and where the next part begins.
  void answer_list(const Order& order, state::RecordKind kind, std::string_view room,
                   const Commands::Listed& listed, const char* text);
  void answer_entered(const Order& order, std::string_view name,
                      const std::expected<Rooms::Entered, wire::Reason>& entered);
  // The end of a change of a room. Refuses it, if `done` has an error; returns true if it has none.
  // `bytes`, `limit`: as in refuse().
  template <class Done>
  bool finish(const Order& order, const Done& done, std::size_t bytes, std::size_t limit);
  // Is there space for the answer to a command about a room? Without space, nothing is done.
  [[nodiscard]] bool can_answer(const Order& order) const;
  [[nodiscard]] logs::Entry waits_entry(const Order& order, std::string_view receiver) const;
  struct Unfinished;  // commands that the gateway that was killed last did not finish
  // `last`: the last record of a command in the log of the room.
  void adopt_room(const std::optional<wire::RecordHeader>& last, state::RoomId room);
  void adopt_mailbox(Slot slot, logs::RecordBuffer& buffer, Unfinished& unfinished);
  void adopt_waiting(Unfinished& unfinished);
  // True: the command that ends there can be the one that its sender's `uplink` has not reached.
  [[nodiscard]] bool is_unfinished(const logs::Sender& sender, std::uint64_t end) const;

  const state::StateView& state_;
  Room& room_;
  Sessions& sessions_;
  Rooms& rooms_;
  RoomAdmin& room_admin_;
  Mailboxes& mailboxes_;
  Commands& commands_;
  Moderation& moderation_;
  LineErasure& erasure_;
  const RoomAbout& about_;
  const MemberAbout& member_about_;
  Presence& presence_;
  Programs& programs_;
  CommandMasks& masks_;
  BlockCommands& blocks_;
  const Names& names_;
  Waiting& waiting_;
  std::string default_name_;
  std::uint32_t message_bytes_;
  std::span<state::NativeSlot> slots_;
};

}  // namespace chatd::chat
