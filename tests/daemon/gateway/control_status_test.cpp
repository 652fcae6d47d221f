// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_status.hpp"

#include <optional>
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ControlStatusTest : public GatewayFixture {
 protected:
  explicit ControlStatusTest(std::uint32_t rooms = 2)
      : ControlStatusTest{state::Geometry{.sessions = 64, .ring_bytes = 65536, .rooms = rooms}} {}
  explicit ControlStatusTest(const state::Geometry& geometry) : GatewayFixture{geometry} {
    for (const std::uint32_t row : {0U, 1U}) {
      state_.process(row).state.store(state::ProcessState::ready);
    }
  }
  ControlStatus& status() {
    if (!status_) {
      inheritance_.processes = {{.role = roles::kGateway}, {.role = roles::kWorker, .row = 1}};
      inheritance_.config = &config_;
      status_.emplace(inheritance_, state_, chat(), now().mono);
    }
    return *status_;
  }
  std::vector<std::string> problems() { return status().report(now()).problems; }

  Inheritance inheritance_{};
  std::optional<ControlStatus> status_;
};

TEST_F(ControlStatusTest, WithoutAFaultAllIsWell) { EXPECT_THAT(problems(), IsEmpty()); }

TEST_F(ControlStatusTest, HasTheDoorAndTheNumberOfCodesThatAdmitSomebody) {
  EXPECT_EQ(status().report(now()).door, "open");
  EXPECT_EQ(status().report(now()).open_codes, 0U);
  for (const int lasts : {1, 48}) {
    ASSERT_TRUE(chat().invitations.add({.hash = {std::byte(lasts)},
                                        .now = now().wall,
                                        .until = now().wall + std::chrono::hours{lasts}}));
  }
  EXPECT_EQ(status().report(now()).open_codes, 2U);
  wait(std::chrono::hours{2});
  EXPECT_EQ(status().report(now()).open_codes, 1U);
  config_.server.door = config::WhoEnters::invited;
  status_.reset();
  take_over();
  EXPECT_EQ(status().report(now()).door, "invited");
}

TEST_F(ControlStatusTest, APageThatAReloadHasClosedHasNoAddress) {
  inheritance_.page = {test::endpoint("127.0.0.1:8880")};
  EXPECT_THAT(status().report(now()).web, ElementsAre("127.0.0.1:8880"));
  config_.web.enabled = false;
  EXPECT_THAT(status().report(now()).web, IsEmpty());
}

TEST_F(ControlStatusTest, APageThatIsClosedForAPasswordIsAWarning) {
  config_.web.enabled = false;
  EXPECT_THAT(status().report(now()).warnings, IsEmpty());
  config_.web.closed_by_door = true;
  config_.room.password_file = "/etc/chatd/password";
  EXPECT_THAT(status().report(now()).warnings,
              Contains(HasSubstr("room.password_file: closes the page for browsers")));
}

TEST_F(ControlStatusTest, AWorkerThatIsNotReadyIsAProblem) {
  state_.process(1).state.store(state::ProcessState::hung);
  EXPECT_THAT(problems(), ElementsAre("worker 0 is hung: its members receive nothing meanwhile"));
}

