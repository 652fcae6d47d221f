// SPDX-License-Identifier: GPL-3.0-or-later
// control_fixture.hpp — the parts that carry out the requests of administrators, with members and
// rooms.
//
// Runs in:   test programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/gateway/control_room_changes.hpp"
#include "daemon/gateway/control_rooms.hpp"
#include "daemon/gateway/control_rules.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {

class ControlFixture : public GatewayFixture {
 protected:
  ControlFixture()
      : GatewayFixture{{.sessions = 70, .ring_bytes = 65536, .rooms = 8, .names = 8}} {}

  // Each login has another key, another client number and another port, from 5001 on.
  chat::Slot login(std::string_view name, std::string_view address = "127.0.0.1") {
    ++logins_;
    state::Identity identity{};
    identity.fill(static_cast<std::byte>(logins_));
    return login(name, address, identity);
  }
  chat::Slot login(std::string_view name, std::string_view address,
                   const state::Identity& identity) {
    return admit(
        {.name = name,
         .from = from(address),
         .native = chat::NativeClient{
             .identity = identity, .client = ++clients_, .random = logins_, .window = 65536}});
  }
  chat::Slot login_text(std::string_view name, std::string_view address) {
    ++logins_;
    return admit({.name = name, .from = from(address)});
  }
  void quit(chat::Slot member) {
    sessions().remove(member, state::LeaveKind::quit, {}, now());
    sessions().settle();
  }
  bool is_in(std::string_view name) { return sessions().find_name(name).has_value(); }

  // The member makes the room, or joins it.
  state::RoomPlace make(chat::Slot member, std::string_view name) {
    const auto made = chat().rooms.make({.slot = member, .end = ++commands_, .now = now()}, name);
    EXPECT_TRUE(made) << name;
    return made ? made->room : state::RoomPlace{};
  }
  bool join(chat::Slot member, std::string_view name) {
    return chat()
        .rooms.enter({.slot = member, .end = ++commands_, .now = now()}, name, {})
        .has_value();
  }

  ControlRooms& rooms() {
    if (!rooms_) rooms_.emplace(state_, chat(), config_);
    return *rooms_;
  }
  ControlRoomChanges changes() { return {chat(), rooms(), remover()}; }
  ControlRules rules() {
    return {{.chat = chat(),
             .rooms = rooms(),
             .persons = chat::Persons{crypto::SecretKey{}},
             .language = wire::Language::en},
            remover()};
  }
  // The text that each removed member got, in order.
  std::vector<std::string> told_;

  ControlRules::Remove remover() {
    return [this](chat::Slot slot, state::LeaveKind kind, std::string_view reason, chat::Now when) {
      told_.emplace_back(reason);
      sessions().remove(slot, kind, reason, when);
      chat().rooms.leave_all(slot, kind, when);
      sessions().settle();
    };
  }

 private:
  state::Delivery from(std::string_view address) {
    return test::delivery_to(
        test::endpoint(std::string{address} + ":" + std::to_string(5000 + logins_)));
  }
  chat::Slot admit(const chat::JoinRequest& request) {
    const auto admitted = sessions().admit(request, now());
    EXPECT_NE(admitted.status, chat::Sessions::Status::refused) << request.name;
    sessions().settle();
    return admitted.slot;
  }

  std::optional<ControlRooms> rooms_;
  std::uint32_t logins_{0};
  std::uint64_t clients_{0};
  std::uint64_t commands_{0};
};

// The requests of chatctl ban, mute, unban, unmute and bans.
class ControlRulesFixture : public ControlFixture {
 protected:
  static constexpr control::Caller kCaller{.uid = 1000, .pid = 77};
  control::Answer<wire::PlacedReport> place(state::RuleKind kind, const control::Args& args) {
    return rules().place(kind, args, kCaller);
  }
  control::Answer<wire::PlacedReport> ban(const control::Args& args) {
    return place(state::RuleKind::ban, args);
  }
  control::Answer<wire::LiftedReport> lift(state::RuleKind kind, const control::Args& args) {
    return rules().lift(kind, args, kCaller);
  }
  std::vector<wire::RuleRow> all(const std::optional<std::string_view>& room = std::nullopt) {
    return rules().list(room).value().rules;
  }
};

}  // namespace chatd::gateway
