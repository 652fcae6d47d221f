// SPDX-License-Identifier: GPL-3.0-or-later
// control_rules.hpp — carries out the requests of administrators about bans and mutes.
//
// Runs in:   gateway.
// Borrows:   the StateView, the Chat, the ControlRooms.
// Invariant: a rule is in force before its request is answered: the sessions that a ban hits are
//            removed. A dry run changes nothing. Each change has a log record with the caller.
// Errors:    a Refusal. `too_wide`: the request needs --yes.
// See:       chatctl(1); rule_target.hpp, for the TARGET.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/wire/control/rule_reports.hpp"
#include "common/wire/language.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/chat/person.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/control_rooms.hpp"
#include "daemon/gateway/rule_target.hpp"

namespace chatd::gateway {

class ControlRules {
 public:
  // Ends a session of any protocol.
  using Remove =
      std::function<void(chat::Slot, state::LeaveKind, std::string_view reason, chat::Now)>;
  struct Parts {
    chat::Chat& chat;
    const ControlRooms& rooms;
    chat::Persons persons;
    wire::Language language;  // of the text that a removed member gets
  };
  ControlRules(const Parts& parts, Remove remove)
      : chat_{parts.chat},
        rooms_{parts.rooms},
        persons_{parts.persons},
        language_{parts.language},
        remove_{std::move(remove)} {}

  // `kind` is ban or mute; `args` are those of the verb, see wire::verb::kBan.
  control::Answer<wire::PlacedReport> place(state::RuleKind kind, const control::Args& args,
                                            const control::Caller& caller);
  // `args` are those of the verb; TARGET may also be a number that `bans` shows.
  control::Answer<wire::LiftedReport> lift(state::RuleKind kind, const control::Args& args,
                                           const control::Caller& caller);
  // The rules of the server and of all rooms, or of one room.
  [[nodiscard]] control::Answer<wire::RulesReport> list(
      const std::optional<std::string_view>& name) const;

  // The bans and mutes of a room that are in force, by their ids; nullopt: of the server.
  [[nodiscard]] std::vector<wire::RuleRow> rows(const ControlRooms::Room& room) const;

  // Ends the sessions that a ban of the server hits, and returns their number. For a new ban, and
  // after the sessions and rules of a predecessor were taken over.
  std::size_t sweep(chat::Now now);

 private:
  struct Request {
    std::vector<Target> targets;
    std::optional<state::RoomPlace> room;  // nullopt: the server
    std::string target;                    // as it was given
    std::string reason;
    std::string note;
    WallTime until{};  // 0: without end
    bool is_dry_run{false};
    bool is_sure{false};
    bool keeps_codes{false};  // see codes_to_end()
  };
  using Making = state::RuleTable::Making;
  [[nodiscard]] std::expected<Request, control::Refusal> read(state::RuleKind kind,
                                                              const control::Args& args,
                                                              chat::Now now) const;
  [[nodiscard]] std::expected<std::optional<state::RoomPlace>, control::Refusal> find_room(
      const std::optional<std::string_view>& name) const;
  [[nodiscard]] std::expected<std::vector<Target>, control::Refusal> find_targets(
      state::RuleKind kind, std::string_view text, const std::optional<state::RoomPlace>& room,
      chat::Now now) const;
  // A name that no member has becomes the person that was admitted under it.
  [[nodiscard]] std::vector<Target> with_admitted(std::vector<Target> targets) const;
  [[nodiscard]] std::vector<Making> makings(state::RuleKind kind, const Request& request,
                                            chat::Now now) const;
  [[nodiscard]] std::vector<chat::Slot> hit_by(std::span<const Making> rules,
                                               const Request& request) const;
  [[nodiscard]] std::optional<control::Refusal> why_too_wide(const Request& request,
                                                             std::span<const chat::Slot> hit) const;
  // Adds the rules as they would be made.
  void add_rules(std::span<const Making> rules, const Request& request,
                 wire::PlacedReport& report) const;
  std::expected<std::vector<state::RuleIndex>, control::Refusal> make(
      std::span<const Making> rules);
  [[nodiscard]] std::vector<state::InvitationId> invitations_of(state::PersonId person) const;
  // The codes that have admitted the persons of these bans, and admit others still.
  [[nodiscard]] std::vector<state::InvitationId> codes_to_end(std::span<const Making> rules,
                                                              const Request& request) const;
  void end_codes(std::span<const std::uint32_t> ids);
  // In a room, as its owners do it: the members read a record of it.
  std::expected<std::vector<state::RuleIndex>, control::Refusal> make_in_room(
      const state::RoomPlace& room, const Making& rule);
  // `rules`: all rules that are removed for this request, all of them of that room.
  void remove(state::RuleIndex index, const ControlRooms::Room& room,
              std::span<const state::RuleIndex> rules, chat::Now now);
  [[nodiscard]] std::vector<wire::HitRow> hit_rows(std::span<const chat::Slot> hit) const;
  // The ban or mute that has the number, of whatever room; nullopt: it is no such number.
  [[nodiscard]] std::optional<state::RuleIndex> find_id(std::string_view text) const;
  [[nodiscard]] std::optional<state::RuleIndex> find_number(
      state::RuleKind kind, std::string_view text,
      const std::optional<state::RoomPlace>& room) const;
  // The text of a request to lift, and its targets: none, if it is no TARGET.
  struct Search {
    state::RuleKind kind;
    std::string_view text;
    std::vector<Target> targets;
  };
  [[nodiscard]] Search search_for(state::RuleKind kind, std::string_view text) const;
  [[nodiscard]] std::vector<state::RuleIndex> find(
      const Search& search, const std::optional<state::RoomPlace>& room) const;
  // A further room that has such a rule for the target.
  [[nodiscard]] std::optional<state::RoomPlace> find_room_with(const Search& search) const;
  [[nodiscard]] std::unexpected<control::Refusal> refuse_to_lift(
      const Search& search, const ControlRooms::Room& room) const;
  // The room of a rule as RuleRow has it: "" is the whole server.
  [[nodiscard]] std::string name_in_rows(const ControlRooms::Room& room) const;
  void add_rows(const ControlRooms::Room& room, WallTime now,
                std::vector<wire::RuleRow>& rows) const;

  chat::Chat& chat_;
  const ControlRooms& rooms_;
  chat::Persons persons_;
  wire::Language language_;
  Remove remove_;
};

}  // namespace chatd::gateway
