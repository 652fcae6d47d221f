// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/programs.hpp"

#include <array>

#include <gmock/gmock.h>

#include "tests/daemon/chat/moderation_fixture.hpp"
#include "tests/support/named_member.hpp"

namespace chatd::chat {
namespace {

using state::LeaveKind;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Reason;
using Counters = state::GatewayCounters;
using Status = Sessions::Status;

constexpr int kAdasKey = 1;
constexpr int kBobsKey = 2;

// ada is in with two programs, bob with one.
class ProgramsTest : public RoomsFixture {
 protected:
  Sessions::Admission login(std::string_view name, int key, std::uint64_t client) {
    return enter(name, key, "10.0.0." + std::to_string(client) + ":5", client);
  }
  std::uint64_t figure(state::Counter Counters::*counter) const {
    return (state_.counters().*counter).load();
  }
  std::string list(Slot session) {
    std::array<char, 2000> text{};
    return {text.data(), chat_->programs.write(session, text, now().mono)};
  }
  // The gateway notifies after admit().
  void notify(Slot session) {
    chat_->programs.notify(session, sessions().where(session).address, now().wall);
  }
  void say_to(Slot from, std::string_view to, std::string_view text) {
    commands().say_to(order(from, state_.native_slots()[from].uplink + 10), to, text);
  }

  Slot phone_{login("ada", kAdasKey, 1).slot};
  Slot laptop_{login("ADA", kAdasKey, 2).slot};
  Slot bob_{login("bob", kBobsKey, 3).slot};
};

// --- one member ------------------------------------------------------------------------

TEST_F(ProgramsTest, AreOneMemberWithOneJoin) {
  EXPECT_NE(phone_, laptop_);
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob "));
  EXPECT_EQ(sessions().size(), 2U);
  EXPECT_EQ(sessions().all().size(), 3U);
  EXPECT_EQ(figure(&Counters::joins), 2U);
  EXPECT_EQ(figure(&Counters::sessions_now), 3U);
  EXPECT_EQ(sessions().find_name("ada"), phone_);
  EXPECT_EQ(sessions().person(phone_), sessions().person(laptop_));
  EXPECT_EQ(sessions().name(laptop_), "ada") << "as the first one wrote it";
  commands().list_members(order(bob_, 10), {}, Slot{});
  EXPECT_EQ(last_text(bob_), test::named_list(sessions(), {phone_, bob_}));
}

TEST_F(ProgramsTest, TheLastOneThatLeavesIsTheLeaveOfTheMember) {
  for (const Slot first : {phone_, laptop_}) {
    SCOPED_TRACE(first);
    const Slot last = first == phone_ ? laptop_ : phone_;
    const auto before = texts().size();
    quit(first);
    EXPECT_EQ(texts().size(), before);
    EXPECT_EQ(sessions().find_name("ada"), last);
    quit(last, LeaveKind::kicked);
    EXPECT_EQ(texts().back(), "kick ada ");
    EXPECT_EQ(sessions().find_name("ada"), std::nullopt);
    phone_ = login("ada", kAdasKey, 1).slot;
    laptop_ = login("ada", kAdasKey, 2).slot;
  }
  EXPECT_EQ(figure(&Counters::leaves), 2U);
}

TEST_F(ProgramsTest, AnotherKeyDoesNotGetTheName) {
  EXPECT_EQ(login("ada", kBobsKey, 9).reason, Reason::name_taken);
  EXPECT_EQ(
      sessions()
          .admit({.name = "ada", .from = test::delivery_to(test::endpoint("127.0.0.1:9"))}, now())
          .reason,
      Reason::name_taken);
}

TEST_F(ProgramsTest, TheSameClientContinuesItsSession) {
  const auto again = login("ada", kAdasKey, 2);
  EXPECT_EQ(again.status, Status::again);
  EXPECT_EQ(again.slot, laptop_);
  EXPECT_EQ(sessions().all().size(), 3U);
}

TEST_F(ProgramsTest, AnotherGatewayFindsThem) {
  restart();
  EXPECT_EQ(sessions().size(), 2U);
  EXPECT_THAT(programs_of(sessions(), phone_), ::testing::UnorderedElementsAre(phone_, laptop_));
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob "));
  quit(phone_);
  quit(laptop_);
  EXPECT_THAT(texts(), ElementsAre("join ada ", "join bob ", "leave ada "));
}

TEST_F(ProgramsTest, TheMemberIsAwayWhenAllOfThemAreAway) {
  sessions().detach(phone_, now().mono);
  EXPECT_FALSE(is_away(sessions(), laptop_));
  sessions().detach(laptop_, now().mono);
  EXPECT_TRUE(is_away(sessions(), phone_));
  EXPECT_THAT(sessions().away_since(state::SessionKind::native, now().mono),
              ::testing::UnorderedElementsAre(phone_, laptop_));
  commands().list_members(order(bob_, 10), {}, Slot{});
  EXPECT_EQ(last_text(bob_),
            test::named(sessions(), phone_) + "\taway\n" + test::named(sessions(), bob_));
}

// --- limits ----------------------------------------------------------------------------

TEST_F(ProgramsTest, ALoginAboveTheLimitTakesTheSessionThatWasSilentLongest) {
  config_.limits.programs_per_person = 2;
  restart();
  time_ += seconds{5};
  sessions().heard(phone_, now().mono);
  const JoinRequest request{
      .name = "ada",
      .from = test::delivery_to(test::endpoint("10.0.0.4:5")),
      .native = NativeClient{
          .identity = sessions().identity(phone_), .client = 4, .random = 1, .window = 1}};
  EXPECT_EQ(sessions().attempt_of(request, now().wall).taken_over, laptop_);
  const auto third = login("ada", kAdasKey, 4);
  EXPECT_EQ(third.status, Status::again);
  EXPECT_EQ(third.slot, laptop_);
  EXPECT_EQ(sessions().attempt_of(request, now().wall).taken_over, std::nullopt)
      << "it has the session now";
  EXPECT_EQ(sessions().all().size(), 3U);
}

TEST_F(ProgramsTest, BelowTheLimitNoSessionIsTaken) {
  for (const std::uint64_t client : {4U, 5U}) {
    EXPECT_EQ(login("ada", kAdasKey, client).status, Status::admitted) << client;
  }
  EXPECT_EQ(login("ada", kAdasKey, 6).status, Status::again) << "the fifth one";
}

TEST_F(ProgramsTest, EachOneCountsForTheAddress) {
  config_.limits.sessions_per_address = 1;
  restart();
  EXPECT_EQ(enter("ada", kAdasKey, "10.0.0.1:6", 7).reason, Reason::address_full);
  EXPECT_EQ(enter("ada", kAdasKey, "10.0.0.9:6", 7).status, Status::admitted);
}

TEST_F(ProgramsTest, ShareOneRate) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(sessions().charge(phone_, now().mono));
    EXPECT_FALSE(sessions().charge(laptop_, now().mono));
  }
  EXPECT_TRUE(sessions().charge(phone_, now().mono));
  EXPECT_TRUE(sessions().charge(laptop_, now().mono));
  EXPECT_FALSE(sessions().charge(bob_, now().mono));
  quit(phone_);
  EXPECT_TRUE(sessions().charge(laptop_, now().mono)) << "the first one has left";
  login("ada", kAdasKey, 1);
  restart();
  EXPECT_TRUE(sessions().charge(laptop_, now().mono)) << "another gateway";
}

