// SPDX-License-Identifier: GPL-3.0-or-later
// commands.hpp — the commands of members and administrators, without a protocol.
//
// Runs in:   gateway. TextCommands and NativeCommands are the ways to it.
// Owns:      the buffer of the text that is checked. Borrows: the Room, the Sessions, the Rooms,
//            the RoomRights, the Programs, the Names, the DirectRights, the Waiting.
// Invariant: no text is appended that clean_text() has not cleaned.
// Hot path:  say() and say_in() do not allocate.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/wire/message_text.hpp"
#include "daemon/chat/direct_rights.hpp"
#include "daemon/chat/names.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/rooms.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/chat/waiting.hpp"

namespace chatd::chat {

class Commands {
 public:
  Commands(const state::StateView& state, const config::Config& config, Room& room,
           Sessions& sessions, Rooms& rooms, RoomRights& rights, Programs& programs,
           const Names& names, const DirectRights& direct, Waiting& waiting);

  // The member that acts, when, and, for a native one, where its command ends in its stream.
  struct By {
    Slot slot;
    Now now;
    std::uint64_t end{0};
  };
  // Appends a message (RecordKind::say or action) to the default room.
  std::expected<void, wire::Reason> say(const By& by, state::RecordKind kind,
                                        std::string_view text);
  // The same, to a further room that the member is in.
  std::expected<void, wire::Reason> say_in(const By& by, state::RoomId room, state::RecordKind kind,
                                           std::string_view text);
  // The further room that a command of this session names, if the session is in that room. nullopt:
  // it is not, whether there is such a room or not, and also if only another program of the member
  // is; the command is counted. Each command that names a room calls this; one that finds no space
  // for its answer does so again when it is sent again.
  [[nodiscard]] std::optional<Rooms::Found> own_room(Slot session, state::RoomId room);
  // The receiver of a direct message.
  struct Receiver {
    std::optional<Slot> slot;  // its first session; nullopt: the message waits for it
    state::PersonId person;
    std::string_view name;  // of one that is waited for: as it was shown when it was claimed
  };
  // The user that `to` names, a wire::NamedPerson, if the member may write to it. A message waits
  // for the owner of a name that has no program that reads.
  [[nodiscard]] std::expected<Receiver, wire::Reason> receiver_of(const By& by,
                                                                  std::string_view to);
  // Delivers a direct message, or lets it wait.
  std::expected<void, wire::Reason> say_to(const By& by, const Receiver& to, std::string_view text);
  // The sentence for the member whose text was refused. For a mute in the whole server it has the
  // end and the reason, if there are any; those of a mute in a room are in a record there. The
  // result is in `out`, or lives for ever.
  [[nodiscard]] std::string_view refusal_text(Slot member, wire::Reason reason,
                                              wire::Language language, std::span<char> out,
                                              WallTime now) const;
  // Muted in the whole server.
  [[nodiscard]] bool is_muted(Slot member, WallTime now) { return rights_.is_muted(member, now); }
  // Appends the administrator's line. Returns the number of members; an error if the text is not
  // UTF-8, empty, or longer than a message may be.
  std::expected<std::uint64_t, wire::TextFault> announce(std::string_view text, Now now);
  // The same, to the members of a further room.
  std::expected<std::uint64_t, wire::TextFault> announce_in(state::RoomIndex room,
                                                            std::string_view text, Now now);

  // The members, one a line: a wire::NamedPerson, and a tab and "away" behind one that is away.
  struct Listed {
    std::size_t bytes;         // of the text
    std::optional<Slot> next;  // the place at which the next part begins; nullopt: this is the last
  };
  // Writes as many as fit, from slot `from` on.
  [[nodiscard]] Listed list(Slot from, std::span<char> out) const;
  // The same of the members of a further room.
  [[nodiscard]] Listed list_in(state::RoomIndex room, Slot from, std::span<char> out) const;
  // The further rooms that `self` is in or may find, one a line: "name\tmembers", and "\tin" behind
  // those that it is in; from a row on. `next` is a row, too. A part may be empty, and not the
  // last.
  [[nodiscard]] Listed list_rooms(Slot self, std::uint32_t from, std::span<char> out,
                                  WallTime now) const;

 private:
  // Calls next(from) for the first slot from `from` on.
  template <class Next>
  [[nodiscard]] Listed list_slots(Next next, Slot from, std::span<char> out) const;
  [[nodiscard]] logs::Entry entry_of(const By& by, state::RecordKind kind,
                                     std::string_view text) const;
  [[nodiscard]] logs::Entry speaker_of(const By& by) const;
  void count_message(Slot sender);
  [[nodiscard]] bool reads(Slot member) const;
  [[nodiscard]] std::expected<std::string_view, wire::TextFault> clean(std::string_view text);

  state::GatewayCounters& counters_;
  Room& room_;
  Sessions& sessions_;
  Rooms& rooms_;
  RoomRights& rights_;
  Programs& programs_;
  const Names& names_;
  const DirectRights& direct_;
  Waiting& waiting_;
  std::uint32_t message_bytes_;
  std::uint32_t rows_;       // of the table of rooms
  std::vector<char> clean_;  // clean_text() writes here
};

}  // namespace chatd::chat
