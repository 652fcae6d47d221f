// SPDX-License-Identifier: GPL-3.0-or-later
// history_check.hpp — checks with a history that the service kept its guarantees.
//
// Runs in:   test programs. Pure.
//
// How: every native reader receives a contiguous range of the room's log. So two adjacent lines of
// one reader are adjacent for all readers; otherwise a reader missed, doubled or reordered a line.
// If all readers agree, the adjacent pairs form one chain: the order of the room. Each acknowledged
// message must be in it exactly once, and it contains only messages that were sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/fault/chaos/history.hpp"
#include "tests/fault/chaos/room_rules.hpp"

namespace chatd::test {

// The number of programs of a user at the end of a history.
struct Programs {
  std::size_t running{};
  std::size_t on_server{};
};
// The names of the members when the history began, and at its end; the rules of a further room when
// its history began; and in the default room the programs of native users, and the owned names.
struct Rosters {
  std::vector<std::string> before{};
  std::vector<std::string> after{};
  RoomRules rules{};
  std::map<std::string, Programs> programs{};
  std::set<std::string> owned{};
};
// The kind of room that a history belongs to. In the history of a further room a reader is one
// membership.
enum class Scope : std::uint8_t { default_room, further_room };

// Describes each violation as a sentence; empty: there is none. The guarantees are:
// - an acknowledged message is in the order of the room exactly once, a refused one never; messages
//   of one sender are in the order in which it sent them;
// - no message is lost silently: a native client that is connected until the end gets a
//   confirmation or a refusal for each message. Only errors of the sender are refused (empty, not
//   UTF-8, too long), never a message that was sent during a fault. An unconfirmed message of a
//   killed client is in the order at most once;
// - every native reader received a contiguous range of the order, with nothing missing or doubled.
//   A reader that was in when the history began received the first line of the order; the first
//   line of any other reader is its own join, unless its user was in already with another program,
//   or its login began again after its CONFIRM: the server may have carried the first login out,
//   and then it begins behind that join. It received each message that was sent after it was told
//   that it is in. A reader that is not over received the last line;
// - each line in the order was sent or announced;
// - a name joins only while it is not a member, and leaves and sends only while it is; at the end
//   the members are those of the roster after. A user with several programs is one member: it joins
//   with the first one and leaves with the last one;
// - all lines of a reader are from the time when its user is a member, except for a replay of lines
//   that the client missed between two sessions. In a further room a message may be refused because
//   its sender was removed from the room. A removed member has a record `kick`;
// - in a further room each change of its topic, its properties and its rules is in the order as a
//   message is: exactly once if it was acknowledged, never if it was refused. Its sender has the
//   right to it. A change is refused only for a reason of the room;
// - a kicked or banned member leaves the room with the next record; a banned user does not join. A
//   muted member says nothing and changes no topic and no rule; without a role nobody says anything
//   in a lecture;
// - only invited users and members with a role join a room for invited members. A member
//   that joins it receives earlier records only from the time since it was a member first, unless
//   it was removed meanwhile;
// - an acknowledged direct message was received exactly once by each program of its recipient, and
//   a record `sent` by each other program of its sender. A program that has ended may not have
//   received it, and a program whose mailbox may have been full. It is refused only if no mailbox
//   of the recipient has space, if the recipient is not there and does not own its name, or if as
//   many messages as may wait (daemon/chat/waiting.hpp) were sent before the refusal, and
//   acknowledged as waiting or not at all;
// - an acknowledged direct message that waited for its recipient was received by one program of it,
//   and by another one only if one of the two was killed or began to quit before, or the server has
//   ended its session;
// - at the end the server has each running program of a user, and no other one;
// - a text member received a part of the order, in that order, and otherwise only notices; a run of
//   lines may be repeated (man chatd: a worker was killed).
[[nodiscard]] std::vector<std::string> find_violations(const History& history,
                                                       const Rosters& rosters,
                                                       Scope scope = Scope::default_room);

}  // namespace chatd::test
