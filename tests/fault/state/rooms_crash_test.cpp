// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a command about a further room, a new one takes over, and
// the client, which got no answer, sends the command again: it is executed once. Rows, bitmaps and
// subscriptions agree, and followers are notified of each record.
#include <algorithm>
#include <functional>
#include <set>

#include <gmock/gmock.h>

#include "common/wire/native/native_record.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

using state::RecordKind;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::uint64_t kEnd = 100'000;  // of the command

class RoomsCrashTest : public RoomsFixture {
 protected:
  RoomsCrashTest() : RoomsFixture{kGeometry} {}
  using Step = std::function<void()>;

  // A new service: ada and bob are in "lab", bob alone in "den".
  void start_again() {
    renew_region();
    restart();
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
    ASSERT_TRUE(make(ada_, "lab"));
    ASSERT_TRUE(join(bob_, "lab"));
    ASSERT_TRUE(make(bob_, "den"));
    lab_ = id_text("lab");
    ids_ = {1, 2};
    state_.native_slots()[ada_].uplink = kEnd - 50;  // the bytes of the command
  }
  std::uint64_t uplink() { return state_.native_slots()[ada_].uplink; }

  // Kills a gateway at each crash point of `work`; then its successor, if asked for, at each crash
  // point of its adoption. `check` looks at the result.
  void at_every_step(const Step& work, const Step& check, bool is_killed_twice = false) {
    for (int step = 1; kill_at(step, work, check, is_killed_twice); ++step) {
    }
  }
  // False: the work has fewer steps.
  bool kill_at(int step, const Step& work, const Step& check, bool is_killed_twice) {
    int second = is_killed_twice ? second_deaths_.after(0) : 0;
    for (;; second = second_deaths_.after(second)) {
      SCOPED_TRACE("crash points " + std::to_string(step) + ", " + std::to_string(second));
      start_again();
      remember_logs();
      const bool was_killed = test::is_killed_at(step, [&] {
        work();
        sessions().settle();
      });
      note_ids();
      const bool was_killed_again =
          second != 0 && test::is_killed_at(second, [this] { restart(); });
      restart();
      expect_consistent();
      expect_news();
      check();
      expect_consistent();
      expect_all_rows();
      EXPECT_TRUE(was_killed || step > 3);
      if (!was_killed_again) return was_killed;
    }
  }
  // As at_every_step(): the command of ada is sent again if its end is not acknowledged.
  void once_at_every_step(const std::function<void(const NativeCommands::Order&)>& command,
                          const Step& check) {
    for (const bool is_killed_twice : {false, true}) {
      at_every_step([&] { command(order(ada_, kEnd)); },
                    [&] {
                      if (uplink() < kEnd) command(order(ada_, kEnd));
                      EXPECT_EQ(uplink(), kEnd);
                      EXPECT_EQ(sessions().all().size(), 2U);
                      check();
                    },
                    is_killed_twice);
    }
  }
  std::ptrdiff_t in_mailbox(std::string_view line) {
    return std::ranges::count(mailbox(ada_), line);
  }

  // --- the ring of rooms with news -----------------------------------------------------

  void remember_logs() {
    news_ = state_.room_news().count.load();
    tails_.clear();
    for (std::uint32_t row = 0; row < kGeometry.rooms; ++row) tails_.push_back(tail_of(row));
  }
  std::uint64_t tail_of(std::uint32_t row) {
    return state_.room_slot(state::RoomIndex{row}).head.log.tail.load();
  }
  // A follower that reads on from where it was reads each log that has grown.
  void expect_news() {
    std::set<std::uint32_t> rows;
    for (std::uint64_t i = news_; i < state_.room_news().count.load(); ++i) {
      rows.insert(state_.room_news().room[i % state::kNewsEntries].load());
    }
    for_each_room(rooms(), [&](const state::RoomPlace& room) {
      const auto row = static_cast<std::uint32_t>(room.index);
      const bool is_empty = state_.room_log(room.index).oldest() == tail_of(row);
      EXPECT_TRUE(is_empty || tail_of(row) == tails_[row] || rows.contains(row)) << "row " << row;
    });
  }

  // --- rows and ids ------------------------------------------------------------------------

