// SPDX-License-Identifier: GPL-3.0-or-later
// admission.hpp — a login, and the conditions by which it is refused: one list for all protocols.
//
// Runs in:   gateway. Pure.
// Invariant: a request is refused for the first condition of the list that it does not meet.
// See:       Sessions, which collects the facts; rules.hpp for bans.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/address.hpp"
#include "common/wire/name.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/native_sessions.hpp"
#include "daemon/chat/room.hpp"
#include "daemon/state/rule_slot.hpp"

namespace chatd::chat {

// A login, of either protocol.
struct JoinRequest {
  std::string_view name;
  state::Delivery from;
  // Of a native client, which is known by its key. A text client is known by its address.
  std::optional<NativeClient> native{};
  Room::Position known{};  // of a native client
  bool is_brief{false};    // a native client that writes and leaves, see brief.hpp
  std::optional<wire::Reason> door_fault{};  // see Door::look()

  // The address is not proven, and may be that of another user.
  [[nodiscard]] bool may_be_spoofed() const { return !native && !is_loopback(from.peer.address); }
};

// `again`: the session of the same client under the same name continues, or another program of the
// member takes it over.
enum class AdmissionStatus : std::uint8_t { admitted, again, refused };
struct Admission {
  AdmissionStatus status;
  wire::Reason reason{};                   // of a refusal
  Slot slot{};                             // if not refused
  std::optional<state::RuleIndex> rule{};  // of Reason::banned, see rule_text.hpp
};

// The facts that the conditions are about.
struct Attempt {
  std::optional<state::RuleIndex> ban{};     // of the whole server, in force for this client
  std::optional<wire::Reason> door_fault{};  // the person may not enter
  wire::Name name{};                         // empty if it is not a valid name
  std::optional<wire::Reason> name_fault{};  // why it is not
  bool is_name_owned{false};                 // by another person
  bool is_name_taken{false};                 // by another member
  // The first session of the member that has this person and this name, if the member is in.
  std::optional<Slot> member{};
  // `own`, if the login is granted and the session is that of another program of the member.
  std::optional<Slot> taken_over{};
  // The session that the login continues: that of the same client, or, if the member has as many
  // programs as there may be, that of the program that was silent longest.
  std::optional<Slot> own{};
  bool has_other_name{false};   // that session
  bool is_address_full{false};  // no more sessions from that network
  bool is_room_full{false};     // no slot is free for it
};

using AdmissionCondition = std::optional<wire::Reason> (*)(const Attempt& attempt);

[[nodiscard]] constexpr std::optional<wire::Reason> if_true(bool is_refused, wire::Reason reason) {
  return is_refused ? std::optional{reason} : std::nullopt;
}

inline constexpr std::array<AdmissionCondition, 8> kAdmissionConditions{
    [](const Attempt& of) { return if_true(of.ban.has_value(), wire::Reason::banned); },
    [](const Attempt& of) { return of.door_fault; },
    [](const Attempt& of) { return if_true(of.has_other_name, wire::Reason::already_named); },
    [](const Attempt& of) { return of.name_fault; },
    [](const Attempt& of) { return if_true(of.is_name_owned, wire::Reason::name_owned); },
    [](const Attempt& of) { return if_true(of.is_name_taken, wire::Reason::name_taken); },
    [](const Attempt& of) {
      return if_true(!of.own && of.is_address_full, wire::Reason::address_full);
    },
    [](const Attempt& of) { return if_true(!of.own && of.is_room_full, wire::Reason::room_full); },
};

// nullopt: the request is granted.
[[nodiscard]] constexpr std::optional<wire::Reason> reason_to_refuse(const Attempt& attempt) {
  for (const AdmissionCondition condition : kAdmissionConditions) {
    if (const auto reason = condition(attempt)) return reason;
  }
  return std::nullopt;
}

}  // namespace chatd::chat
