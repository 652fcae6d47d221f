// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway is killed after each step of an admission by a code: one use is one person, and a
// person whose admission was cut off is admitted when it comes again.
#include <string>

#include "common/crypto/invitation_code.hpp"
#include "daemon/chat/chat.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;
using state::RoomId;
using state::RuleKind;

constexpr state::Geometry kGeometry{
    .sessions = 8, .ring_bytes = 16384, .rooms = 8, .room_ring_bytes = 16384};

class InvitationsCrashTest : public test::StateFixture {
 protected:
  InvitationsCrashTest() : StateFixture{kGeometry} {}

  static constexpr Now kNow{.mono = MonoTime{std::chrono::seconds{1000}},
                            .wall = WallTime{std::chrono::seconds{1000}}};
  static constexpr std::string_view kSecret{"secret"};

  // A gateway over the region.
  std::unique_ptr<Chat> gateway() {
    auto chat = std::make_unique<Chat>(state_, config_, Persons{crypto::SecretKey{}}, 42);
    (void)chat->adopt(kNow);
    return chat;
  }
  // A new service with a code of one use that lets into a room.
  RoomId begin() {
    renew_region();
    const auto chat = gateway();
    const auto made = chat->rooms.make_kept("lab", kNow);
    EXPECT_TRUE(made);
    const auto room = chat->rooms.find_name("lab").value().id;
    EXPECT_TRUE(chat->invitations.add(
        {.hash = crypto::hash_of_invitation(std::as_bytes(std::span{kSecret})),
         .now = kNow.wall,
         .until = kNow.wall + std::chrono::hours{1},
         .room = room}));
    return room;
  }
  static bool come(Chat& chat, std::uint64_t person) {
    const auto entry = chat.door.look(PersonId{person}, kSecret, kNow.wall);
    if (!entry || !*entry) return false;
    (void)chat.door.admit(**entry, PersonId{person}, "ada", kNow.wall);
    return true;
  }

  config::Config config_;
};

TEST_F(InvitationsCrashTest, APersonWhoseAdmissionWasCutOffUsesTheCodeOnce) {
  int step = 1;
  for (bool was_killed = true; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    const RoomId room = begin();
    const auto before = gateway();
    was_killed = test::is_killed_at(step, [&] { (void)come(*before, 1); });
    for (int second = 1; test::is_killed_at(second, [&] { (void)gateway(); }); ++second) {
    }
    const auto next = gateway();
    const bool is_admitted = next->invitations.admitted_by(PersonId{1}).has_value();
    EXPECT_EQ(next->rules.has(RuleKind::invitation, PersonId{1}, room, kNow.wall), is_admitted);
    EXPECT_TRUE(come(*next, 1));
    EXPECT_TRUE(next->rules.has(RuleKind::invitation, PersonId{1}, room, kNow.wall));
    EXPECT_FALSE(come(*next, 2));
    EXPECT_EQ(next->invitations.used(state::InvitationId{1}), 1U);
    EXPECT_EQ(next->rules.size(), 1U);
  }
  EXPECT_GT(step, 8);
}

TEST_F(InvitationsCrashTest, AnotherPersonGetsTheUseAfterAKillIfNobodyHasIt) {
  int step = 1;
  for (bool was_killed = true; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    (void)begin();
    const auto before = gateway();
    was_killed = test::is_killed_at(step, [&] { (void)come(*before, 1); });
    const auto next = gateway();
    const bool is_admitted = next->invitations.admitted_by(PersonId{1}).has_value();
    EXPECT_EQ(come(*next, 2), !is_admitted);
    EXPECT_EQ(come(*next, 1), is_admitted);
    EXPECT_EQ(next->invitations.used(state::InvitationId{1}), 1U);
  }
}

}  // namespace
}  // namespace chatd::chat
