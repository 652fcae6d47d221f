// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of an administrator's kick from a room, of a drop of a room,
// or of a login by another client. Its successor is killed after each step of the adoption, and a
// third gateway takes over: a change that was begun is finished, and the members are notified.
#include <algorithm>
#include <functional>

#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd::chat {
namespace {

class RoomAdminCrashTest : public RoomsFixture {
 protected:
  RoomAdminCrashTest() : RoomsFixture{kGeometry} {}

  // ada and bob are in #lab, ada is in #art, too.
  void start_anew() {
    renew_region();
    restart();
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
    lab_ = make(ada_, "lab")->room;
    art_ = make(ada_, "art")->room;
    ASSERT_TRUE(join(bob_, "lab"));
  }
  std::ptrdiff_t notified(Slot slot, std::string_view line = "left lab") {
    return std::ranges::count(mailbox(slot), line);
  }
  // Kills a gateway at each crash point of `work`, and its successor at each crash point of the
  // adoption.
  void at_every_step(const std::function<void()>& work, const std::function<void()>& check) {
    const auto check_all = [&] {
      restart();
      (void)test::expect_consistent_rooms(state_);
      check();
      // The rest works as before.
      EXPECT_TRUE(join(bob_, "art"));
      const std::uint32_t members = rooms().members(art_.index);
      restart();
      EXPECT_EQ(rooms().members(art_.index), members);
      EXPECT_TRUE(rooms().next_session(art_.index, bob_));
    };
    const int steps = test::at_each_death({.begin = [this] { start_anew(); },
                                           .work = work,
                                           .adoption = [this] { restart(); },
                                           .check = check_all},
                                          second_deaths_);
    EXPECT_GT(steps, 4);
  }
  // The number of records of the room's log whose line begins with `begin`.
  std::ptrdiff_t count_in(const state::RoomPlace& room, std::string_view begin) {
    const auto log = texts(state_.room_log(room.index));
    return std::ranges::count_if(log,
                                 [&](const std::string& line) { return line.starts_with(begin); });
  }

  Slot ada_{};
  Slot bob_{};
  state::RoomPlace lab_{};
  state::RoomPlace art_{};
  test::SecondDeaths second_deaths_;
};

TEST_F(RoomAdminCrashTest, AKickHappensWithItsRecordsOrNotAtAll) {
  at_every_step([&] { (void)chat_->room_admin.kick(bob_, lab_.id, "noise", now()); },
                [&] {
                  const bool is_member = rooms().find(bob_, lab_.id).has_value();
                  EXPECT_EQ(rooms().members(lab_.index), is_member ? 2U : 1U);
                  EXPECT_EQ(rooms().next_session(lab_.index, bob_) == bob_, is_member);
                  EXPECT_EQ(count_in(lab_, "kick bob"), is_member ? 0 : 1);
                  // Each successor can deliver one record more. A client reads all of them before
                  // it can be in the room again.
                  EXPECT_EQ(notified(bob_) >= 1, !is_member);
                  EXPECT_LE(notified(bob_), 3);
                  EXPECT_EQ(notified(ada_), 0);
                  EXPECT_EQ(rooms().members(art_.index), 1U);
                });
}

TEST_F(RoomAdminCrashTest, ADropIsFinishedOrHasNotBegun) {
  at_every_step([&] { chat_->room_admin.drop(lab_.index, now()); },
                [&] {
                  const bool is_there = exists("lab");
                  EXPECT_EQ(rooms().size(), is_there ? 2U : 1U);
                  for (const Slot slot : {ada_, bob_}) {
                    EXPECT_EQ(rooms().find(slot, lab_.id).has_value(), is_there);
                    EXPECT_EQ(notified(slot) >= 1, !is_there);
                    EXPECT_LE(notified(slot), 3);
                  }
                  EXPECT_EQ(rooms().members(art_.index), 1U);
                  if (is_there) {
                    EXPECT_EQ(rooms().members(lab_.index), 2U);
                  }
                });
}

TEST_F(RoomAdminCrashTest, AReplacedClientIsNotifiedOfEachRoomThatItHasLeft) {
  at_every_step([&] { chat_->room_admin.replace_client(ada_, now()); },
                [&] {
                  for (const auto& [room, left] :
                       {std::pair{lab_, "left lab"}, std::pair{art_, "left art"}}) {
                    const bool is_member = rooms().find(ada_, room.id).has_value();
                    const auto records = count_in(room, "leave ada") + count_in(room, "kick ada");
                    EXPECT_EQ(records, is_member ? 0 : 1) << left;
                    EXPECT_EQ(notified(ada_, left) >= 1, !is_member) << left;
                    EXPECT_LE(notified(ada_, left), 3);
                  }
                  EXPECT_EQ(notified(bob_), 0);
                });
}

}  // namespace
}  // namespace chatd::chat