// --- direct messages and notices ---------------------------------------------------------

TEST_F(ProgramsTest, AreNotifiedOfEachOther) {
  EXPECT_THAT(mailbox(phone_), IsEmpty()) << "the caller of admit() notifies";
  notify(laptop_);
  EXPECT_THAT(mailbox(phone_), ElementsAre("program "));
  EXPECT_EQ(last_text(phone_), "10.0.0.2");
  EXPECT_THAT(mailbox(laptop_), ElementsAre("program "));
  EXPECT_EQ(last_text(laptop_), "10.0.0.1");
  EXPECT_THAT(mailbox(bob_), IsEmpty());
}

TEST_F(ProgramsTest, IsNotifiedWhenItsMailboxIsFullOfDirectMessages) {
  for (const std::size_t bytes : {900U, 100U, 1U}) {
    const std::string text(bytes, 'x');
    for (int i = 0; i < 20; ++i) say_to(bob_, "ada", text);
  }
  EXPECT_THAT(mailbox(bob_), ::testing::Contains("notice mailbox_full"));
  const Slot third = enter("ada", kAdasKey, "[2001:db8:1111:2222:3333:4444:5555:6666]:5", 4).slot;
  notify(third);
  for (const Slot slot : {phone_, laptop_}) {
    EXPECT_EQ(mailbox(slot).back(), "program ") << slot;
    EXPECT_EQ(last_text(slot), "2001:db8:1111:2222:3333:4444:5555:6666");
  }
}

TEST_F(ProgramsTest, ManyLoginsLeaveSpaceForDirectMessages) {
  for (int i = 0; i < 100; ++i) notify(laptop_);
  EXPECT_THAT(mailbox(phone_),
              ::testing::SizeIs(::testing::AllOf(::testing::Gt(8), ::testing::Le(18))));
  say_to(bob_, "ada", std::string(900, 'x'));
  EXPECT_EQ(mailbox(phone_).back(), "direct bob");
}

