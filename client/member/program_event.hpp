// SPDX-License-Identifier: GPL-3.0-or-later
// program_event.hpp — the events of a Member about the other programs of the same member.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
// See:       chatd-protocol(7): a member may be in with several programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/time.hpp"

namespace chatd::client {

// Another program has logged in with the same key and name.
struct OtherProgram {
  std::string address{};   // as the server wrote it
  std::uint32_t number{};  // as in a ProgramList
  WallTime time{};
  static constexpr void fields(auto& v, auto& program) {
    v("address", program.address);
    v("number", program.number);
    v("time", program.time);
  }
};
// The programs of the member, see read_programs(). A Member returns the whole list in one event.
struct ProgramList {
  std::string list{};                    // one a line
  bool more{false};                      // on the pipe: another piece of the list follows
  std::optional<std::uint32_t> ended{};  // the program that an EndProgram has ended; nullopt: the
                                         // answer to a question
  std::string code{};                    // of a refusal; see wire::message_refusal_of()
  std::string text{};                    // the reason of a refusal, as the server sent it
  static constexpr void fields(auto& v, auto& programs) {
    v("list", programs.list);
    v("more", programs.more);
    v("ended", programs.ended);
    v("code", programs.code);
    v("text", programs.text);
  }
};

}  // namespace chatd::client
