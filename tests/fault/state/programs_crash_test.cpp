// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of what concerns several programs of a member, and a new one
// takes over: other members hear of one join and one leave, and each program gets a message once.
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;

class ProgramsCrashTest : public RoomsFixture {
 protected:
  ProgramsCrashTest() : RoomsFixture{kGeometry} {}
  using Step = std::function<void()>;

  // ada and bob are in with two programs each; all are in "lab".
  void start_again() {
    renew_region();
    restart();
    for (std::uint64_t client : {1U, 2U}) {
      ada_[client - 1] = enter("ada", 1, "10.0.0.1:5", client).slot;
      bob_[client - 1] = enter("bob", 2, "10.0.0.2:5", client).slot;
    }
    ASSERT_TRUE(make(ada_[0], "lab"));
    for (const Slot slot : {ada_[1], bob_[0], bob_[1]}) ASSERT_TRUE(join(slot, "lab"));
  }
  // Kills a gateway at each crash point of `work`, and then its successor at each crash point of
  // its adoption.
  void at_every_step(const Step& work, const Step& check) {
    const Step settle = [&] {
      work();
      sessions().settle();
    };
    const Step finish = [&] {
      restart();
      check();
      expect_consistent();
    };
    test::at_each_death({.begin = [this] { start_again(); },
                         .work = settle,
                         .adoption = [this] { restart(); },
                         .check = finish},
                        second_deaths_);
  }
  std::ptrdiff_t in_log(std::string_view line) const { return std::ranges::count(texts(), line); }
  std::ptrdiff_t in_room(std::string_view line) {
    return std::ranges::count(texts_in("lab"), line);
  }
  std::ptrdiff_t in_mailbox(Slot slot, std::string_view line) {
    return std::ranges::count(mailbox(slot), line);
  }

  std::array<Slot, 2> ada_{};
  std::array<Slot, 2> bob_{};
  test::SecondDeaths second_deaths_;
};

TEST_F(ProgramsCrashTest, ADirectMessageComesOnceToEachProgram) {
  const auto send = [this] { commands().say_to(order(ada_[0], 10), "bob", "psst"); };
  at_every_step(send, [&] {
    if (state_.native_slots()[ada_[0]].uplink < 10) send();
    for (const Slot slot : bob_) EXPECT_EQ(in_mailbox(slot, "direct ada"), 1) << slot;
    EXPECT_EQ(in_mailbox(ada_[1], "sent bob"), 1);
    EXPECT_EQ(in_mailbox(ada_[0], "sent bob"), 0);
    EXPECT_EQ(state_.native_slots()[ada_[0]].uplink, 10U);
  });
}

TEST_F(ProgramsCrashTest, AnotherProgramIsReportedToTheOthersAndToNoOtherMember) {
  // As the gateway does: it notifies before the session settles.
  const auto log_in = [this] {
    state::Identity key{};
    key.fill(std::byte{1});
    const auto login = sessions().admit(
        {.name = "ada",
         .from = test::delivery_to(test::endpoint("10.0.0.3:5")),
         .native = NativeClient{.identity = key, .client = 3, .random = 77, .window = 65536}},
        now());
    if (login.status == Sessions::Status::admitted) {
      chat_->programs.notify(login.slot, test::endpoint("10.0.0.3:5").address, now().wall);
    }
    return login;
  };
  at_every_step([&] { (void)log_in(); },
                [&] {
                  const auto login = log_in();
                  sessions().settle();
                  EXPECT_NE(login.status, Sessions::Status::refused);
                  for (const Slot slot : ada_) EXPECT_EQ(in_mailbox(slot, "program "), 1) << slot;
                  EXPECT_EQ(in_mailbox(login.slot, "program "), 2);
                  for (const Slot slot : bob_) EXPECT_EQ(in_mailbox(slot, "program "), 0) << slot;
                  EXPECT_EQ(in_log("join ada "), 1);
                  EXPECT_EQ(sessions().size(), 2U);
                  EXPECT_EQ(sessions().all().size(), 5U);
                });
}

TEST_F(ProgramsCrashTest, TheLeaveOfOneProgramIsNoLeaveOfTheMember) {
  at_every_step(
      [this] {
        sessions().remove(ada_[0], state::LeaveKind::quit, {}, now());
        rooms().leave_all(ada_[0], state::LeaveKind::quit, now());
      },
      [this] {
        EXPECT_EQ(in_log("leave ada "), 0);
        EXPECT_EQ(in_room("leave ada "), 0);
        EXPECT_EQ(in_log("join ada "), 1);
        EXPECT_EQ(sessions().size(), 2U);
        EXPECT_EQ(rooms().members(place_of("lab").index), 2U);
      });
}

TEST_F(ProgramsCrashTest, TheMemberLeavesOnceWithItsLastProgram) {
  at_every_step(
      [this] {
        for (const Slot slot : ada_) {
          sessions().remove(slot, state::LeaveKind::quit, {}, now());
          rooms().leave_all(slot, state::LeaveKind::quit, now());
        }
      },
      [this] {
        // A gateway that was killed between the two has removed one.
        const bool is_in = sessions().find_name("ada").has_value();
        EXPECT_EQ(in_log("leave ada "), is_in ? 0 : 1);
        EXPECT_EQ(in_room("leave ada "), is_in ? 0 : 1);
        EXPECT_EQ(rooms().members(place_of("lab").index), is_in ? 2U : 1U);
      });
}

TEST_F(ProgramsCrashTest, AKickFromARoomIsOneRecordAndReachesEachProgram) {
  const auto kick = [this] {
    return chat_->room_admin.kick(ada_[0], id_of("lab"), "noise", now());
  };
  at_every_step([&] { (void)kick(); },
                [&] {
                  (void)kick();  // the administrator got no answer
                  EXPECT_EQ(in_room("kick ada noise") + in_room("kick ada "), 1);
                  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
                  for (const Slot slot : ada_) EXPECT_GE(in_mailbox(slot, "left lab"), 1) << slot;
                });
}

}  // namespace
}  // namespace chatd::chat
