// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of an answer that adds a device to a name, and its successor
// in its adoption: the device is added or not, and is in no room from which its person is banned.
#include "tests/daemon/chat/own_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class OwnCrashTest : public OwnFixture {
 protected:
  // The owner of a name is banned from a room, in which the device is.
  void start_again() {
    renew_region();
    restart();
    first_ = ada();
    phone_ = enter("phone", 2).slot;
    lab_ = join_lab(phone_);
    restrict(first_, state::RuleKind::ban, lab_);
    use_code(first_, phone_);
  }

  Slot first_{};
  Slot phone_{};
  state::RoomId lab_{};
  test::SecondDeaths second_deaths_;
};

TEST_F(OwnCrashTest, ADeviceIsAddedAndLeavesTheRoomOrNeither) {
  int added = 0;
  int not_added = 0;
  test::at_each_death(
      {.begin = [this] { start_again(); },
       .work = [this] { own(first_, {.act = wire::OwnAct::answer, .yes = true, .key = key(2)}); },
       .adoption = [this] { restart(); },
       .check =
           [&] {
             restart();
             const bool is_added = sessions().person(phone_) == sessions().person(first_);
             EXPECT_EQ(chat_->rooms.has_member(phone_, lab_), !is_added);
             ++(is_added ? added : not_added);
           }},
      second_deaths_);
  EXPECT_GT(added, 0);
  EXPECT_GT(not_added, 0);
}

}  // namespace
}  // namespace chatd::chat
