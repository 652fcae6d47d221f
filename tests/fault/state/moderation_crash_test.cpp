// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a change of a room, its successor after each step of its
// adoption, and a new one takes over; the client, which got no answer, sends the command again. The
// change has one record, and is carried out as the record says.
#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::chat {
namespace {

using state::RecordKind;
using wire::ModerateAction;
using wire::RoomProperty;

constexpr std::uint64_t kCommandEnd = 100'000;  // of the command

class ModerationCrashTest : public RoomsFixture {
 protected:
  ModerationCrashTest() : RoomsFixture{kGeometry} {}
  using Command = std::function<void(const NativeCommands::Order&)>;
  using Step = std::function<void()>;

  // A new service: ada owns "lab", where bob and cyd are, too; dan is invited, eve is not.
  void start_again() {
    renew_region();
    restart();
    ada_ = enter("ada", 1).slot;
    bob_ = enter("bob", 2).slot;
    cyd_ = enter("cyd", 3).slot;
    dan_ = enter("dan", 4).slot;
    eve_ = enter("eve", 5).slot;
    lab_ = make(ada_, "lab")->room;
    ASSERT_TRUE(join(bob_, "lab"));
    ASSERT_TRUE(join(cyd_, "lab"));
    ASSERT_TRUE(make(bob_, "den"));
    ASSERT_TRUE(chat_->moderation.moderate({.member = ada_, .now = now()}, lab_,
                                           {.action = ModerateAction::invite, .name = "dan"}));
    if (prepare_) prepare_();
    state_.native_slots()[ada_].uplink = kCommandEnd - 50;  // its bytes
    records_ = changes();
  }
  std::uint64_t uplink() { return state_.native_slots()[ada_].uplink; }
  // The records of changes, in the room or in the default room.
  std::ptrdiff_t changes() {
    std::ptrdiff_t count = 0;
    for (const auto& log : {state_.room_log(lab_.index), state_.room_log()}) {
      count += std::ranges::count_if(test::records_of(log), [](const auto& record) {
        return record.kind == RecordKind::topic || record.kind == RecordKind::moderated ||
               record.kind == RecordKind::erased ||
               (record.kind == RecordKind::set &&
                wire::read_setting(record.text)->property != RoomProperty::name);
      });
    }
    return count;
  }

  void once_at_every_step(const Command& command, const Step& check) {
    const auto work = [&] {
      command(order(ada_, kCommandEnd));
      sessions().settle();
    };
    const auto check_all = [&] {
      restart();
      expect_consistent();
      if (uplink() < kCommandEnd) command(order(ada_, kCommandEnd));
      EXPECT_EQ(uplink(), kCommandEnd);
      EXPECT_EQ(changes(), records_ + 1);
      EXPECT_THAT(mailbox(ada_),
                  ::testing::Not(::testing::Contains(::testing::StartsWith("notice"))));
      EXPECT_EQ(state_.rule_head().change_of.load(), 0U);
      check();
    };
    const int steps = test::at_each_death({.begin = [this] { start_again(); },
                                           .work = work,
                                           .adoption = [this] { restart(); },
                                           .check = check_all},
                                          second_deaths_);
    EXPECT_GT(steps, 6);
  }
  void moderate(const NativeCommands::Order& order, ModerateAction action, std::string_view name) {
    std::array<char, wire::kMaxModerationBytes> text{};
    (void)commands().moderate(order, test::id_text(lab_.id),
                              wire::write_moderation({.action = action, .name = name}, text));
  }
  void set(const NativeCommands::Order& order, RoomProperty property, std::uint16_t value) {
    std::array<char, wire::kMaxSettingBytes> text{};
    commands().set(order, test::id_text(lab_.id),
                   wire::write_setting({.property = property, .value = value}, text));
  }
  bool is_in(Slot slot) { return rooms().find(slot, lab_.id).has_value(); }
  Role role_of(Slot slot) { return chat_->rights.role(slot, lab_, now().wall); }
  bool has(state::RuleKind kind, Slot slot) {
    return chat_->rules.find(kind, sessions().subject(slot), lab_.id, now().wall).has_value();
  }
  std::ptrdiff_t kicks_of(std::string_view name) {
    const auto log = texts(state_.room_log(lab_.index));
    return std::ranges::count_if(log, [&](const std::string& line) {
      return line.starts_with("kick " + std::string{name});
    });
  }

