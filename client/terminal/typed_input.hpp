// SPDX-License-Identifier: GPL-3.0-or-later
// typed_input.hpp — typed lines that are neither messages nor orders for the session process.
//
// Runs in:   uchat's terminal process.
// See:       input.hpp, which parses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "client/member/history_event.hpp"

namespace chatd::client {

// The arguments of a command as they were typed; "" and 0 if the command has no such argument.
struct Arguments {
  std::string name{};
  std::uint32_t seconds{0};
  std::string text{};
};

// The parts of the list of commands; each fits a window.
enum class HelpPart : std::uint8_t {
  usual,
  owners,  // those of owners and moderators of a room
  lines,   // those about earlier lines
  users,   // those about users whose messages are not wanted
};
// Show a part of the list of commands.
struct Help {
  HelpPart part{HelpPart::usual};
  friend bool operator==(const Help&, const Help&) = default;
};
// Show the topic of the room.
struct ShowTopic {
  friend bool operator==(const ShowTopic&, const ShowTopic&) = default;
};
// Answer the member that has sent the last direct message.
struct Reply {
  std::string text{};
  friend bool operator==(const Reply&, const Reply&) = default;
};
// Go on under another name.
struct ChangeName {
  std::string name{};
  friend bool operator==(const ChangeName&, const ChangeName&) = default;
};
// Do not show messages of this user.
struct Ignore {
  std::string name{};  // "": list the users of whom no messages are shown
  friend bool operator==(const Ignore&, const Ignore&) = default;
};
struct StopIgnoring {
  std::string name{};
  friend bool operator==(const StopIgnoring&, const StopIgnoring&) = default;
};
// Send typed lines to the room with this number.
struct SelectRoom {
  std::size_t number{};
  friend bool operator==(const SelectRoom&, const SelectRoom&) = default;
};
// Show no joins and leaves, or show them. nullopt: the other one than now.
struct SetQuiet {
  std::optional<bool> quiet{};
  friend bool operator==(const SetQuiet&, const SetQuiet&) = default;
};
// Show the last lines again: all of them, those with a text, or those that mention the user.
struct ShowLast {
  std::string text{};    // "": any
  std::size_t lines{0};  // 0: the usual number; not together with a text
  bool mentions{false};
  friend bool operator==(const ShowLast&, const ShowLast&) = default;
};
// Show lines that the server has stored.
struct ShowHistory {
  // `before` goes on from the oldest line, `search` without a text from the search before; 0 lines:
  // the usual number
  HistoryRequest request{};
  std::string since{};  // of the way `since`: the time, see parse_since()
  friend bool operator==(const ShowHistory&, const ShowHistory&) = default;
};
// A line that begins with a slash, but with no command.
struct Unknown {
  std::string command;
  friend bool operator==(const Unknown&, const Unknown&) = default;
};
// A command without an argument that it needs, with one that is not possible, or with too many.
struct Incomplete {
  std::string usage;
  friend bool operator==(const Incomplete&, const Incomplete&) = default;
};

}  // namespace chatd::client
