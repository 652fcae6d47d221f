// SPDX-License-Identifier: GPL-3.0-or-later
// moderation_fixture.hpp — the room "lab" with an owner, a moderator and two members, and commands
// that change it.
//
// Runs in:   test programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {

class ModerationFixture : public RoomsFixture {
 protected:
  using Where = Moderation::Where;
  using Action = wire::ModerateAction;
  using Property = wire::RoomProperty;

  explicit ModerationFixture(const state::Geometry& geometry = kManyRooms)
      : RoomsFixture{geometry} {
    ada_ = enter("ada", 1).slot;
    max_ = enter("max", 2).slot;
    bob_ = enter("bob", 3).slot;
    eve_ = enter("eve", 4).slot;
    EXPECT_TRUE(make(ada_, "lab"));
    for (const Slot slot : {max_, bob_}) EXPECT_TRUE(join(slot, "lab"));
    EXPECT_EQ(moderate(ada_, Action::moderator, "max"), std::nullopt);
  }

  Moderation& moderation() { return chat_->moderation; }
  RoomRights& rights() { return chat_->rights; }
  Rules& rules() { return chat_->rules; }
  Where lab() { return place_of(lab_); }

  // nullopt as `member`: the administrator.
  Moderation::By acting(std::optional<Slot> member) {
    return {.member = member, .end = member ? by(*member).end : 0, .now = now()};
  }
  using Refusal = std::optional<wire::Reason>;
  Refusal take(Moderation::Done done) {
    if (!done) return done.error();
    removals_ = std::move(*done);
    return std::nullopt;
  }
  struct Extra {
    std::uint32_t seconds{0};
    std::string_view reason{};
  };
  Refusal moderate(std::optional<Slot> member, Action action, std::string_view name,
                   const Extra& extra = {0, {}}) {
    return moderate_in(lab(), member, action, name, extra);
  }
  Refusal moderate_in(const Where& room, std::optional<Slot> member, Action action,
                      std::string_view name, const Extra& extra = {0, {}}) {
    auto done = moderation().moderate(
        acting(member), room,
        {.action = action, .seconds = extra.seconds, .name = name, .reason = extra.reason});
    if (!done) return done.error();
    removals_ = std::move(done->removals);
    return std::nullopt;
  }
  Refusal set(std::optional<Slot> member, Property property, std::uint16_t value) {
    return take(moderation().set(acting(member), lab(), {.property = property, .value = value}));
  }
  Refusal topic(std::optional<Slot> member, std::string_view text) {
    return take(moderation().set_topic(acting(member), lab(), text));
  }
  Refusal say(Slot member, std::string_view text = "hello") {
    const auto said = chat_->commands.say_in({.slot = member, .now = now()}, lab()->id,
                                             state::RecordKind::say, text);
    return said ? std::nullopt : Refusal{said.error()};
  }
  Refusal say_to_all(Slot member) {
    const auto said =
        chat_->commands.say({.slot = member, .now = now()}, state::RecordKind::say, "hello");
    return said ? std::nullopt : Refusal{said.error()};
  }
  Role role_of(Slot member) { return rights().role(member, lab(), now().wall); }
  bool is_in(Slot member) { return rooms().find(member, lab()->id).has_value(); }
  // "12 ada: max": the last record of the room's log that is a change.
  std::string last_change() {
    std::string last;
    for (const auto& record : test::records_of(log_of(lab_))) {
      if (record.kind == state::RecordKind::moderated) last = shown(record);
    }
    return last;
  }
  static std::string shown(const test::SeenRecord& record) {
    const auto moderation = wire::read_moderation(record.text);
    if (!moderation) return "not readable";
    return std::to_string(static_cast<int>(moderation->action)) + " " + record.name + ": " +
           std::string{moderation->name} + " " + std::to_string(moderation->seconds) + " " +
           std::string{moderation->reason};
  }

  Slot ada_{};
  Slot max_{};
  Slot bob_{};
  Slot eve_{};
  std::string lab_{"lab"};  // its name now
  Moderation::Removals removals_;
};

}  // namespace chatd::chat