TEST_F(ControlStatusTest, ADeathIsAProblemForTenMinutes) {
  wait(minutes{60});
  state_.process(0).restarts.store(2);
  state_.process(0).replaced_wall.store(now().wall.time_since_epoch().count());
  wait(minutes{9});
  EXPECT_THAT(problems(), ElementsAre("gateway has died 2 times, and was replaced within the last "
                                      "10 minutes"));
  wait(minutes{2});
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(ControlStatusTest, AReloadLongAfterADeathIsNoProblem) {
  state_.process(1).restarts.store(1);
  state_.process(1).replaced_wall.store(now().wall.time_since_epoch().count());
  wait(minutes{60});
  state_.process(1).started_wall.store(now().wall.time_since_epoch().count());
  EXPECT_THAT(problems(), IsEmpty());
}

// Not for a day after each restart, which keeps the memory.
TEST_F(ControlStatusTest, AColdStartThatLeftSomethingOutIsAProblemForADay) {
  wait(std::chrono::hours{48});
  state::Loaded& loaded = state_.loaded();
  loaded.began_wall = now().wall.time_since_epoch().count();
  loaded.rules_left_out = 3;
  assign(loaded.history_words, "not a database");
  state_.set_started(now().wall);
  EXPECT_THAT(
      problems(),
      ElementsAre("at the start, 0 rooms, 3 rules and 0 other or damaged rows were left out",
                  "rooms began without lines, history.db: not a database"));
  wait(std::chrono::hours{25});
  state_.set_started(now().wall);
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(ControlStatusTest, AFullServerIsAProblem) {
  ASSERT_TRUE(chat().rooms.make_kept("lab", now()));
  ASSERT_TRUE(chat().rooms.make_kept("art", now()));
  EXPECT_THAT(problems(), ElementsAre("no further room can be made: there are 2 of 2"));
  state_.counters().sessions_now.store(64);
  EXPECT_THAT(problems()[0], HasSubstr("no further member can join: 64 of 64 sessions"));
}

class BrowsersStatusTest : public ControlStatusTest {
 protected:
  BrowsersStatusTest()
      : ControlStatusTest{
            state::Geometry{.sessions = 5, .ring_bytes = 65536, .rooms = 2, .web_sessions = 2}} {}
  void admit(std::string_view name, state::SessionKind kind) {
    state::Identity identity{};
    identity.fill(static_cast<std::byte>(name.front()));
    const auto admission = chat().sessions.admit(
        {.name = name,
         .from = test::delivery_to(test::endpoint("192.0.2.1:9")),
         .native =
             chat::NativeClient{
                 .identity = identity, .client = 1, .random = 1, .window = 0, .kind = kind}},
        now());
    ASSERT_EQ(admission.status, chat::AdmissionStatus::admitted) << name;
  }
};

TEST_F(BrowsersStatusTest, MembersWithoutAFreeSessionAreAProblemWhileBrowsersHaveSome) {
  using enum state::SessionKind;
  for (const char* name : {"ada", "bob"}) admit(name, native);
  admit("web", web);
  EXPECT_THAT(problems(), IsEmpty());
  admit("cyd", native);
  EXPECT_THAT(problems(), ElementsAre("no further member can join: 3 of 3 sessions are used"));
}

TEST_F(BrowsersStatusTest, BrowsersWithoutAFreeSessionAreAProblemOfTheirOwn) {
  for (const char* name : {"ada", "bob"}) admit(name, state::SessionKind::web);
  EXPECT_THAT(problems(), ElementsAre("no further browser can enter: 2 of 2 sessions are used"));
}

class FourRoomsStatusTest : public ControlStatusTest {
 protected:
  FourRoomsStatusTest() : ControlStatusTest{4} {}
  // Adds rules of `kind` for other persons until there are `rules` like it.
  void fill(state::RuleKind kind, std::uint32_t rules, std::uint32_t first_room,
            std::string_view by = "ada") {
    while (chat().rules.all_like(kind) < rules) {
      ++persons_;
      const state::RoomId room{first_room == 0 ? 0 : first_room + persons_ / 50};
      ASSERT_TRUE(chat().rules.add({.kind = kind,
                                    .target = state::RuleTarget::person,
                                    .room = room,
                                    .person = state::PersonId{persons_},
                                    .by = by,
                                    .now = now().wall}));
    }
  }

 private:
  std::uint32_t persons_{0};
};

TEST_F(FourRoomsStatusTest, NoRoomForMembersIsAProblem) {
  for (const char* const name : {"lab", "art"}) ASSERT_TRUE(chat().rooms.make_kept(name, now()));
  EXPECT_THAT(problems(), IsEmpty());
  ASSERT_TRUE(chat().rooms.make_kept("den", now()));
  EXPECT_THAT(problems(), ElementsAre("no further room can be made by members: there are 3 of 4"));
  ASSERT_TRUE(chat().rooms.make_kept("gym", now()));
  EXPECT_THAT(problems(), ElementsAre("no further room can be made: there are 4 of 4"));
}

TEST_F(FourRoomsStatusTest, NoSpaceForBansIsAProblem) {
  fill(state::RuleKind::ban, chat::Rules::kRestrictionsOfRooms - 1, 1);
  EXPECT_THAT(problems(), IsEmpty());
  fill(state::RuleKind::ban, chat::Rules::kRestrictionsOfRooms, 100);
  EXPECT_THAT(problems(), ElementsAre("no further ban or mute can be made by owners and "
                                      "moderators: there are 2048"));
  fill(state::RuleKind::mute, state::kRestrictionRows, 0, "");
  EXPECT_THAT(problems(), ElementsAre("no further ban or mute can be made: there are 4096"));
}

TEST_F(FourRoomsStatusTest, BansOfTheServerLeaveSpaceForAdministratorsOnly) {
  const auto rows = state::kRestrictionRows - chat::Rules::kAdministratorsRows;
  fill(state::RuleKind::ban, rows - 1, 0);
  EXPECT_THAT(problems(), IsEmpty());
  fill(state::RuleKind::ban, rows, 0);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("by owners and moderators: there are 3072")));
}

