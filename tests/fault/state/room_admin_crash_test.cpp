// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of an administrator's kick from a room, or drop of a room,
// and a new one takes over: what was begun is finished, and the members are notified.
#include <algorithm>
#include <functional>

#include "tests/daemon/chat/native_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class RoomAdminCrashTest : public NativeFixture {
 protected:
  // ada and bob are in #lab, ada is in #art, too.
  void start_anew() {
    region_ = state::create_region(state_.geometry(), 1, {}).value();
    state_ = state::StateView::map(region_.get(), state::Access::writer).value();
    restart();
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
    lab_ = rooms().make({.slot = ada_, .end = 1, .now = now()}, "lab")->room;
    art_ = rooms().make({.slot = ada_, .end = 2, .now = now()}, "art")->room;
    rooms().enter({.slot = bob_, .end = 1, .now = now()}, "lab", {}).value();
  }
  Rooms& rooms() { return chat_->rooms; }
  std::ptrdiff_t notified(Slot slot) { return std::ranges::count(mailbox(slot), "left lab"); }
  // Runs it until it is killed at no step any more; `check` gets whether it has begun.
  void at_every_step(const std::function<void()>& work, const std::function<void()>& check) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      start_anew();
      const bool was_killed = test::is_killed_at(step, work);
      restart();
      check();
      // The rest works as before.
      EXPECT_EQ(rooms().members(art_.index), 1U);
      EXPECT_TRUE(rooms().enter({.slot = bob_, .end = 9, .now = now()}, "art", {}));
      restart();
      EXPECT_EQ(rooms().members(art_.index), 2U);
      if (!was_killed) {
        EXPECT_GT(step, 4);
        return;
      }
    }
  }

  Slot ada_{};
  Slot bob_{};
  state::RoomPlace lab_{};
  state::RoomPlace art_{};
};

TEST_F(RoomAdminCrashTest, AKickHappensWithItsRecordsOrNotAtAll) {
  at_every_step([&] { (void)chat_->room_admin.kick(bob_, lab_.id, "noise", now()); },
                [&] {
                  const bool is_member = rooms().find(bob_, lab_.id).has_value();
                  EXPECT_EQ(rooms().members(lab_.index), is_member ? 2U : 1U);
                  EXPECT_EQ(rooms().next_member(lab_.index, bob_) == bob_, is_member);
                  const auto log = texts(state_.room_log(lab_.index));
                  const auto kicks = std::ranges::count_if(
                      log, [](const std::string& line) { return line.starts_with("kick bob"); });
                  EXPECT_EQ(kicks, is_member ? 0 : 1);
                  // At least once: a client ignores a second one, since no id is used twice.
                  EXPECT_EQ(notified(bob_) >= 1, !is_member);
                  EXPECT_LE(notified(bob_), 2);
                  EXPECT_EQ(notified(ada_), 0);
                });
}

TEST_F(RoomAdminCrashTest, ADropIsFinishedOrHasNotBegun) {
  at_every_step([&] { chat_->room_admin.drop(lab_.index, now()); },
                [&] {
                  const bool is_there = rooms().find_name("lab").has_value();
                  EXPECT_EQ(rooms().size(), is_there ? 2U : 1U);
                  for (const Slot slot : {ada_, bob_}) {
                    EXPECT_EQ(rooms().find(slot, lab_.id).has_value(), is_there);
                    EXPECT_EQ(notified(slot) >= 1, !is_there);
                    EXPECT_LE(notified(slot), 2);
                  }
                  if (is_there) {
                    EXPECT_EQ(rooms().members(lab_.index), 2U);
                  }
                });
}

}  // namespace
}  // namespace chatd::chat
