// SPDX-License-Identifier: GPL-3.0-or-later
// command_event.hpp — the events of a Member about its commands.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace chatd::client {

// The server has carried a command out. Comes once for each command, in order, and not for a
// question (AskUsers, AskRooms, AskAbout, AskPrograms, AskMember, AskBlocks).
struct Confirmed {
  std::uint64_t number{};   // from a Member: of the command; in a Report: of the Post
  std::string waits_for{};  // of a direct message: the user that is not in, and gets it when it
                            // comes back; "": it was delivered
  static constexpr void fields(auto& v, auto& confirmed) {
    v("number", confirmed.number);
    v("waits_for", confirmed.waits_for);
  }
};
// The server has refused a command.
struct Refused {
  std::optional<std::uint64_t> number{};  // as in Confirmed; nullopt: the command is not known
  // See wire::message_refusal_of(); "": none; "not_confirmed": its session has ended, another one
  // has begun, and it is not known whether the command was carried out.
  std::string code{};
  std::string text{};  // the reason, as the server sent it
  static constexpr void fields(auto& v, auto& refused) {
    v("number", refused.number);
    v("code", refused.code);
    v("text", refused.text);
  }
};
}  // namespace chatd::client