TEST_F(FourRoomsStatusTest, NoSpaceForInvitationsIsAProblem) {
  const auto rows = state::grant_rows(4) - 1 - 4;
  fill(state::RuleKind::invitation, rows - chat::Rules::kAdministratorsRows - 1, 0);
  EXPECT_THAT(problems(), IsEmpty());
  fill(state::RuleKind::invitation, rows - chat::Rules::kAdministratorsRows, 0);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("no further invitation or role can be made by "
                                                "owners and moderators: there are")));
  fill(state::RuleKind::owner, rows, 0, "");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("no further invitation or role can be made: ")));
}

TEST_F(ControlStatusTest, DropsWithinTheLastMinuteAreAProblem) {
  state_.counters().datagrams_dropped_overload.store(5);
  EXPECT_THAT(problems(), IsEmpty());
  wait(seconds{10});
  state_.counters().datagrams_dropped_overload.store(7);
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("2 datagrams or replies")));
}

TEST_F(ControlStatusTest, CountsBansAndMutesButNoRoles) {
  for (const auto kind : {state::RuleKind::ban, state::RuleKind::mute}) {
    ASSERT_TRUE(chat().rules.add(
        {.kind = kind, .target = state::RuleTarget::name, .name = "eve", .now = now().wall}));
  }
  ASSERT_TRUE(chat().rules.add({.kind = state::RuleKind::owner,
                                .target = state::RuleTarget::person,
                                .person = state::PersonId{7},
                                .name = "ada",
                                .now = now().wall}));
  EXPECT_EQ(status().report(now()).rules, 2U);
}

TEST_F(ControlStatusTest, TheFiguresOfTheLastMinuteBeginWithTheGateway) {
  state_.counters().joins.store(7);  // in an earlier gateway
  (void)status();
  wait(milliseconds{500});
  state_.counters().joins.store(8);
  wait(milliseconds{500});
  status().tick(now().mono);
  wait(seconds{9});
  const auto minute = status().report(now()).last_minute;
  EXPECT_EQ(minute.span, seconds{10});
  EXPECT_EQ(minute.joins, 1U);
}

TEST_F(ControlStatusTest, HasTheFiguresOfTheLastMinute) {
  status().tick(now().mono);
  wait(seconds{20});
  state_.counters().joins.store(3);
  state_.worker_counters(0).lines_delivered.store(40);
  state_.worker_counters(1).lines_delivered.store(2);
  const auto minute = status().report(now()).last_minute;
  EXPECT_EQ(minute.span, seconds{20});
  EXPECT_EQ(minute.joins, 3U);
  EXPECT_EQ(minute.lines_delivered, 42U);
}

}  // namespace
}  // namespace chatd::gateway
