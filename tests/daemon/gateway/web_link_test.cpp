// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/web_link.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <expected>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/web/command_json.hpp"
#include "tests/support/members_fixture.hpp"

namespace chatd::web {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using wire::CommandKind;
using Kind = Refusal::Kind;

using WebLinkTest = MembersFixture;

TEST_F(WebLinkTest, ACommandIsCarriedOutOnce) {
  (void)world_.enter(ada_);
  EXPECT_EQ(**world_.say(ada_, 1, "hello"), 1U);
  EXPECT_EQ(**world_.say(ada_, 1, "hello"), 1U);
  EXPECT_EQ(**world_.say(ada_, 2, "you"), 2U);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "say ada hello", "say ada you"));
}

TEST_F(WebLinkTest, ACommandBeyondTheNextOneIsNotCarriedOut) {
  (void)world_.enter(ada_);
  const auto refused = refusal(world_.say(ada_, 2, "hello"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, Kind::gap);
  EXPECT_EQ(refused->next, 1U);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada "));
}

TEST_F(WebLinkTest, ACommandThatCannotBeReadIsRefusedInTheMailbox) {
  (void)world_.enter(ada_);
  std::optional<std::uint64_t> done;
  world_.members().command(ada_.entered->session, 1, "no command", world_.now().mono,
                           [&](auto got) { done = got.value_or(0); });
  world_.work();
  EXPECT_EQ(done, 1U);
  Cursor cursor;
  EXPECT_THAT(
      world_.news(ada_, cursor),
      ElementsAre("mailbox notice unknown_command The server does not know this command. #1",
                  "join ada "));
}

TEST_F(WebLinkTest, ATooFastBrowserWaits) {
  config::Config config;
  config.limits.messages_per_second = 1;
  config.limits.burst = 1;
  BrowserWorld world{config};
  (void)world.enter(ada_);
  (void)world.say(ada_, 1, "one");
  const auto refused = refusal(world.say(ada_, 2, "two"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->kind, Kind::too_soon);
  EXPECT_GT(refused->wait, Micros{0});
  world.run_for(seconds{2});
  EXPECT_EQ(**world.say(ada_, 2, "two"), 2U);
}

TEST_F(WebLinkTest, AfterAStartOfTheGatewayASessionIsShownAgain) {
  (void)world_.enter(ada_);
  world_.replace_gateway();
  EXPECT_EQ(refusal(world_.say(ada_, 1, "hello"))->kind, Kind::unknown);
  const auto resumed = world_.resume(ada_);
  ASSERT_TRUE(resumed && *resumed);
  EXPECT_TRUE((*resumed)->is_again);
  EXPECT_EQ(**world_.say(ada_, 1, "hello"), 1U);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "say ada hello"));
}

TEST_F(WebLinkTest, AnotherWebDoesNothingOnSessionsThatItHasNotShown) {
  (void)world_.enter(ada_);
  // The same process sends, but the supervisor has stored that web is another one by now.
  world_.sender = ::getpid() + 1;
  EXPECT_FALSE(world_.say(ada_, 1, "of the dead one")) << "a message of a dead process is dropped";
  auto eve = BrowserWorld::page("eve", 2);
  world_.sender.reset();
  (void)world_.enter(eve);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "join eve "));
}

