// SPDX-License-Identifier: GPL-3.0-or-later
// user_message.hpp — the messages that a user sends, and the orders about rooms, their members and
// the user's programs.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     each struct lists its fields, from which its form on the pipe of uchat follows. A room
//            is named by its name, without '#'; "" is the default room.
// See:       member.cpp, which makes commands of them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "client/member/own_event.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/native/native_room.hpp"

namespace chatd::client {

struct Say {  // a message to a room
  std::string text{};
  std::string room{};
  static constexpr void fields(auto& v, auto& say) {
    v("text", say.text);
    v("room", say.room);
  }
  friend bool operator==(const Say&, const Say&) = default;
};
// A message to a room about the sender: "* ada waves".
struct Act {
  std::string text{};
  std::string room{};
  static constexpr void fields(auto& v, auto& act) {
    v("text", act.text);
    v("room", act.room);
  }
  friend bool operator==(const Act&, const Act&) = default;
};
// A message to one member.
struct Direct {
  std::string name{};  // the receiver
  std::string text{};
  std::uint64_t person{0};  // the message is for this person only; 0: for the one that the member
                            // last saw under the name
  static constexpr void fields(auto& v, auto& direct) {
    v("name", direct.name);
    v("text", direct.text);
    v("person", direct.person);
  }
  friend bool operator==(const Direct&, const Direct&) = default;
};
// Make a room, and join it.
struct MakeRoom {
  std::string name{};
  static constexpr void fields(auto& v, auto& make) { v("name", make.name); }
  friend bool operator==(const MakeRoom&, const MakeRoom&) = default;
};
struct JoinRoom {
  std::string name{};
  static constexpr void fields(auto& v, auto& join) { v("name", join.name); }
  friend bool operator==(const JoinRoom&, const JoinRoom&) = default;
};
struct LeaveRoom {
  std::string name{};
  static constexpr void fields(auto& v, auto& leave) { v("name", leave.name); }
  friend bool operator==(const LeaveRoom&, const LeaveRoom&) = default;
};
// Give a room another topic.
struct SetTopic {
  std::string topic{};  // "": none
  std::string room{};
  static constexpr void fields(auto& v, auto& set) {
    v("topic", set.topic);
    v("room", set.room);
  }
  friend bool operator==(const SetTopic&, const SetTopic&) = default;
};
// Change a property of a room.
struct SetProperty {
  wire::RoomProperty property{};
  std::uint16_t value{};  // as in wire::RoomSetting
  std::string room{};
  static constexpr void fields(auto& v, auto& set) {
    v("property", set.property);
    v("value", set.value);
    v("room", set.room);
  }
  friend bool operator==(const SetProperty&, const SetProperty&) = default;
};
// Change what a member may do in a room.
struct Moderate {
  wire::ModerateAction action{};
  std::string name{};       // the member
  std::uint32_t seconds{};  // of a ban or a mute; 0: without end
  std::string reason{};     // at most wire::kMaxModerationReason bytes; the rest is cut
  std::string room{};
  static constexpr void fields(auto& v, auto& moderate) {
    v("action", moderate.action);
    v("name", moderate.name);
    v("seconds", moderate.seconds);
    v("reason", moderate.reason);
    v("room", moderate.room);
  }
  friend bool operator==(const Moderate&, const Moderate&) = default;
};
// Take back a line of a room.
struct EraseLine {
  static constexpr std::uint64_t kOwnLast = ~std::uint64_t{0};
  std::uint64_t number{kOwnLast};
  std::string room{};
  static constexpr void fields(auto& v, auto& erase) {
    v("number", erase.number);
    v("room", erase.room);
  }
  friend bool operator==(const EraseLine&, const EraseLine&) = default;
};
// End another program of the member.
struct EndProgram {
  std::uint32_t number{};  // as in a ProgramList
  static constexpr void fields(auto& v, auto& end) { v("number", end.number); }
  friend bool operator==(const EndProgram&, const EndProgram&) = default;
};
// Be away, or be back.
struct SetAway {
  std::string text{};  // at most wire::kMaxAwayBytes; "": back if the user is away, away if not
  static constexpr void fields(auto& v, auto& set) { v("text", set.text); }
  friend bool operator==(const SetAway&, const SetAway&) = default;
};
// Take no direct messages from a user any more, or take them again.
struct Block {
  std::string name{};
  bool remove{false};
  static constexpr void fields(auto& v, auto& block) {
    v("name", block.name);
    v("remove", block.remove);
  }
  friend bool operator==(const Block&, const Block&) = default;
};
struct TakeDirect {
  wire::DirectFrom from{};  // direct messages of others are refused
  static constexpr void fields(auto& v, auto& take) { v("from", take.from); }
  friend bool operator==(const TakeDirect&, const TakeDirect&) = default;
};
// Each is confirmed or refused.
using Message = std::variant<Say, Act, Direct, MakeRoom, JoinRoom, LeaveRoom, SetTopic, SetProperty,
                             Moderate, EraseLine, EndProgram, SetAway, Block, TakeDirect, OwnOrder>;

}  // namespace chatd::client
