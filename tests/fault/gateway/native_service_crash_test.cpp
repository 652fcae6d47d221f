// SPDX-License-Identifier: GPL-3.0-or-later
// Gateway and worker are killed after each step of a native member's leave, and new ones take over.
// A session that has ended has no keys any more. A session that still exists has its keys, so the
// client can send its quit again.
// The same for a login that takes a session over: the other programs of the member have a notice of
// it before the new client is stored.
#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/chat/programs.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

// Kills everything at crash point `step` of a leave. False: a leave has fewer steps.
bool has_left_with_its_keys_if_killed_at(int step) {
  test::NativeWorld world{1};
  auto& ada = world.enter("ada");
  const chat::Slot slot = world.sessions().find_name("ada").value();
  const bool was_killed = test::is_killed_at(step, [&] {
    ada.member.quit(world.now());
    world.run_for(std::chrono::milliseconds{10});
  });
  world.replace_gateway();
  const bool has_keys =
      world.keys().take(slot, world.view().native_slots()[slot].packet_counter).has_value();
  EXPECT_EQ(world.sessions().find_name("ada").has_value(), has_keys) << "crash point " << step;
  world.replace_worker();
  ada.member.quit(world.now());
  EXPECT_TRUE(world.run_until([&] { return !world.sessions().find_name("ada"); }))
      << "crash point " << step;
  return was_killed;
}

// A member with two programs, of which the second one was silent for long.
class TwoPrograms {
 public:
  TwoPrograms() {
    enter(phone_);
    phone_slot_ = world_.sessions().find_name("ada").value();
    enter(laptop_);
    laptop_slot_ = chat::other_programs(world_.sessions(), phone_slot_).at(0);
    laptop_.asleep = true;
    world_.run_for(std::chrono::seconds{40});
  }
  // Kills everything at crash point `step` of a login that takes the laptop's session over. False:
  // such a login has fewer steps.
  bool is_killed_at(int step) {
    auto& third = world_.add({.name = "ada", .identity = identity_});
    return test::is_killed_at(step, [&] {
      world_.start(third);
      (void)world_.run_until([&] { return third.member.is_joined(); });
    });
  }
  [[nodiscard]] std::uint64_t client_of_the_second() const {
    return world_.view().native_slots()[laptop_slot_].client;
  }
  // Of the phone: the logins with the same key that it knows.
  [[nodiscard]] std::ptrdiff_t notices() const {
    return std::ranges::count(test::mailbox_records(world_.view(), phone_slot_),
                              state::RecordKind::program, &test::SeenRecord::kind);
  }

 private:
  static config::Config two_programs() {
    config::Config config = test::NativeWorld::quick_config();
    config.limits.programs_per_person = 2;
    return config;
  }
  void enter(test::NativeWorld::Seat& seat) {
    world_.start(seat);
    EXPECT_TRUE(world_.run_until([&] { return seat.member.is_joined(); }));
  }

  test::NativeWorld world_{2, two_programs()};
  const crypto::KeyPair identity_{crypto::generate_key_pair().value()};
  test::NativeWorld::Seat& phone_{world_.add({.name = "ada", .identity = identity_})};
  test::NativeWorld::Seat& laptop_{world_.add({.name = "ada", .identity = identity_})};
  chat::Slot phone_slot_{};
  chat::Slot laptop_slot_{};
};

TEST(NativeServiceCrash, AClientThatTakesASessionOverIsStoredAfterTheNoticeOfIt) {
  bool was_killed = true;
  int before_it_is_stored = 0;
  for (int step = 1; was_killed; ++step) {
    SCOPED_TRACE("crash point " + std::to_string(step));
    TwoPrograms ada;
    const std::uint64_t client = ada.client_of_the_second();
    ASSERT_EQ(ada.notices(), 1) << "of the laptop";
    was_killed = ada.is_killed_at(step);
    const bool is_stored = ada.client_of_the_second() != client;
    if (is_stored) {
      EXPECT_EQ(ada.notices(), 2);
    } else {
      ++before_it_is_stored;
    }
    EXPECT_TRUE(was_killed || is_stored);
  }
  EXPECT_GT(before_it_is_stored, 1);
}

TEST(NativeServiceCrash, KeysAreWipedWithTheSession) {
  int step = 1;
  while (has_left_with_its_keys_if_killed_at(step)) ++step;
  EXPECT_GT(step, 6);
}

}  // namespace
}  // namespace chatd::gateway
