// SPDX-License-Identifier: GPL-3.0-or-later
// message.hpp — the messages between uchat's two processes, over their pipe.
//
// Runs in:   both processes of uchat.
// Shape:     the index of the type in the variant, one byte, then the fields of its list. Both
//            processes are forks of one program, so that the form never leaves this machine.
// Invariant: no message is longer than kMaxMessageBytes. The pipe takes it in one piece, so that
//            the session process never has to store a part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/member/event.hpp"
#include "client/words/outcome.hpp"
#include "common/process/codec.hpp"

namespace chatd::client {

inline constexpr std::size_t kMaxMessageBytes = 32'768;

// --- orders: from the terminal process ------------------------------------------------------

struct Enter {  // log in, or try again after a refusal
  std::string name{};
  std::optional<std::string> password{};
  std::optional<std::string> fingerprint{};  // of the server's key, if the user has confirmed it
  std::optional<std::string> code{};         // an invitation code, as it was typed
  static constexpr void fields(auto& v, auto& enter) {
    v("name", enter.name);
    v("password", enter.password);
    v("fingerprint", enter.fingerprint);
    v("code", enter.code);
  }
};
struct Post {              // send a message
  std::uint64_t number{};  // counts up from 1; is in the Confirmed or Refused for this order
  Message message{};
  static constexpr void fields(auto& v, auto& post) {
    v("number", post.number);
    v("message", post.message);
  }
};
// Ask the server for the members of a room; Users is the answer.
struct AskUsers {
  std::string room{};  // "": all members of the server
  static constexpr void fields(auto& v, auto& order) { v("room", order.room); }
  friend bool operator==(const AskUsers&, const AskUsers&) = default;
};
// Ask the server for its rooms; RoomList is the answer.
struct AskRooms {
  static constexpr void fields(auto& /*v*/, auto& /*order*/) {}
  friend bool operator==(const AskRooms&, const AskRooms&) = default;
};
// Ask the server what is known of a room; RoomAbout is the answer.
struct AskAbout {
  std::string room{};  // "": the default room
  static constexpr void fields(auto& v, auto& order) { v("room", order.room); }
  friend bool operator==(const AskAbout&, const AskAbout&) = default;
};
// Ask the server for the programs of this member; ProgramList is the answer.
struct AskPrograms {
  static constexpr void fields(auto& /*v*/, auto& /*order*/) {}
  friend bool operator==(const AskPrograms&, const AskPrograms&) = default;
};
// Go on under another name; Joined or NameRefused is the answer.
struct Rename {
  std::string name{};
  static constexpr void fields(auto& v, auto& order) { v("name", order.name); }
  friend bool operator==(const Rename&, const Rename&) = default;
};
// Ask the server for facts about a user; MemberAbout is the answer.
struct AskMember {
  std::string name{};
  static constexpr void fields(auto& v, auto& order) { v("name", order.name); }
  friend bool operator==(const AskMember&, const AskMember&) = default;
};
// Ask the server for the users that this one has blocked; BlockList is the answer.
struct AskBlocks {
  static constexpr void fields(auto& /*v*/, auto& /*order*/) {}
  friend bool operator==(const AskBlocks&, const AskBlocks&) = default;
};
// Leave the server when all messages are confirmed.
struct Quit {
  static constexpr void fields(auto& /*v*/, auto& /*order*/) {}
  friend bool operator==(const Quit&, const Quit&) = default;
};
// A HistoryRequest: ask the server for lines that it has stored; HistoryPage is the answer.
using Order = std::variant<Enter, Post, AskUsers, AskRooms, AskAbout, AskPrograms, AskMember,
                           AskBlocks, HistoryRequest, Rename, Quit>;

// --- reports: from the session process, besides the events of the Member --------------------

// The key of an unknown server was stored.
struct FirstContact {
  std::string fingerprint{};
  std::string file{};     // the file of known servers
  bool confirmed{false};  // the user has given this fingerprint, or said that it is right
  static constexpr void fields(auto& v, auto& contact) {
    v("fingerprint", contact.fingerprint);
    v("file", contact.file);
    v("confirmed", contact.confirmed);
  }
};
// Information for the user that changes no state.
struct Notice {
  std::string text{};
  static constexpr void fields(auto& v, auto& notice) { v("text", notice.text); }
};
// The server cannot be reached, and is tried again. Comes once for each reason in a row.
struct Waiting {
  Outcome reason{};
  std::string text{};  // a detail; may be empty
  static constexpr void fields(auto& v, auto& waiting) {
    v("reason", waiting.reason);
    v("text", waiting.text);
  }
};
// The terminal process was too slow, or stopped: these lines were dropped.
struct MissedHere {
  std::uint64_t lines{0};
  static constexpr void fields(auto& v, auto& missed) { v("lines", missed.lines); }
};
// The events of the Member, and those of the session process. `Ended` has an outcome as its reason,
// and for `unconfirmed_key` the fingerprint as its text. Another Enter may follow it.
template <class... Events>
std::variant<Events..., FirstContact, Notice, Waiting, MissedHere> report_of(
    std::variant<Events...>);
using Report = decltype(report_of(std::declval<Event>()));

// --- on the pipe ----------------------------------------------------------------------------

[[nodiscard]] process::Bytes encode(const Order& order);
[[nodiscard]] process::Bytes encode(const Report& report);
// nullopt: not such a message, which only a crash of the other side can cause.
[[nodiscard]] std::optional<Order> decode_order(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<Report> decode_report(std::span<const std::byte> bytes);

// A list of users, of rooms, of facts about a room, of programs or of blocked users, and a page of
// stored lines, can be longer than a message; everything else is one report.
[[nodiscard]] std::vector<Report> in_pieces(Report report);

}  // namespace chatd::client