  Slot ada_{};
  Slot bob_{};
  Slot cyd_{};
  Slot dan_{};
  Slot eve_{};
  state::RoomPlace lab_{};
  std::ptrdiff_t records_{0};
  Step prepare_;
  test::SecondDeaths second_deaths_;
};

TEST_F(ModerationCrashTest, ATopicIsSetOnce) {
  once_at_every_step(
      [&](const auto& order) { commands().set_topic(order, test::id_text(lab_.id), "physics"); },
      [&] {
        const auto& topic = topic_of(state_.properties(lab_.index));
        EXPECT_EQ(view_of(topic.text), "physics");
        EXPECT_EQ(view_of(topic.by), "ada");
      });
}

TEST_F(ModerationCrashTest, ALineIsTakenBackOnceAndItsTextIsNowhere) {
  prepare_ = [&] {
    ASSERT_TRUE(say_in(ada_, "lab", "stays"));
    ASSERT_TRUE(say_in(ada_, "lab", "a secret"));
  };
  once_at_every_step(
      [&](const auto& order) { commands().erase(order, test::id_text(lab_.id), {}); },
      [&] {
        const auto lines = texts_in("lab");
        EXPECT_THAT(lines, ::testing::Contains("say ada stays"));
        EXPECT_THAT(lines, ::testing::Contains("say ada         "));
        EXPECT_THAT(lines, ::testing::Not(::testing::Contains("say ada a secret")));
      });
}

TEST_F(ModerationCrashTest, APropertyIsSetOnce) {
  once_at_every_step([&](const auto& order) { set(order, RoomProperty::slow, 9); },
                     [&] { EXPECT_EQ(state_.properties(lab_.index).slow_seconds.load(), 9); });
}

TEST_F(ModerationCrashTest, AHistoryThatWasOffBeginsBehindTheRecordThatTurnsItOn) {
  prepare_ = [&] { state_.properties(lab_.index).history = wire::kHistoryOff; };
  once_at_every_step([&](const auto& order) { set(order, RoomProperty::history, 30); },
                     [&] {
                       const auto& lab = state_.properties(lab_.index);
                       EXPECT_EQ(lab.history.load(), 30);
                       EXPECT_EQ(lab.history_since.load(),
                                 state_.room_slot(lab_.index).head.next_sequence.load());
                     });
}

TEST_F(ModerationCrashTest, ARoomIsForInvitedMembersAndItsMembersAreOnTheList) {
  once_at_every_step([&](const auto& order) { set(order, RoomProperty::invited, 1); },
                     [&] {
                       EXPECT_TRUE(state_.properties(lab_.index).is_invited.load());
                       EXPECT_TRUE(has(state::RuleKind::invitation, bob_));
                       EXPECT_TRUE(has(state::RuleKind::invitation, cyd_));
                       EXPECT_FALSE(has(state::RuleKind::invitation, eve_));
                     });
}

TEST_F(ModerationCrashTest, ARoomBecomesHiddenAndHasItsNewName) {
  once_at_every_step([&](const auto& order) { set(order, RoomProperty::hidden, 1); },
                     [&] {
                       EXPECT_TRUE(state_.properties(lab_.index).is_hidden.load());
                       const std::string name{rooms().name(lab_.index)};
                       EXPECT_TRUE(name.starts_with("lab-")) << name;
                       EXPECT_EQ(name.size(), 12U);
                       EXPECT_EQ(place_of(name), lab_);
                       EXPECT_FALSE(exists("lab"));
                       EXPECT_EQ(rooms().size(), 2U);
                     });
}

TEST_F(ModerationCrashTest, AMemberIsKickedOnce) {
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::kick, "bob"); },
                     [&] {
                       EXPECT_FALSE(is_in(bob_));
                       EXPECT_EQ(kicks_of("bob"), 1);
                       EXPECT_GE(std::ranges::count(mailbox(bob_), "left lab"), 1);
                       EXPECT_EQ(rooms().members(lab_.index), 2U);
                     });
}

