// SPDX-License-Identifier: GPL-3.0-or-later
// member_event.hpp — the events of a Member about users: who is in, and who is away.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/time.hpp"

namespace chatd::client {

// The members of the server or of a room. A Member returns the whole list in one event.
struct Users {
  std::string list{};  // one a line: name; "\ttext" if it is a text member; "\taway" if it is away;
                       // "\towned" if the name belongs to it
  bool more{false};    // on the pipe: another piece of the list follows
  std::string room{};  // the room's name; "": the members of the server
  static constexpr void fields(auto& v, auto& users) {
    v("list", users.list);
    v("more", users.more);
    v("room", users.room);
  }
};
// A user that the user of this client has seen in an earlier run.
struct KnownUser {
  std::string name{};
  std::uint64_t person{0};  // of a key, see persons.hpp
  WallTime time{};          // when it was seen last
  friend bool operator==(const KnownUser&, const KnownUser&) = default;
};
// A name belongs to another person than before, since this Member runs, or than in an earlier run.
// Comes before the first line of that person, if it is the first news of it.
struct OtherPerson {
  std::string name{};
  bool has_key{false};      // false: it is a text member; before, the name belonged to a key
  std::uint32_t others{0};  // as many further names have changed, which are not reported
  std::uint64_t person{0};  // that has the name now; 0: not known
  WallTime last_seen{};     // the person before, if only in an earlier run
  static constexpr void fields(auto& v, auto& other) {
    v("name", other.name);
    v("has_key", other.has_key);
    v("others", other.others);
    v("person", other.person);
    v("last_seen", other.last_seen);
  }
};

// The answer to a question about a user; see MemberFacts.
struct MemberAbout {
  std::string name{};  // as in the question
  std::string list{};  // a fact a line: its key, a tab, its value; at most one record of text
  std::string code{};  // of a refusal; see wire::message_refusal_of()
  std::string text{};  // the reason of a refusal, as the server sent it
  static constexpr void fields(auto& v, auto& about) {
    v("name", about.name);
    v("list", about.list);
    v("code", about.code);
    v("text", about.text);
  }
};

// The user itself is away, or a member to whom it has sent a direct message.
struct MemberAway {
  std::string name{};  // "": the user itself
  std::string text{};  // of the member that is away; may be empty
  static constexpr void fields(auto& v, auto& away) {
    v("name", away.name);
    v("text", away.text);
  }
};
// The users that the user has blocked, and from whom it takes direct messages. A Member returns the
// whole list in one event.
struct BlockList {
  std::string list{};  // a wire::BlockedUser a line
  std::string from{};  // a name of wire::DirectFrom
  bool more{false};    // on the pipe: another piece of the list follows
  std::string code{};  // of a refusal; see wire::message_refusal_of()
  std::string text{};  // the reason of a refusal, as the server sent it
  static constexpr void fields(auto& v, auto& blocks) {
    v("list", blocks.list);
    v("from", blocks.from);
    v("more", blocks.more);
    v("code", blocks.code);
    v("text", blocks.text);
  }
};
// The user itself is not away any more.
struct MemberBack {
  static constexpr void fields(auto& /*v*/, auto& /*event*/) {}
};

}  // namespace chatd::client
