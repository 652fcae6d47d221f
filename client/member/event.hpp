// SPDX-License-Identifier: GPL-3.0-or-later
// event.hpp — the events that a Member returns. uchat uses these types, and those of
// user_message.hpp, room_event.hpp, program_event.hpp and others, everywhere: inside each
// process and on the pipe between them.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     each struct lists its fields, from which its form on the pipe follows.
// See:       member_events.cpp, which converts from the bytes of the network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "client/member/command_event.hpp"
#include "client/member/history_event.hpp"
#include "client/member/member_event.hpp"
#include "client/member/program_event.hpp"
#include "client/member/room_event.hpp"
#include "client/member/saved_event.hpp"
#include "client/member/user_message.hpp"
#include "common/wire/native/native_record.hpp"
#include "common/wire/reasons.hpp"

namespace chatd::client {

// The reason why a session ended, or did not begin. The exit status of uchat follows from it.
using End = wire::Reason;

// A session has begun, or goes on under another name.
struct Joined {
  std::string name{};        // as the server accepted it
  std::string server{};      // the server's name; may be empty
  bool again{false};         // not the first session of this Member
  std::size_t max_text{0};   // the longest text of a message, in bytes
  std::string server_key{};  // in a Report: the public half of the server's identity in base64
  KeptHistory kept{};
  static constexpr void fields(auto& v, auto& joined) {
    v("name", joined.name);
    v("server", joined.server);
    v("again", joined.again);
    v("max_text", joined.max_text);
    v("server_key", joined.server_key);
    v("kept", joined.kept);
  }
};
// A record of a room's log, or a direct message.
struct Line {
  wire::RecordKind record{};
  std::string name{};  // the sender, or the member that the record is about; of an own direct
                       // message its receiver; "": the administrator
  std::string text{};  // of a kick: the reason; of a `set` or a `moderated`: the bytes of a
                       // wire::RoomSetting or a wire::Moderation
  WallTime time{};
  bool replay{false};  // from before the session, or before the member joined the room
  bool own{false};     // a message of this member; also one that another program of it has sent
  RoomRef room{};      // of a direct message: the default room
  std::uint64_t person{0};    // that the member last saw under the name, see persons.hpp; 0: none,
                              // and of a replay
  std::uint64_t sequence{0};  // of the record in the log of its room, growing; 0: direct message
  bool text_member{false};  // the sender, or the member that the record is about, is a text member
  bool waited{false};       // a direct message that was sent while this member was not in
  static constexpr void fields(auto& v, auto& line) {
    v("record", line.record);
    v("name", line.name);
    v("text", line.text);
    v("time", line.time);
    v("replay", line.replay);
    v("own", line.own);
    v("room", line.room);
    v("person", line.person);
    v("sequence", line.sequence);
    v("text_member", line.text_member);
    v("waited", line.waited);
  }
};
// The longest text of a message has changed.
struct LimitsChanged {
  std::size_t max_text{0};
  static constexpr void fields(auto& v, auto& limits) { v("max_text", limits.max_text); }
};
// Messages of a room are lost for this client.
struct Missed {
  // True: the room has another history, and the messages in between are not known. False: a part
  // of the room's log was overwritten before it arrived.
  bool new_history{false};
  RoomRef room{};
  static constexpr void fields(auto& v, auto& missed) {
    v("new_history", missed.new_history);
    v("room", missed.room);
  }
};
// The server sent BYE because it stops. Reconnecting follows.
struct ServerStopped {
  static constexpr void fields(auto& /*v*/, auto& /*event*/) {}
};
// No packet has come from the server for some seconds. The client tries again.
struct Reconnecting {
  static constexpr void fields(auto& /*v*/, auto& /*event*/) {}
};
// The server answers again, in the same session.
struct Reconnected {
  static constexpr void fields(auto& /*v*/, auto& /*event*/) {}
};
// The server has refused another name for this member: the session goes on under the old one.
struct NameRefused {
  std::string name{};  // the new one
  End reason{};
  std::string text{};  // as in Ended
  static constexpr void fields(auto& v, auto& refused) {
    v("name", refused.name);
    v("reason", refused.reason);
    v("text", refused.text);
  }
};
// The last event.
struct Ended {
  End reason{};
  std::string text{};  // the server's reason, or a detail; may be empty
  static constexpr void fields(auto& v, auto& ended) {
    v("reason", ended.reason);
    v("text", ended.text);
  }
};

using Event = std::variant<Joined, Line, Confirmed, Refused, Users, LimitsChanged, Missed,
                           ServerStopped, Reconnecting, Reconnected, RoomJoined, RoomLeft,
                           RoomRenamed, RoomList, RoomAbout, RoomInvited, OtherPerson, OtherProgram,
                           ProgramList, MemberAbout, MemberAway, MemberBack, BlockList, HistoryPage,
                           OwnNews, DeviceAsks, NameRefused, Saved, Ended>;

}  // namespace chatd::client
