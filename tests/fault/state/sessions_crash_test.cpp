// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a session's life, and a new one takes over: one join
// record, at most one leave record, no slot lost, the roster correct.
#include <algorithm>

#include "daemon/chat/chat.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using state::RecordKind;
using state::SessionPhase;

class SessionsCrashTest : public test::StateFixture {
 protected:
  static constexpr std::string_view kPeer = "127.0.0.1:4000";

  static Now now() {
    return {.mono = test::mono_at(std::chrono::seconds{10}),
            .wall = test::wall_at(std::chrono::seconds{1000})};
  }
  Chat make_chat() { return Chat{state_, config_, Persons{crypto::SecretKey{}}, 42}; }
  static state::Delivery from(std::string_view peer) {
    return test::delivery_to(test::endpoint(peer));
  }

  // The steps of a gateway between two datagram batches, for one member's whole session.
  void live(LeaveKind how) {
    Chat chat = make_chat();
    (void)chat.adopt(now());
    chat.sessions.settle();
    const auto login = chat.sessions.admit({.name = "ada", .from = from(kPeer)}, now());
    chat.sessions.settle();
    (void)chat.text.say(login.slot, "hello", now());
    chat.sessions.remove(login.slot, how, "reason", now());
    chat.sessions.settle();
  }

  std::size_t count(RecordKind kind) const {
    const auto all = test::records_of(state_);
    return static_cast<std::size_t>(std::ranges::count(all, kind, &test::SeenRecord::kind));
  }

  // The member is in the room, or it is not, and all shared values agree.
  void expect_consistent(Chat& chat) {
    const std::size_t joins = count(RecordKind::join);
    const std::size_t leaves = count(RecordKind::leave) + count(RecordKind::kick);
    EXPECT_LE(joins, 1U);
    EXPECT_LE(leaves, joins);
    const auto slot = chat.sessions.find(test::endpoint(kPeer));
    EXPECT_EQ(slot.has_value(), joins > leaves);
    EXPECT_EQ(chat.sessions.find_name("ada"), slot);
    EXPECT_EQ(chat.sessions.all().size(), slot ? 1U : 0U);
    EXPECT_EQ(state_.counters().sessions_now.load(), slot ? 1U : 0U);
    EXPECT_EQ(state_.active()[0].load(), slot ? 1ULL << *slot : 0U);
    for (const auto& each : state_.slots()) {
      const bool active = each.phase.load() == SessionPhase::active;
      EXPECT_TRUE(active || each.phase.load() == SessionPhase::free);
      if (active) {
        EXPECT_EQ(each.generation.load() % 2, 1U);
      }
    }
  }

  // The member leaves, if it is still a member; then every slot is free.
  void expect_no_slot_lost(Chat& chat) {
    if (const auto slot = chat.sessions.find(test::endpoint(kPeer))) {
      chat.sessions.remove(*slot, LeaveKind::quit, {}, now());
      chat.sessions.settle();
    }
    const std::size_t capacity = state_.slots().size();
    for (std::size_t i = 0; i < capacity; ++i) {
      const auto login = chat.sessions.admit(
          {.name = "m" + std::to_string(i), .from = from("127.0.0.2:" + std::to_string(i + 1))},
          now());
      EXPECT_EQ(login.status, Sessions::Status::admitted) << i;
    }
    chat.sessions.settle();
    EXPECT_EQ(chat.sessions.all().size(), capacity);
  }

  config::Config config_;
};

TEST_F(SessionsCrashTest, ASessionsLifeSurvivesAKillAfterEachStep) {
  for (const LeaveKind how : {LeaveKind::quit, LeaveKind::kicked}) {
    int killed = 0;
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      renew_region();
      const bool was_killed = test::is_killed_at(step, [&] { live(how); });
      EXPECT_LE(count(RecordKind::say), 1U);
      Chat chat = make_chat();
      (void)chat.adopt(now());
      chat.sessions.settle();
      expect_consistent(chat);
      expect_no_slot_lost(chat);
      if (!was_killed) break;
      ++killed;
    }
    EXPECT_GT(killed, 15);
  }
}

// The successor is killed as well, at each of its steps.
TEST_F(SessionsCrashTest, AnAdoptionSurvivesAKillAfterEachStep) {
  test::SecondDeaths second_deaths;
  for (int step = 1;; ++step) {
    bool was_killed = false;
    for (int second = second_deaths.after(0);; second = second_deaths.after(second)) {
      SCOPED_TRACE("crash points " + std::to_string(step) + " and " + std::to_string(second));
      renew_region();
      was_killed = test::is_killed_at(step, [&] { live(LeaveKind::quit); });
      const bool again = test::is_killed_at(second, [&] {
        Chat chat = make_chat();
        (void)chat.adopt(now());
        chat.sessions.settle();
      });
      Chat chat = make_chat();
      (void)chat.adopt(now());
      chat.sessions.settle();
      expect_consistent(chat);
      if (!again) {
        expect_no_slot_lost(chat);
        break;
      }
    }
    if (!was_killed) return;
  }
}

// One member leaves and another takes its slot while a third one stays.
TEST_F(SessionsCrashTest, OtherMembersAreNotAffected) {
  for (int step = 1;; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    renew_region();
    {
      Chat chat = make_chat();
      (void)chat.adopt(now());
      EXPECT_EQ(chat.sessions.admit({.name = "stays", .from = from("127.0.0.3:1")}, now()).status,
                Sessions::Status::admitted);
      EXPECT_EQ(chat.sessions.admit({.name = "goes", .from = from("127.0.0.3:2")}, now()).status,
                Sessions::Status::admitted);
      chat.sessions.settle();
    }
    const bool was_killed = test::is_killed_at(step, [&] {
      Chat chat = make_chat();
      (void)chat.adopt(now());
      chat.sessions.remove(*chat.sessions.find_name("goes"), LeaveKind::quit, {}, now());
      chat.sessions.settle();
      (void)chat.sessions.admit({.name = "comes", .from = from("127.0.0.3:2")}, now());
      chat.sessions.settle();
    });
    Chat chat = make_chat();
    (void)chat.adopt(now());
    chat.sessions.settle();
    EXPECT_TRUE(chat.sessions.find_name("stays"));
    EXPECT_FALSE(chat.sessions.find_name("goes") && chat.sessions.find_name("comes"));
    EXPECT_LE(count(RecordKind::leave), 1U);
    EXPECT_EQ(count(RecordKind::join), 2U + (chat.sessions.find_name("comes") ? 1U : 0U));
    EXPECT_EQ(count(RecordKind::leave), chat.sessions.find_name("goes") ? 0U : 1U);
    if (!was_killed) return;
  }
}

}  // namespace
}  // namespace chatd::chat
