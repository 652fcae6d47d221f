// SPDX-License-Identifier: GPL-3.0-or-later
// room_event.hpp — the events of a Member about the rooms that it joins and leaves.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "common/wire/native/native_command.hpp"

namespace chatd::client {

// A room, as events name it. The default room has no name here.
struct RoomRef {
  wire::RoomId id{wire::kDefaultRoom};  // another one after a change of the history
  std::string name{};                   // as the server wrote it, without '#'
  static constexpr void fields(auto& v, auto& room) {
    v("id", room.id);
    v("name", room.name);
  }
  friend bool operator==(const RoomRef&, const RoomRef&) = default;
};

// The member is in a room besides the default room.
struct RoomJoined {
  RoomRef room{};
  std::string topic{};                  // may be empty
  bool again{false};                    // it was in this room in its last session
  std::string topic_by{};               // the member that set the topic; "": the administrator
  std::optional<WallTime> topic_set{};  // when; a possible time
  static constexpr void fields(auto& v, auto& joined) {
    v("room", joined.room);
    v("topic", joined.topic);
    v("again", joined.again);
    v("topic_by", joined.topic_by);
    v("topic_set", joined.topic_set);
  }
};
// The member is not in the room any more.
struct RoomLeft {
  RoomRef room{};
  std::string code{};  // why it could not join again in a new session; see
                       // wire::message_refusal_of()
  std::string text{};  // the reason, as the server sent it; both empty: the member has left
  static constexpr void fields(auto& v, auto& left) {
    v("room", left.room);
    v("code", left.code);
    v("text", left.text);
  }
};
// The room has another name. Its Line, a `set`, comes first.
struct RoomRenamed {
  RoomRef room{};        // with the new name
  std::string before{};  // the old name
  static constexpr void fields(auto& v, auto& renamed) {
    v("room", renamed.room);
    v("before", renamed.before);
  }
};
// The rooms of the server. A Member returns the whole list in one event.
struct RoomList {
  std::string list{};  // one a line: "name\tmembers", "name\tmembers\tin" of one that it is in
  bool more{false};    // on the pipe: another piece of the list follows
  static constexpr void fields(auto& v, auto& rooms) {
    v("list", rooms.list);
    v("more", rooms.more);
  }
};
// The answer to a question about a room; see wire::RoomFacts. A Member returns the whole list in
// one event.
struct RoomAbout {
  std::string room{};  // the room's name; "": the default room
  std::string list{};  // a fact a line: its key, a tab, its value
  bool more{false};    // on the pipe: another piece of the list follows
  std::string code{};  // of a refusal; see wire::message_refusal_of()
  std::string text{};  // the reason of a refusal, as the server sent it
  static constexpr void fields(auto& v, auto& about) {
    v("room", about.room);
    v("list", about.list);
    v("more", about.more);
    v("code", about.code);
    v("text", about.text);
  }
};
// A member of a room, or the administrator, invites the user to it. The user is not in the room.
struct RoomInvited {
  std::string room{};       // the room's name
  std::string name{};       // the member that invites; "": the administrator
  std::uint64_t person{0};  // of this member, as in Line
  static constexpr void fields(auto& v, auto& invited) {
    v("room", invited.room);
    v("name", invited.name);
    v("person", invited.person);
  }
};

}  // namespace chatd::client