TEST_F(ProgramsTest, TheLastOneOfTheHighestLimitIsNotifiedOfAllOthers) {
  config_.limits.programs_per_person = 12;
  restart();
  Slot last = bob_;
  for (std::uint64_t client = 1; client <= 12; ++client) {
    const std::string address =
        "2001:db8:1111:2222:3333:4444:5555:" + std::to_string(6000 + client);
    last = enter("max", 7, "[" + address + "]:5", client).slot;
  }
  ASSERT_EQ(programs_of(sessions(), last).size(), 12U);
  notify(last);
  EXPECT_THAT(mailbox(last), ::testing::SizeIs(11));
}

TEST_F(ProgramsTest, ADirectMessageGoesToAllOfThem) {
  say_to(bob_, "ada", "psst");
  EXPECT_THAT(mailbox(phone_), ElementsAre("direct bob"));
  EXPECT_THAT(mailbox(laptop_), ElementsAre("direct bob"));
  EXPECT_THAT(mailbox(bob_), IsEmpty());
}

TEST_F(ProgramsTest, TheOthersGetTheDirectMessagesThatOneSends) {
  say_to(phone_, "BOB", "psst");
  EXPECT_THAT(mailbox(bob_), ElementsAre("direct ada"));
  EXPECT_THAT(mailbox(laptop_), ElementsAre("sent bob"));
  EXPECT_EQ(last_text(laptop_), "psst");
  EXPECT_THAT(mailbox(phone_), IsEmpty());
}

TEST_F(ProgramsTest, AMessageToOneselfComesOnceToEach) {
  say_to(phone_, "ada", "note");
  EXPECT_THAT(mailbox(phone_), ElementsAre("direct ada"));
  EXPECT_THAT(mailbox(laptop_), ElementsAre("direct ada"));
}

TEST_F(ProgramsTest, OneWithoutSpaceDoesNotKeepTheOthersFromAMessage) {
  fill_mailbox(phone_);
  say_to(bob_, "ada", "psst");
  EXPECT_THAT(mailbox(laptop_), ElementsAre("direct bob"));
  EXPECT_THAT(mailbox(bob_), IsEmpty());
  fill_mailbox(laptop_);
  say_to(bob_, "ada", "psst");
  EXPECT_THAT(mailbox(bob_), ElementsAre("notice mailbox_full"));
}

TEST_F(ProgramsTest, AreNotifiedOfTheAddressOfALoginThatTakesASessionOver) {
  chat_->programs.notify(laptop_, test::endpoint("10.0.0.7:5").address, now().wall);
  EXPECT_THAT(mailbox(phone_), ElementsAre("program "));
  EXPECT_EQ(last_text(phone_), "10.0.0.7") << "its client is stored later";
  EXPECT_EQ(last_text(laptop_), "10.0.0.1");
}

// --- the list --------------------------------------------------------------------------

TEST_F(ProgramsTest, TheListHasTheNumberTheAddressAndTheTimes) {
  time_ += seconds{7};
  sessions().heard(laptop_, now().mono);
  EXPECT_EQ(list(laptop_), "0\t10.0.0.1\t100\t7\n1\t10.0.0.2\t100\t0\tthis");
  EXPECT_EQ(list(bob_), "2\t10.0.0.3\t100\t7\tthis");
}

TEST_F(ProgramsTest, AProgramThatTookASessionOverIsInTheListSinceItsOwnLogin) {
  config_.limits.programs_per_person = 2;
  restart();
  time_ += seconds{7};
  sessions().heard(phone_, now().mono);
  time_ += seconds{2};
  ASSERT_EQ(login("ada", kAdasKey, 4).slot, laptop_);
  const std::string expected = "1\t10.0.0.4\t109\t0\tthis\n0\t10.0.0.1\t100\t2";
  EXPECT_EQ(list(laptop_), expected);
  EXPECT_EQ(sessions().session(laptop_).joined_wall, 100'000'000) << "the member's, as before";
  (void)login("ada", kAdasKey, 4);  // the same program again
  restart();
  EXPECT_EQ(list(laptop_), expected);
}

TEST_F(ProgramsTest, OnlyOtherOnesOfTheSameMemberHaveANumber) {
  EXPECT_EQ(chat_->programs.find(phone_, laptop_), laptop_);
  EXPECT_EQ(chat_->programs.find(laptop_, phone_), phone_);
  for (const std::uint32_t number : {std::uint32_t{phone_}, std::uint32_t{bob_}, 69U, 70U, ~0U}) {
    EXPECT_EQ(chat_->programs.find(phone_, number), std::nullopt) << number;
  }
  EXPECT_EQ(chat_->programs.find(bob_, bob_), std::nullopt);
}

