// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of what concerns a direct message that waits, and its
// successor in its adoption: the message comes once, and its author is told once.
#include <functional>

#include "tests/daemon/chat/waiting_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

class WaitingCrashTest : public WaitingFixture {
 protected:
  // ada is in with two programs. bob owns its name and is not in.
  void start_again() {
    renew_region();
    restart();
    for (std::uint64_t client : {1U, 2U}) {
      ada_[client - 1] = enter("ada", 1, "10.0.0.1:5", client).slot;
    }
    owner_ = bob_leaves();
  }
  void send() { commands().say_to(order(ada_[0], 10), "bob", "psst"); }
  std::uint64_t uplink() { return state_.native_slots()[ada_[0]].uplink; }
  void at_every_step(const std::function<void()>& begin, const std::function<void()>& work,
                     const std::function<void()>& check) {
    test::at_each_death({.begin =
                             [&] {
                               start_again();
                               begin();
                             },
                         .work = work,
                         .adoption = [this] { restart(); },
                         .check =
                             [&] {
                               restart();
                               check();
                             }},
                        second_deaths_);
  }

  std::array<Slot, 2> ada_{};
  Slot bob_{};
  state::PersonId owner_{};
  test::SecondDeaths second_deaths_;
};

TEST_F(WaitingCrashTest, AMessageBeginsToWaitOnce) {
  at_every_step([] {}, [this] { send(); },
                [this] {
                  if (uplink() < 10) send();
                  EXPECT_EQ(uplink(), 10U);
                  EXPECT_EQ(waiting().count(owner_), 1U);
                  EXPECT_EQ(in_mailbox(ada_[0], "waits bob"), 1);
                  EXPECT_EQ(in_mailbox(ada_[1], "sent bob"), 1);
                });
}

TEST_F(WaitingCrashTest, AMessageIsPutIntoTheMailboxOnce) {
  at_every_step(
      [this] {
        send();
        bob_ = enter("bob", 2, "10.0.0.2:5").slot;
      },
      [this] { waiting().serve(bob_); },
      [this] {
        waiting().serve(bob_);
        EXPECT_EQ(in_mailbox(bob_, "direct ada"), 1);
        acknowledge(bob_);
        waiting().serve(bob_);
        EXPECT_EQ(waiting().count(owner_), 0U);
        EXPECT_EQ(in_mailbox(bob_, "direct ada"), 1);
      });
}

TEST_F(WaitingCrashTest, AMessageThatWasReadIsForgottenOnce) {
  at_every_step(
      [this] {
        send();
        bob_ = bob_comes();
        acknowledge(bob_);
      },
      [this] { waiting().serve(bob_); },
      [this] {
        waiting().serve(bob_);
        EXPECT_EQ(waiting().count(owner_), 0U);
        EXPECT_EQ(in_mailbox(bob_, "direct ada"), 1);
      });
}

TEST_F(WaitingCrashTest, AMessageWhoseProgramHasLeftComesToTheNextOneOnce) {
  at_every_step(
      [this] {
        send();
        const Slot first = bob_comes(1);
        bob_ = enter("bob", 2, "10.0.0.2:6", 2).slot;
        quit(first);
      },
      [this] { waiting().serve(bob_); },
      [this] {
        waiting().serve(bob_);
        EXPECT_EQ(in_mailbox(bob_, "direct ada"), 1);
      });
}

}  // namespace
}  // namespace chatd::chat