  // The ids that a client or a log may have seen.
  void note_ids() {
    for (std::uint32_t row = 0; row < kGeometry.rooms; ++row) {
      const auto& slot = state_.room_slot(state::RoomIndex{row});
      if (slot.phase.load() != state::RoomPhase::free) ids_.insert(slot.id.load());
    }
  }
  // None of the rows is lost, and none of the ids is used again.
  void expect_all_rows() {
    std::set<std::uint32_t> now_there;
    for_each_room(rooms(), [&](const state::RoomPlace& room) {
      now_there.insert(static_cast<std::uint32_t>(room.id));
    });
    ids_.insert(now_there.begin(), now_there.end());
    for (int i = 0; rooms().size() < kGeometry.rooms; ++i) {
      const auto made = rooms().make_kept("row" + std::to_string(i), now());
      ASSERT_TRUE(made) << "a row is lost";
      EXPECT_TRUE(ids_.insert(static_cast<std::uint32_t>(made->id)).second);
      EXPECT_THAT(texts(state_.room_log(made->index)), ::testing::IsEmpty());
    }
  }

  Slot ada_{};
  Slot bob_{};
  std::string lab_;
  std::uint64_t news_{0};
  std::vector<std::uint64_t> tails_;
  std::set<std::uint32_t> ids_;
  test::SecondDeaths second_deaths_;
};

TEST_F(RoomsCrashTest, ARoomIsMadeOnce) {
  once_at_every_step([&](const auto& order) { commands().make(order, "attic"); },
                     [&] {
                       ASSERT_TRUE(exists("attic"));
                       EXPECT_THAT(texts_in("attic"), ElementsAre("join ada "));
                       EXPECT_EQ(in_mailbox("joined attic"), 1);
                       EXPECT_EQ(in_mailbox("notice room_exists"), 0);
                       const auto joined = wire::read_joined(last_text(ada_));
                       EXPECT_EQ(joined->room, static_cast<std::uint32_t>(id_of("attic")));
                       EXPECT_EQ(joined->stream, 3);
                       EXPECT_EQ(joined->offset, subscription(ada_, 1).acks.acked);
                       EXPECT_EQ(rooms().size(), 3U);
                       EXPECT_TRUE(say_in(ada_, "attic", "hello"));
                       EXPECT_EQ(chat_->rights.role(ada_, place_of("attic"), now().wall),
                                 Role::owner);
                       EXPECT_EQ(chat_->rules.size(), 3U) << "one owner of each room";
                     });
}

TEST_F(RoomsCrashTest, AMemberJoinsOnce) {
  once_at_every_step([&](const auto& order) { commands().join(order, "den", {}); },
                     [&] {
                       EXPECT_THAT(texts_in("den"), ElementsAre("join bob ", "join ada "));
                       EXPECT_EQ(in_mailbox("joined den"), 1);
                       const auto joined = wire::read_joined(last_text(ada_));
                       EXPECT_EQ(joined->stream, 3);
                       EXPECT_LT(joined->live_offset, log_of("den").tail());
                       leave(ada_, "den");
                       EXPECT_EQ(join(ada_, "den")->stream(), 4) << "not the same stream again";
                     });
}

TEST_F(RoomsCrashTest, AMemberLeavesOnce) {
  once_at_every_step([&](const auto& order) { commands().leave(order, lab_); },
                     [&] {
                       EXPECT_THAT(texts_in("lab"),
                                   ElementsAre("join ada ", "join bob ", "leave ada "));
                       EXPECT_EQ(in_mailbox("left lab") + in_mailbox("left "), 1);
                       EXPECT_FALSE(say_in(ada_, "lab", "hello"));
                       EXPECT_TRUE(say_in(bob_, "lab", "hello"));
                       const auto left = wire::read_left(last_text(ada_));
                       EXPECT_EQ(left->room, static_cast<std::uint32_t>(id_of("lab")));
                     });
}

TEST_F(RoomsCrashTest, AMessageIsAppendedOnce) {
  once_at_every_step(
      [&](const auto& order) { commands().say(order, RecordKind::say, lab_, "one"); },
      [&] { EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "join bob ", "say ada one")); });
}