TEST_F(ProgramsTest, TheAnswersAreInTheMailbox) {
  commands().list_programs(order(phone_, 10));
  EXPECT_THAT(mailbox(phone_), ElementsAre("programs "));
  EXPECT_EQ(last_text(phone_), list(phone_));
  EXPECT_EQ(commands().find_program(order(phone_, 20), laptop_), laptop_);
  EXPECT_EQ(state_.native_slots()[phone_].uplink, 10U) << "the list is the answer";
  EXPECT_EQ(commands().find_program(order(phone_, 20), bob_), std::nullopt);
  EXPECT_THAT(mailbox(phone_), ElementsAre("programs ", "notice no_such_program"));
  fill_mailbox(phone_);
  EXPECT_EQ(commands().find_program(order(phone_, 30), laptop_), std::nullopt) << "no space";
  EXPECT_EQ(state_.native_slots()[phone_].uplink, 20U) << "it is sent again";
}

// --- further rooms -----------------------------------------------------------------------

TEST_F(ProgramsTest, AreOneMemberOfARoom) {
  ASSERT_TRUE(make(bob_, "lab"));
  ASSERT_TRUE(join(phone_, "lab"));
  ASSERT_TRUE(join(laptop_, "lab"));
  const state::RoomIndex lab = place_of("lab").index;
  EXPECT_THAT(texts_in("lab"), ElementsAre("join bob ", "join ada "));
  EXPECT_EQ(rooms().members(lab), 2U);
  commands().list_members(order(bob_, 10), id_text("lab"), Slot{});
  EXPECT_EQ(last_text(bob_), test::named_list(sessions(), {phone_, bob_}));
  restart();
  EXPECT_EQ(rooms().members(lab), 2U);
  leave(phone_, "lab");
  EXPECT_EQ(rooms().members(lab), 2U);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join bob ", "join ada "));
  commands().list_members(order(bob_, 20), id_text("lab"), Slot{});
  EXPECT_EQ(last_text(bob_), test::named_list(sessions(), {phone_, bob_}))
      << "the laptop is in the room";
  quit(laptop_);
  EXPECT_THAT(texts_in("lab"), ElementsAre("join bob ", "join ada ", "leave ada "));
  EXPECT_EQ(rooms().members(lab), 1U);
}

TEST_F(ProgramsTest, AKickFromARoomRemovesAllOfThem) {
  ASSERT_TRUE(make(bob_, "lab"));
  ASSERT_TRUE(join(phone_, "lab"));
  ASSERT_TRUE(join(laptop_, "lab"));
  EXPECT_TRUE(chat_->room_admin.kick(phone_, id_of("lab"), "noise", now()));
  EXPECT_THAT(texts_in("lab"), ElementsAre("join bob ", "join ada ", "kick ada noise"));
  EXPECT_THAT(mailbox(phone_), ElementsAre("left lab"));
  EXPECT_THAT(mailbox(laptop_), ElementsAre("left lab"));
  EXPECT_EQ(rooms().members(place_of("lab").index), 1U);
  EXPECT_FALSE(chat_->room_admin.kick(laptop_, id_of("lab"), {}, now()));
}

TEST_F(ProgramsTest, AKickFromTheServerRemovesAllOfThem) {
  ASSERT_TRUE(chat_->rules.add({.kind = state::RuleKind::moderator,
                                .target = state::RuleTarget::person,
                                .person = sessions().person(bob_),
                                .name = "bob",
                                .now = now().wall}));
  const auto done = chat_->moderation.moderate(
      {.member = bob_, .end = 10, .now = now()}, std::nullopt,
      {.action = wire::ModerateAction::kick, .seconds = 0, .name = "ada", .reason = {}});
  ASSERT_TRUE(done.has_value());
  std::vector<Slot> removed;
  for (const auto& removal : done->removals) removed.push_back(removal.member);
  EXPECT_THAT(removed, ::testing::UnorderedElementsAre(phone_, laptop_));
}

TEST_F(ProgramsTest, AMemberThatIsInARoomWithItsSecondOneOnlyIsKicked) {
  ASSERT_TRUE(make(bob_, "lab"));
  ASSERT_TRUE(join(laptop_, "lab"));
  const auto done = chat_->moderation.moderate(
      {.member = bob_, .end = 10, .now = now()}, place_of("lab"),
      {.action = wire::ModerateAction::kick, .seconds = 0, .name = "ada", .reason = {}});
  EXPECT_TRUE(done.has_value());
  EXPECT_THAT(mailbox(laptop_), ElementsAre("left lab"));
}

TEST_F(ProgramsTest, ADroppedRoomIsReportedToAllOfThem) {
  ASSERT_TRUE(make(phone_, "lab"));
  ASSERT_TRUE(join(laptop_, "lab"));
  EXPECT_EQ(chat_->room_admin.drop(place_of("lab").index, now()), 1U);
  EXPECT_THAT(mailbox(phone_), ElementsAre("left lab"));
  EXPECT_THAT(mailbox(laptop_), ElementsAre("left lab"));
}

}  // namespace
}  // namespace chatd::chat
