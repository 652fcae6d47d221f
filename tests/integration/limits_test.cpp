// SPDX-License-Identifier: GPL-3.0-or-later
// limits_test.cpp — each limit has a reply that names it, and applies only while it is reached.
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

TEST(Limits, TheRoomFillsUpAndEmptiesAgain) {
  DaemonUnderTest daemon{{.config = "limits.sessions = 2\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  TextClient eve{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(eve.ask("L eve"), "The room is full. Send L and your name again later.");
  EXPECT_EQ(bob.ask("Q"), "EXIT");
  eve.enter("eve");
  EXPECT_THAT(daemon.names(), ElementsAre("ada", "eve"));
}

// The room has its maximum of native members; then one more client of each kind tries to join. The
// members receive the number of those that joined at once, or above 500. The benchmark idle-10000
// has the figures for ten thousand members.
TEST(Limits, AFullRoomOfThousandsReceivesMessagesAndRefusesOneMore) {
  const std::size_t many = are_programs_sanitized() ? 300 : 1'000;
  DaemonUnderTest daemon{{.config = "limits.sessions = " + std::to_string(many) +
                                    "\nlimits.sessions_per_address = 0\n"}};
  NativeCrowd crowd{daemon.endpoint(), {.size = many, .keeps_lines = false}};
  ASSERT_TRUE(crowd.enter(std::chrono::minutes{4}));
  EXPECT_EQ(daemon.ctl_json({"status"}).at("sessions"), many);

  NativeClient late{daemon.endpoint(), {.name = "late"}};
  late.member().start(mono_now());
  late.pump_until([&] { return late.member().has_ended(); });
  EXPECT_EQ(late.await<client::Ended>().reason, client::End::room_full);
  TextClient eve{daemon.endpoint(), Kind::bare};
  EXPECT_EQ(eve.ask("L eve"), "The room is full. Send L and your name again later.");

  std::size_t heard = 0;
  crowd.on_event = [&](std::size_t, const client::Event& event) {
    const auto* line = std::get_if<client::Line>(&event);
    if (line != nullptr && line->text == "to all of you") ++heard;
  };
  crowd.say(0, "to all of you");
  EXPECT_TRUE(crowd.pump_until([&] { return heard == many; }, std::chrono::minutes{2})) << heard;
  EXPECT_EQ(crowd.ended(), 0U);
}

TEST(Limits, SessionsOfOneAddressAreLimited) {
  DaemonUnderTest daemon{{.config = "limits.sessions_per_address = 1\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  TextClient eve{daemon.endpoint(), Kind::bare, "127.0.0.2"};
  ada.enter("ada");
  EXPECT_EQ(bob.ask("L bob"),
            "Too many members use your address. When one of them has left with Q, send L again.");
  eve.enter("eve");
  EXPECT_EQ(ada.line(), "eve joined the chat");
  EXPECT_EQ(ada.ask("Q"), "EXIT");
  bob.enter("bob");
  EXPECT_THAT(daemon.names(), ElementsAre("bob", "eve"));
}

TEST(Limits, AMemberThatTalksTooFastReceivesTheLimitAndTheWait) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0.2\nlimits.burst = 3\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  ASSERT_EQ(ada.line(), "bob joined the chat");
  for (const char* text : {"C one", "C two", "C three"}) ada.send(text);
  const std::string refusal = ada.ask("C four");
  ASSERT_THAT(refusal, MatchesRegex("Not sent: at most 0\\.2 messages a second\\. "
                                    "Wait [0-5]\\.[0-9] s, then send it again\\."));
  const double wait = std::stod(refusal.substr(refusal.find("Wait ") + 5));
  EXPECT_EQ(ada.answer(milliseconds{static_cast<int>(wait * 1000)}), "(nothing)");
  ada.send("C four again");
  EXPECT_EQ(bob.lines_until("ada : four again"), (Lines{"ada : one", "ada : two", "ada : three"}));
  EXPECT_EQ(daemon.counter("messages_refused_rate"), 1U);
}

TEST(Limits, AtMostOneNoticeASecondIsSent) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0.01\nlimits.burst = 1\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  const auto begin = steady_clock::now();
  for (int i = 0; i < 200; ++i) ada.send("C " + std::to_string(i));
  mark(daemon, "end");
  const Lines notices = lines_before(ada, "end");
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(steady_clock::now() - begin).count();
  EXPECT_GE(notices.size(), 1U);
  EXPECT_LE(notices.size(), 1U + static_cast<std::size_t>(seconds));
  EXPECT_EQ(daemon.counter("messages_refused_rate"), 199U);
}

TEST(Limits, ABurstOfTwentyMessagesIsAcceptedByDefault) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  for (int i = 1; i <= 20; ++i) ada.send("C " + std::to_string(i));
  mark(daemon, "end");
  EXPECT_THAT(lines_before(bob, "end"), SizeIs(20));
  EXPECT_EQ(daemon.counter("messages_refused_rate"), 0U);
}

TEST(Limits, NoMessageIsRefusedWithoutALimit) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\nlimits.burst = 0\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  for (int i = 1; i <= 100; ++i) ada.send("C " + std::to_string(i));
  EXPECT_THAT(bob.lines_until("ada : 100"), SizeIs(99));
  EXPECT_EQ(ada.line(), "bob joined the chat");
  mark(daemon, "end");
  EXPECT_THAT(lines_before(ada, "end"), IsEmpty());
}

TEST(Limits, AFloodOfUnauthenticatedPeersDoesNotAffectMembers) {
  DaemonUnderTest daemon{
      {.config = "limits.unauthenticated_per_second = 10\nlimits.messages_per_second = 0\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  NativeClient eve{daemon.endpoint(), {.name = "eve"}};
  TextClient outsider{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  eve.enter();
  for (int i = 1; i <= 100; ++i) {
    for (int k = 0; k < 5; ++k) outsider.send("C let me in");
    ada.send("C " + std::to_string(i));
  }
  EXPECT_THAT(bob.lines_until("ada : 100"), SizeIs(100)) << "and eve, who came in";
  eve.say("I am here too");
  EXPECT_EQ(bob.line(), "eve : I am here too");
  EXPECT_GT(daemon.counter("datagrams_dropped_overload"), 0U);
  // After the flood the other client can join.
  EXPECT_TRUE(eventually([&] {
    outsider.send("L zoe");
    return daemon.names().size() == 4U;
  }));
}

TEST(Limits, AnIdleTextMemberIsNotifiedAndLeaves) {
  DaemonUnderTest daemon{{.config = "text.idle_timeout = \"10s\"\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  bob.enter("bob");
  const auto begin = steady_clock::now();
  ada.enter("ada");
  // A member that sends something now and then stays.
  std::string reply = "(nothing)";
  while (reply == "(nothing)" && steady_clock::now() - begin < kGenerous) {
    bob.send("C ");
    reply = ada.answer(milliseconds{1000});
  }
  EXPECT_GE(steady_clock::now() - begin, std::chrono::seconds{9});
  EXPECT_EQ(reply,
            "You were silent for too long and have left the room. "
            "To come back, send L and your name.");
  EXPECT_EQ(ada.answer(), "EXIT");
  EXPECT_EQ(bob.lines_until("ada left the chat"), (Lines{"ada joined the chat"}));
  EXPECT_THAT(daemon.names(), ElementsAre("bob"));
}

}  // namespace
}  // namespace chatd::test