TEST_F(WebLinkTest, ASuccessorOfWebShowsItsSessionsAgain) {
  (void)world_.enter(ada_);
  const pid_t child = ::fork();  // sends as another process
  if (child == 0) {
    (void)sys::send(world_.web_end(), sys::WebRead{});
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  world_.sender = child;
  world_.work();
  world_.sender.reset();
  EXPECT_EQ(refusal(world_.say(ada_, 1, "hello"))->kind, Kind::unknown);
}

TEST_F(WebLinkTest, ASessionWithoutAStreamBecomesAwayAndLeavesLater) {
  (void)world_.enter(ada_);
  world_.members().set_stream(ada_.entered->session, true);
  world_.run_for(seconds{600});
  EXPECT_FALSE(world_.sessions().is_away(slot_of(ada_)));
  world_.members().set_stream(ada_.entered->session, false);
  world_.run_for(seconds{19});
  EXPECT_FALSE(world_.sessions().is_away(slot_of(ada_)));
  world_.run_for(seconds{3});
  EXPECT_TRUE(world_.sessions().is_away(slot_of(ada_)));
  world_.members().set_stream(ada_.entered->session, true);
  world_.run_for(seconds{1});
  EXPECT_FALSE(world_.sessions().is_away(slot_of(ada_)));
  world_.members().set_stream(ada_.entered->session, false);
  world_.run_for(seconds{330});
  EXPECT_FALSE(world_.sessions().find_name("ada"));
  EXPECT_THAT(world_.ended, ElementsAre(Pair(1, wire::Reason::idle)));
}

TEST_F(WebLinkTest, AStartOfWebCountsAsTheMomentAtWhichTheStreamsEnded) {
  (void)world_.enter(ada_);
  world_.members().set_stream(ada_.entered->session, true);
  world_.run_for(seconds{600});
  world_.replace_web();
  world_.run_for(seconds{15});
  EXPECT_FALSE(world_.sessions().is_away(slot_of(ada_)));
  world_.run_for(seconds{7});
  EXPECT_TRUE(world_.sessions().is_away(slot_of(ada_)));
}

TEST_F(WebLinkTest, StreamsOfAWebThatIsDeadDoNotCount) {
  (void)world_.enter(ada_);
  world_.members().set_stream(ada_.entered->session, true);
  world_.run_for(seconds{1});
  world_.view().process(BrowserWorld::kWebRow).state.store(state::ProcessState::waiting);
  world_.run_for(seconds{25});
  EXPECT_TRUE(world_.sessions().is_away(slot_of(ada_)));
}

TEST_F(WebLinkTest, ABrowserLeavesAtOnce) {
  (void)world_.enter(ada_);
  bool is_done = false;
  world_.members().leave(ada_.entered->session, world_.now().mono,
                         [&](auto got) { is_done = got.has_value(); });
  world_.work();
  EXPECT_TRUE(is_done);
  EXPECT_THAT(world_.texts(), ElementsAre("join ada ", "leave ada "));
  EXPECT_FALSE(world_.members().is_live(ada_.entered->session));
}

TEST_F(WebLinkTest, ListsAreAnsweredWithoutTheMailbox) {
  (void)world_.enter(ada_);
  const auto users = world_.list(ada_, CommandKind::who);
  ASSERT_TRUE(users && *users);
  EXPECT_TRUE((*users)->text.starts_with("ada\t"));
  EXPECT_FALSE((*users)->next);
  EXPECT_EQ(reason(world_.list(ada_, CommandKind::history)), wire::Reason::nothing_stored);
  EXPECT_EQ(reason(world_.list(ada_, CommandKind::say)), wire::Reason::unknown_kind);
  EXPECT_EQ(world_.chat().mailboxes.tail(slot_of(ada_)), 0U);
}

// A large room has more parts than a browser may send messages at once.
TEST_F(WebLinkTest, AListIsChargedOnceHoweverManyPartsItHas) {
  config::Config config;
  config.limits.messages_per_second = 1;
  config.limits.burst = 1;
  BrowserWorld world{config};
  (void)world.enter(ada_);
  std::optional<Refusal> refused;
  const auto ask = [&](std::uint32_t place) {
    world.members().list(
        ada_.entered->session, who_command(std::nullopt, place), world.now().mono,
        [&](auto part) { refused = part ? std::nullopt : std::optional{part.error()}; });
    world.work();
    return !refused;
  };
  EXPECT_TRUE(ask(0));
  for (int part = 1; part < 1000; ++part) EXPECT_TRUE(ask(1));
  EXPECT_FALSE(ask(0)) << "another list is another message";
  EXPECT_EQ(refused->kind, Kind::too_soon);
  int parts = 0;
  while (parts < 10'000 && ask(1)) ++parts;
  EXPECT_LT(parts, 10'000) << "parts have a rate, too";
}

TEST_F(WebLinkTest, AFullMailboxRefusesCommandsUntilItIsRead) {
  (void)world_.enter(ada_);
  std::uint64_t n = 1;
  while (n < 100 && world_.command(ada_, n, CommandKind::whois, "ada")->has_value()) ++n;
  ASSERT_LT(n, 100U);
  EXPECT_EQ(refusal(world_.command(ada_, n, CommandKind::whois, "ada"))->kind, Kind::no_space);
  world_.members().read(ada_.entered->session,
                        std::uint64_t{world_.chat().mailboxes.tail(slot_of(ada_))});
  EXPECT_EQ(**world_.command(ada_, n, CommandKind::whois, "ada"), n);
}

TEST_F(WebLinkTest, AnOffsetBeyondTheMailboxFreesNothing) {
  (void)world_.enter(ada_);
  (void)world_.command(ada_, 1, CommandKind::whois, "ada");
  world_.members().read(ada_.entered->session, 1'000'000);
  world_.work();
  EXPECT_EQ(state::peer_of(world_.view().native_slots()[slot_of(ada_)]).acked[0], 0U);
}

TEST_F(WebLinkTest, OtherMembersReachABrowserByDirectMessagesAndKicks) {
  (void)world_.enter(ada_);
  auto bob = BrowserWorld::page("bob", 2, 7);
  (void)world_.enter(bob);
  (void)world_.command(ada_, 1, CommandKind::direct, "bob", "psst");
  Cursor cursor;
  EXPECT_EQ(world_.news(bob, cursor)[0], "mailbox direct ada psst");
}

class BrowsersAndArchive : public WebLinkTest {
 protected:
  BrowsersAndArchive() {
    world_.asked.emplace();
    world_.replace_gateway();
    (void)world_.enter(ada_);
  }
  void ask() {
    const auto text = wire::as_argument(
        wire::HistoryQuestion{.way = wire::HistoryWay::before, .value = 9, .lines = 5});
    std::array<std::byte, wire::kMaxCommandBytes> bytes{};
    wire::ByteWriter out{bytes};
    ASSERT_TRUE(wire::write_command(out, CommandKind::history, {}, {text.data(), text.size()}));
    world_.members().history(
        ada_.entered->session, {reinterpret_cast<const char*>(bytes.data()), out.written().size()},
        world_.now().mono, [this](auto answer) { answers_.push_back(std::move(answer)); });
    world_.work();
  }
  void answer_as_archive() {
    world_.answer_of_archive({.id = world_.asked->back().id, .is_read = true});
    world_.work();
  }
  std::vector<std::expected<sys::Answer, Refusal>> answers_;
};

// Members sends it again each second.
TEST_F(BrowsersAndArchive, AQuestionThatIsSentAgainWaitsForItsAnswer) {
  ask();
  world_.run_for(seconds{3});
  EXPECT_THAT(answers_, IsEmpty());
  EXPECT_EQ(world_.asked->size(), 1U);
  answer_as_archive();
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_TRUE(answers_[0]);
}

TEST_F(BrowsersAndArchive, TheSameQuestionToAnotherWebHasTheAnswer) {
  ask();
  world_.run_for(seconds{2});
  world_.replace_web();
  ASSERT_TRUE(*world_.resume(ada_));
  ask();
  answer_as_archive();
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_TRUE(answers_[0]);
}

}  // namespace
}  // namespace chatd::web
