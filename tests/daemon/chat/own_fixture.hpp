// SPDX-License-Identifier: GPL-3.0-or-later
// own_fixture.hpp — native members that own names, and their devices.
//
// Runs in:   test programs.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "common/crypto/keys.hpp"
#include "common/wire/native/native_own.hpp"
#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {

class OwnFixture : public NativeFixture {
 protected:
  OwnFixture()
      : NativeFixture{{.sessions = 8,
                       .ring_bytes = 16384,
                       .rooms = 8,
                       .room_ring_bytes = 16384,
                       .names = 20}} {
    time_ += 2 * KnownPersons::kKnownAfter;
  }

  NameCommands& own() { return chat_->own; }
  // The person was first seen more than a day ago.
  void make_known(Slot slot) {
    chat_->known.note({.person = sessions().person(slot),
                       .address = {},
                       .began = now().wall - KnownPersons::kKnownAfter},
                      now().wall, [](state::PersonId) { return false; });
  }
  // Carries a command out, and tells the answer as if it were on disk.
  void own(Slot slot, const wire::OwnRequest& request, std::uint64_t random = 7) {
    std::array<char, wire::kMaxOwnRequestBytes> buffer{};
    const auto text = wire::write_own_request(request, buffer);
    if (request.act == wire::OwnAct::claim && makes_known_) make_known(slot);
    own().set_when_saved([](const std::function<void(bool)>& answer) { answer(true); });
    own().carry_out(order(slot, end_ += 100), text, random);
    EXPECT_EQ(state_.native_slots()[slot].uplink, end_) << "each command is carried out";
  }
  static std::string key(int number) {
    state::Identity identity{};
    identity.fill(static_cast<std::byte>(number));
    return crypto::fingerprint(identity);
  }
  // The last record of the mailbox: "own claimed ada", "device ada", "notice own_none".
  std::string last(Slot slot) {
    const auto records = test::mailbox_records(state_, slot);
    if (records.empty()) return "";
    const auto& record = records.back();
    const std::string kind{wire::name_of(record.kind)};
    if (record.kind != state::RecordKind::own) return kind + " " + record.name;
    return kind + " " + std::string{wire::word_of(wire::read_own(record.text).event)} + " " +
           record.name;
  }
  // Ada has claimed her name, with key 1.
  Slot ada() {
    const Slot slot = enter("ada", 1).slot;
    own(slot, {.act = wire::OwnAct::claim});
    return slot;
  }
  // The key of the session has used a code of `owner`.
  void use_code(Slot owner, Slot other) {
    own(owner, {.act = wire::OwnAct::add}, 77);
    own(other, {.act = wire::OwnAct::use, .code = 77, .label = "phone"});
  }
  // A session with key 2, which belongs to the name of `owner` from now on.
  Slot add_phone(Slot owner) {
    const Slot phone = enter("phone", 2).slot;
    use_code(owner, phone);
    own(owner, {.act = wire::OwnAct::answer, .yes = true, .key = key(2)});
    return phone;
  }
  // bob makes a room, and the session joins it.
  state::RoomId join_lab(Slot slot) {
    commands().make(order(enter("bob", 3).slot, 10), "lab");
    commands().join(order(slot, 10), "lab", {});
    const state::RoomId lab = chat_->rooms.find_name("lab").value().id;
    EXPECT_TRUE(chat_->rooms.has_member(slot, lab));
    return lab;
  }
  // A rule for the person of the session.
  state::RuleIndex restrict(Slot slot, state::RuleKind kind,
                            state::RoomId room = state::kDefaultRoom) {
    return chat_->rules
        .add({.kind = kind,
              .target = state::RuleTarget::person,
              .room = room,
              .person = sessions().person(slot),
              .name = "somebody",
              .now = now().wall})
        .value();
  }
  wire::Reason refused(std::string_view name, int number, std::string_view from = "127.0.0.1:7") {
    const auto login = enter(name, number, from);
    EXPECT_EQ(login.status, Sessions::Status::refused);
    return login.reason;
  }

  bool makes_known_{true};  // the sender of a claim

 private:
  std::uint64_t end_{0};
};

}  // namespace chatd::chat
