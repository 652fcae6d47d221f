// SPDX-License-Identifier: GPL-3.0-or-later
// chat.hpp — the parts of the chat, put together over one state region.
//
// Runs in:   gateway.
// Owns:      the parts. Borrows: the StateView and the configuration.
// Invariant: adopt() is called once, before anything else. Names and rules are known before the
//            sessions that they are for.
//
//   text_service   -> TextCommands ---.
//                                      >-> Commands -> Sessions, Room, Rooms, Mailboxes
//   native_service -> NativeCommands -'                  |         |
//                                  `-> Moderation -> RoomRights -> Rules
#pragma once

#include "daemon/chat/block_commands.hpp"
#include "daemon/chat/brief.hpp"
#include "daemon/chat/door.hpp"
#include "daemon/chat/each_room.hpp"
#include "daemon/chat/line_erasure.hpp"
#include "daemon/chat/name_commands.hpp"
#include "daemon/chat/native_commands.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/chat/room_admin.hpp"
#include "daemon/chat/room_streams.hpp"
#include "daemon/chat/text_commands.hpp"

namespace chatd::chat {

struct Chat {
  // `keys`: the persons of keys without owned names.
  Chat(const state::StateView& state, const config::Config& config, const Persons& keys,
       std::uint64_t hash_key)
      : names{state, keys, config.names.expire},
        persons{keys, names},
        masks{state, persons},
        room{state, config, masks},
        rules{state},
        sessions{state, config, room, rules, persons, hash_key},
        known{state},
        invitations{state},
        rights{state, config, sessions, rules, known, owns()},
        rooms{state, config, masks, sessions, rules, rights},
        door{config, sessions, rooms, known, invitations, rules, has_name()},
        brief{state, sessions, rooms},
        room_streams{state},
        mailboxes{state, masks, persons},
        programs{state, sessions, mailboxes},
        waiting{state, sessions, mailboxes, config.history},
        blocks{state, [this](state::PersonId person) { return door.is_protected(person); }},
        direct{sessions, rooms, names, blocks, config.direct.from},
        block_commands{sessions, names, blocks, direct},
        room_admin{config, sessions, rooms, mailboxes},
        changes{state, room, sessions, rooms, room_admin, rules, rights, mailboxes, blocks},
        erasure{state, sessions, rights, changes},
        moderation{sessions, rooms, rules, rights, changes},
        about{state, sessions, rooms, rules, rights},
        member_about{sessions, rooms, rights},
        presence{state, sessions, rights, mailboxes},
        commands{state, config, room, sessions, rooms, rights, programs, names, direct, waiting},
        text{config, sessions, commands},
        native{state,     config,   room,       sessions,       rooms, room_admin,
               mailboxes, commands, moderation, erasure,        about, member_about,
               presence,  programs, masks,      block_commands, names, waiting},
        own{config, sessions, names, rules, changes, mailboxes, native, may_claim()} {}
  Chat(const Chat&) = delete;
  Chat& operator=(const Chat&) = delete;

  // Takes over from a predecessor; see Sessions::adopt().
  Sessions::Unfinished adopt(Now now) {
    names.adopt();
    known.adopt();
    invitations.adopt();
    rules.adopt();
    auto unfinished = sessions.adopt(now);
    waiting.adopt();  // before anything is put into a mailbox
    blocks.adopt();
    rooms.adopt(now);
    room_admin.adopt(now);
    rules.keep_rooms(room_ids(rooms));
    door.adopt(now);
    native.adopt();
    programs.adopt(unfinished.joining, now.wall);
    presence.adopt(unfinished.joining, now.wall);
    for (const auto& [member, reason] : changes.adopt(now)) {
      sessions.remove(member, state::LeaveKind::kicked, reason, now);
      rooms.leave_all(member, state::LeaveKind::kicked, now);
      unfinished.leaving.push_back(member);
    }
    changes.removed();
    return unfinished;
  }

  // Serves the members for whom messages wait. Tells the default room what it has counted; Rooms::
  // tick() does so for the further ones. True: an owned name is free: the caller removes
  // misnamed().
  bool tick(Now now) {
    door.tick(now.wall);
    waiting.tick(now.mono, [this](state::PersonId person) -> std::optional<Slot> {
      const auto name = names.name_of(person);
      const auto member = name ? sessions.find_name(*name) : std::nullopt;
      return member && sessions.person(*member) == person ? member : std::nullopt;
    });
    if (room.crowd().is_due(now.mono)) room.tell_crowd(now);
    own.tick(now);
    return names.tick(now.wall, [this](state::PersonId person) { return is_in(sessions, person); });
  }

  [[nodiscard]] NameCommands::MayClaim may_claim() {
    return [this](state::PersonId person, WallTime now) { return door.admits(person, now); };
  }
  [[nodiscard]] Door::Owns has_name() {  // also while it rests: its owner comes and has it again
    return [this](state::PersonId person) { return names.name_of(person).has_value(); };
  }
  [[nodiscard]] Door::Owns owns() {
    return [this](state::PersonId person) { return names.owns(person); };
  }

  Names names;
  Persons persons;  // which know the names
  CommandMasks masks;
  Room room;
  Rules rules;
  Sessions sessions;
  KnownPersons known;
  Invitations invitations;
  RoomRights rights;
  Rooms rooms;
  Door door;
  Brief brief;
  RoomStreams room_streams;
  Mailboxes mailboxes;
  Programs programs;
  Waiting waiting;
  Blocks blocks;
  DirectRights direct;
  BlockCommands block_commands;
  RoomAdmin room_admin;
  RoomChanges changes;
  LineErasure erasure;
  Moderation moderation;
  RoomAbout about;
  MemberAbout member_about;
  Presence presence;
  Commands commands;
  TextCommands text;
  NativeCommands native;
  NameCommands own;
};

}  // namespace chatd::chat