TEST_F(ModerationCrashTest, AMemberIsBannedOnce) {
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::ban, "bob"); },
                     [&] {
                       EXPECT_FALSE(is_in(bob_));
                       EXPECT_EQ(kicks_of("bob"), 1);
                       EXPECT_TRUE(has(state::RuleKind::ban, bob_));
                       EXPECT_FALSE(has(state::RuleKind::ban, cyd_));
                       EXPECT_EQ(refusal(join(bob_, "lab")), wire::Reason::no_such_room);
                     });
}

TEST_F(ModerationCrashTest, ABanIsLiftedOnce) {
  prepare_ = [&] {
    ASSERT_TRUE(chat_->moderation.moderate({.member = ada_, .now = now()}, lab_,
                                           {.action = ModerateAction::ban, .name = "bob"}));
  };
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::unban, "bob"); },
                     [&] { EXPECT_FALSE(has(state::RuleKind::ban, bob_)); });
}

TEST_F(ModerationCrashTest, AMuteIsMadeOnce) {
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::mute, "bob"); },
                     [&] { EXPECT_TRUE(has(state::RuleKind::mute, bob_)); });
}

TEST_F(ModerationCrashTest, AnInvitationIsMadeOnceAndWithdrawnOnce) {
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::invite, "cyd"); },
                     [&] { EXPECT_TRUE(has(state::RuleKind::invitation, cyd_)); });
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::uninvite, "dan"); },
                     [&] { EXPECT_FALSE(has(state::RuleKind::invitation, dan_)); });
}

TEST_F(ModerationCrashTest, ARoleIsGivenOnce) {
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::owner, "bob"); },
                     [&] { EXPECT_EQ(role_of(bob_), Role::owner); });
}

// The command is sent again by a member that has not the right to send it any more.
TEST_F(ModerationCrashTest, AnOwnerStepsDownOnce) {
  prepare_ = [&] {
    ASSERT_TRUE(chat_->moderation.moderate({.member = ada_, .now = now()}, lab_,
                                           {.action = ModerateAction::owner, .name = "bob"}));
  };
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::moderator, "ada"); },
                     [&] { EXPECT_EQ(role_of(ada_), Role::moderator); });
  once_at_every_step([&](const auto& order) { moderate(order, ModerateAction::no_role, "ada"); },
                     [&] { EXPECT_EQ(role_of(ada_), Role::none); });
}

// The caller removes the session; if it is killed before, its successor does it.
TEST_F(ModerationCrashTest, AMemberIsKickedFromTheServerOnce) {
  prepare_ = [&] {
    ASSERT_TRUE(chat_->moderation.moderate({.now = now()}, std::nullopt,
                                           {.action = ModerateAction::moderator, .name = "ada"}));
  };
  const auto kick = [&](const NativeCommands::Order& order) {
    std::array<char, wire::kMaxModerationBytes> text{};
    const auto kicked = commands().moderate(
        order, {}, wire::write_moderation({.action = ModerateAction::kick, .name = "bob"}, text));
    ASSERT_TRUE(kicked);
    for (const auto& [member, reason] : kicked->done.removals) {
      sessions().remove(member, state::LeaveKind::kicked, reason, now());
      rooms().leave_all(member, state::LeaveKind::kicked, now());
    }
    chat_->changes.removed();
  };
  once_at_every_step(kick, [&] {
    sessions().settle();
    EXPECT_FALSE(sessions().find_name("bob"));
    EXPECT_EQ(rooms().members(lab_.index), 2U);
    const auto all = texts();
    EXPECT_EQ(std::ranges::count_if(
                  all, [](const std::string& line) { return line.starts_with("kick bob"); }),
              1);
  });
}

}  // namespace
}  // namespace chatd::chat