TEST_F(RoomsCrashTest, ARefusalIsReportedOnce) {
  once_at_every_step([&](const auto& order) { commands().make(order, "lab"); },
                     [&] {
                       EXPECT_EQ(in_mailbox("notice room_exists"), 1);
                       EXPECT_EQ(rooms().size(), 2U);
                     });
}

TEST_F(RoomsCrashTest, AListIsSentOnce) {
  once_at_every_step([&](const auto& order) { commands().list_rooms(order, 0); },
                     [&] { EXPECT_EQ(in_mailbox("rooms "), 1); });
}

// The session ends first: a member that is killed half way has left nothing, or all.
TEST_F(RoomsCrashTest, AMemberThatLeavesTheServerLeavesItsRooms) {
  for (const auto kind : {state::LeaveKind::quit, state::LeaveKind::kicked}) {
    const std::string gone = kind == state::LeaveKind::quit ? "leave bob " : "kick bob ";
    at_every_step([&] { quit(bob_, kind); },
                  [&] {
                    if (sessions().is_member(bob_)) {
                      EXPECT_EQ(rooms().members(place_of("lab").index), 2U) << "of all or none";
                      EXPECT_EQ(rooms().members(place_of("den").index), 1U);
                      quit(bob_, kind);
                    }
                    EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob ", gone));
                    EXPECT_THAT(texts_in("lab"), ElementsAre("join ada ", "join bob ", gone));
                    EXPECT_THAT(texts_in("den"), ElementsAre("join bob ", gone));
                    EXPECT_EQ(state_.native_slots()[bob_].subscriptions.load(), 0U);
                    EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
                  },
                  kind == state::LeaveKind::kicked);
  }
}

TEST_F(RoomsCrashTest, ARoomWithoutMembersExistsForItsTime) {
  at_every_step([&] { leave(bob_, "den"); },
                [&] {
                  if (rooms().members(place_of("den").index) != 0) leave(bob_, "den");
                  tick_after(config_.rooms.linger - std::chrono::seconds{1});
                  ASSERT_TRUE(exists("den"));
                  tick_after(std::chrono::seconds{1});
                  EXPECT_FALSE(exists("den"));
                });
}

TEST_F(RoomsCrashTest, ARoomIsDroppedOnce) {
  at_every_step(
      [&] {
        leave(bob_, "den");
        tick_after(config_.rooms.linger);
      },
      [&] {
        if (exists("den")) {
          if (rooms().members(place_of("den").index) != 0) leave(bob_, "den");
          tick_after(2 * config_.rooms.linger);
        }
        EXPECT_FALSE(exists("den"));
        EXPECT_EQ(rooms().size(), 1U);
        EXPECT_EQ(chat_->rules.size(), 1U) << "those of the room have ended with it";
        ASSERT_TRUE(make(ada_, "den"));
        EXPECT_THAT(texts_in("den"), ElementsAre("join ada "));
      });
}

TEST_F(RoomsCrashTest, AKeptRoomIsMadeOnceOrNotAtAll) {
  at_every_step([&] { (void)rooms().make_kept("attic", now()); },
                [&] {
                  if (!exists("attic")) {
                    ASSERT_TRUE(rooms().make_kept("attic", now()));
                  }
                  EXPECT_NE(rooms().row(place_of("attic").index).is_kept, 0);
                  tick_after(10 * config_.rooms.linger);
                  EXPECT_TRUE(exists("attic"));
                });
}

// Two members use the same stream number one after the other, and so do two rooms one row.
TEST_F(RoomsCrashTest, ASlotThatIsUsedAgainHasNoRoomsOfItsFormerSession) {
  at_every_step(
      [&] {
        quit(bob_);
        bob_ = enter("cyd", 3).slot;
        (void)join(bob_, "lab");
      },
      [&] {
        if (sessions().find_name("bob")) return;
        const auto cyd = enter("cyd", 3);
        ASSERT_TRUE(join(cyd.slot, "lab"));
        EXPECT_EQ(rooms().find(cyd.slot, id_of("den")), std::nullopt);
        EXPECT_THAT(texts_in("lab"),
                    ElementsAre("join ada ", "join bob ", "leave bob ", "join cyd "));
      });
}

}  // namespace
}  // namespace chatd::chat
