// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/text_service.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/gateway/text_service_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(TextServiceTest, CarriesTheConversationOfTheProtocolNotes) {
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
  EXPECT_EQ(ask(bob_, "L bob"), "OK");
  EXPECT_THAT(lines(ada_), ElementsAre("bob joined the chat"));
  send(ada_, "C hello");
  send(bob_, "C bob hi");
  EXPECT_THAT(lines(bob_), ElementsAre("ada : hello"));
  EXPECT_THAT(lines(ada_), ElementsAre("bob : hi"));
  EXPECT_EQ(ask(ada_, "Q"), "EXIT");
  EXPECT_THAT(lines(bob_), ElementsAre("ada left the chat"));
  EXPECT_EQ(ask(bob_, "Q bob"), "EXIT");
}

TEST_F(TextServiceTest, CloseRemovesAllTextMembers) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  text().close(wire::Reason::text_closed, now());
  EXPECT_THAT(ada_.drain(), ElementsAre("You were removed from the server by the administrator: " +
                                            phrase(Reason::text_closed),
                                        "EXIT"));
  EXPECT_THAT(bob_.drain(), ::testing::Contains("EXIT"));
  EXPECT_THAT(sessions().all(), IsEmpty());
}

TEST_F(TextServiceTest, SendsTheRoomsLinesInChinese) {
  language_ = wire::Language::zh;
  enter(ada_, "小明");
  enter(bob_, "bob");
  send(bob_, "C 你好");
  EXPECT_THAT(lines(ada_), ElementsAre("bob 进入了聊天室", "bob ： 你好"));
}

TEST_F(TextServiceTest, ARepeatedLoginGetsOkAndMakesNoSecondJoinLine) {
  enter(bob_, "bob");
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
  EXPECT_THAT(lines(bob_), ElementsAre("ada joined the chat"));
}

TEST_F(TextServiceTest, ALoginWithANewlineGetsRepliesWithNewlines) {
  EXPECT_EQ(ask(ada_, "L ada\n"), "OK\n");
  enter(bob_, "bob");
  send(bob_, "C x");
  (void)lines(bob_);
  EXPECT_THAT(ada_.drain(), ElementsAre("bob joined the chat\nbob : x\n"));
  EXPECT_EQ(ask(ada_, "Q\n"), "EXIT\n");
}

TEST_F(TextServiceTest, AnAddressMayLogInAfterARefusal) {
  enter(ada_, "ada");
  EXPECT_EQ(ask(bob_, "L ada"), phrase(Reason::name_taken));
  EXPECT_EQ(ask(bob_, "L ADA"), phrase(Reason::name_taken));
  EXPECT_EQ(ask(bob_, "L a b"), phrase(Reason::name_has_space));
  EXPECT_EQ(ask(bob_, "L"), phrase(Reason::name_empty));
  EXPECT_EQ(ask(bob_, "L Admin"), phrase(Reason::name_reserved));
  EXPECT_EQ(ask(bob_, "L \xff"), phrase(Reason::name_not_utf8));
  EXPECT_EQ(ask(bob_, "L bob"), "OK");
  EXPECT_EQ(ask(bob_, "L eve"), phrase(Reason::already_named));
  EXPECT_EQ(figure(&Counters::logins_refused), 7U);
}

TEST_F(TextServiceTest, AnUnauthenticatedPeerGetsAHelpfulReply) {
  EXPECT_EQ(ask(ada_, "C hello"), phrase(Reason::not_in_room));
  EXPECT_EQ(ask(ada_, "Lada"), phrase(Reason::unknown_command));
  EXPECT_EQ(ask(ada_, "hello\n"), phrase(Reason::unknown_command) + "\n");
  EXPECT_EQ(ask(ada_, "Q"), "EXIT");  // the client may end in any case
  EXPECT_TRUE(test::records_of(state_).empty());
}

TEST_F(TextServiceTest, AMemberCannotSpeakOrQuitForAnother) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  send(ada_, "C hello");
  send(ada_, "C bob I am bob");
  EXPECT_THAT(lines(bob_), ElementsAre("ada : hello", "ada : bob I am bob"));
  (void)ada_.drain();
  EXPECT_EQ(ask(ada_, "Q bob"), "EXIT");
  EXPECT_THAT(lines(bob_), ElementsAre("ada left the chat"));
  EXPECT_TRUE(sessions().find_name("bob"));
}

TEST_F(TextServiceTest, AMutedMemberGetsOneNoticeASecond) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  (void)lines(bob_);
  ASSERT_TRUE(chat().moderation.moderate({.now = now()}, std::nullopt,
                                         {.action = wire::ModerateAction::mute, .name = "ada"}));
  EXPECT_EQ(ask(ada_, "C hello"), phrase(Reason::muted));
  send(ada_, "C hello");
  EXPECT_THAT(ada_.drain(), IsEmpty());
  wait(std::chrono::seconds{1});
  EXPECT_EQ(ask(ada_, "C hello"), phrase(Reason::muted));
  ASSERT_TRUE(chat().moderation.moderate({.now = now()}, std::nullopt,
                                         {.action = wire::ModerateAction::unmute, .name = "ada"}));
  send(ada_, "C at last");
  EXPECT_THAT(lines(bob_), ElementsAre("ada : at last")) << "no line about the mute";
}

TEST_F(TextServiceTest, AMuteWithAnEndOrAReasonIsInTheNotice) {
  enter(ada_, "ada");
  const auto mute = [&](std::uint32_t length, std::string_view reason) {
    ASSERT_TRUE(chat().moderation.moderate({.now = now()}, std::nullopt,
                                           {.action = wire::ModerateAction::mute,
                                            .seconds = length,
                                            .name = "ada",
                                            .reason = reason}));
    wait(std::chrono::seconds{1});
  };
  mute(0, "too loud");
  EXPECT_EQ(ask(ada_, "C hello"), "muted: too loud");
  mute(3600, "");
  EXPECT_THAT(ask(ada_, "C hello"), ::testing::StartsWith("muted until "));
  mute(3600, std::string(120, 'x'));
  EXPECT_EQ(ask(ada_, "C hello").size(), wire::kMaxPhraseBytes);
}

TEST_F(TextServiceTest, InALectureAMemberGetsANotice) {
  enter(ada_, "ada");
  ASSERT_TRUE(chat().moderation.set({.now = now()}, std::nullopt,
                                    {.property = wire::RoomProperty::lecture, .value = 1}));
  EXPECT_EQ(ask(ada_, "C hello"), phrase(Reason::lecture));
}

TEST_F(TextServiceTest, AMemberGetsOneNoticeASecondAboutItsErrors) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  EXPECT_EQ(ask(ada_, "C \xc3"), phrase(Reason::text_not_utf8));
  send(ada_, "C " + std::string(901, 'x'));
  EXPECT_THAT(ada_.drain(), IsEmpty());
  wait(std::chrono::seconds{1});
  EXPECT_THAT(ask(ada_, "C " + std::string(901, 'x')), HasSubstr("901 bytes"));
  wait(std::chrono::seconds{1});
  EXPECT_THAT(ask(ada_, "C " + std::string(3000, 'x')), HasSubstr("3000 bytes"));
  wait(std::chrono::seconds{1});
  EXPECT_EQ(ask(ada_, "Chat x"), phrase(Reason::not_said));
  wait(std::chrono::seconds{1});
  EXPECT_EQ(ask(ada_, "hello\n"), phrase(Reason::not_said));
  wait(std::chrono::seconds{1});
  send(ada_, "C ");
  EXPECT_THAT(ada_.drain(), IsEmpty());
  EXPECT_THAT(lines(bob_), IsEmpty());
  EXPECT_EQ(figure(&Counters::messages), 0U);
}

TEST_F(TextServiceTest, TheRateNoticeNamesTheLimitAndTheWaitingTime) {
  config_.limits.messages_per_second = 5;
  config_.limits.burst = 2;
  enter(ada_, "ada");
  for (int i = 0; i < 10; ++i) send(ada_, "C x");
  const auto told = ada_.drain();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr("at most 5 messages a second"));
  EXPECT_THAT(told[0], HasSubstr("0.2 s"));
  EXPECT_LE(told[0].size(), wire::kMaxPhraseBytes);
  EXPECT_EQ(figure(&Counters::messages), 2U);
  EXPECT_EQ(figure(&Counters::messages_refused_rate), 8U);
}

TEST_F(TextServiceTest, EveryCommandOfAMemberCostsItsRate) {
  config_.limits.messages_per_second = 5;
  config_.limits.burst = 20;
  enter(ada_, "ada");
  const std::array<std::string, 6> commands{"L ada", "L bob",  "Cx",
                                            "C ",    "C \xff", "C " + std::string(3000, 'x')};
  std::uint64_t refused = 0;
  for (const std::string& command : commands) {
    SCOPED_TRACE(command.substr(0, 9));
    for (int i = 0; i < 1000; ++i) send(ada_, command);
    EXPECT_LE(ada_.drain().size(), 20U);
    refused += 980;
    EXPECT_EQ(figure(&Counters::messages_refused_rate), refused);
    wait(std::chrono::seconds{10});
  }
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
}

TEST_F(TextServiceTest, TheExitReplyIsConfigured) {
  config_.text.exit_reply = {"Exit", "OUT"};
  EXPECT_EQ(ask(ada_, "Q"), "Exit");
  EXPECT_EQ(ada_.next(), "OUT");
  enter(ada_, "ada");
  EXPECT_EQ(ask(ada_, "Q"), "Exit");
  EXPECT_EQ(ada_.next(), "OUT");
}

TEST_F(TextServiceTest, TheLoginReplyIsConfigured) {
  config_.text.login_reply = "IN";
  EXPECT_EQ(ask(ada_, "L ada"), "IN");
  EXPECT_EQ(ask(ada_, "L ada"), "IN");
}

TEST_F(TextServiceTest, AcceptsTheCommandWordsOfOtherClients) {
  EXPECT_EQ(ask(ada_, "LOGIN ada"), "OK");
  EXPECT_EQ(ask(bob_, "l bob"), "OK");
  (void)lines(ada_);
  send(ada_, "CHAT ada hello");
  send(bob_, "c bob hi");
  EXPECT_THAT(lines(bob_), ElementsAre("ada : hello"));
  EXPECT_THAT(lines(ada_), ElementsAre("bob : hi"));
  EXPECT_EQ(ask(ada_, "E is a letter"), phrase(Reason::not_said));
  for (const char* goodbye : {"EXIT ada", "QUIT", "q", "E ada", "Qada", "Q ada quit"}) {
    EXPECT_EQ(ask(ada_, goodbye), "EXIT") << goodbye;
    EXPECT_EQ(ask(ada_, "L ada"), "OK");
  }
}

TEST_F(TextServiceTest, ASilentMembersNameGoesToANewSessionFromItsAddress) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  test::UdpClient again;
  wait(std::chrono::seconds{59});
  EXPECT_EQ(ask(again, "L ada"), phrase(Reason::name_taken));
  EXPECT_EQ(ada_.next(), "\n");
  send(ada_, "C still here");
  wait(std::chrono::seconds{59});
  EXPECT_EQ(ask(again, "L ada"), phrase(Reason::name_taken));
  wait(std::chrono::seconds{1});
  arrive("192.168.1.9:5000", "L ada");
  EXPECT_EQ(ask(again, "L ada"), "OK");
  EXPECT_THAT(ada_.drain(), ElementsAre("\n", phrase(Reason::idle), "EXIT"));
  EXPECT_THAT(lines(bob_),
              ElementsAre("ada : still here", "ada left the chat", "ada joined the chat"));
}

TEST_F(TextServiceTest, LoginsWithATakenNameCauseOneEmptyLineInTenSeconds) {
  enter(ada_, "ada");
  for (int i = 0; i < 100; ++i) {
    arrive("192.168.1.9:5000", "L ada");
    wait(std::chrono::milliseconds{300});
  }
  EXPECT_THAT(ada_.drain(), ElementsAre("\n", "\n", "\n"));
}

TEST_F(TextServiceTest, TheNameOfAClosedPortIsFreeForTheNextLogin) {
  {
    test::UdpClient gone;
    enter(gone, "ada");
  }
  EXPECT_EQ(ask(ada_, "L ada"), phrase(Reason::name_taken));
  io::drain_unreachable(server_.get(),
                        [&](const Endpoint& peer) { text().unreachable(peer, now()); });
  text().finish();
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
}

TEST_F(TextServiceTest, ARemovedMemberGetsTheReasonAndThenExit) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  text().remove(*sessions().find_name("ada"), state::LeaveKind::kicked, "noise", now());
  text().finish();
  EXPECT_EQ(ada_.next(), "You were removed from the server by the administrator: noise");
  EXPECT_EQ(ada_.next(), "EXIT");
  text().remove(*sessions().find_name("bob"), state::LeaveKind::idle, {}, now());
  text().finish();
  EXPECT_THAT(bob_.drain(), ElementsAre(phrase(Reason::idle), "EXIT"));
  EXPECT_EQ(figure(&Counters::members_kicked), 1U);
  EXPECT_EQ(figure(&Counters::members_idle), 1U);
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
}

TEST_F(TextServiceTest, AClosedPortIsALeave) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  (void)lines(ada_);
  text().unreachable(ada_.endpoint(), now());
  text().unreachable(ada_.endpoint(), now());
  text().unreachable(test::endpoint("127.0.0.1:1"), now());
  text().finish();
  EXPECT_THAT(lines(bob_), ElementsAre("ada left the chat"));
  EXPECT_THAT(ada_.drain(), IsEmpty());
  EXPECT_EQ(figure(&Counters::members_unreachable), 1U);
}

TEST_F(TextServiceTest, ASuccessorSendsTheOksAndExitsThatWereDue) {
  enter(bob_, "bob");
  const auto from = test::delivery_to(ada_.endpoint());
  EXPECT_EQ(sessions().admit({.name = "ada", .from = from}, now()).status,
            chat::Sessions::Status::admitted);
  sessions().remove(*sessions().find_name("bob"), state::LeaveKind::quit, {}, now());
  take_over();  // as if the gateway was killed before it sent anything
  EXPECT_EQ(ada_.next(), "OK");
  EXPECT_EQ(bob_.next(), "EXIT");
  EXPECT_THAT(lines(ada_), ElementsAre("bob left the chat"));
  EXPECT_EQ(ask(bob_, "L bob"), "OK");
}

TEST_F(TextServiceTest, SendGoodbyesSendsExitToEveryTextMember) {
  enter(ada_, "ada");
  enter(bob_, "bob");
  text().send_goodbyes();
  EXPECT_THAT(ada_.drain(), ElementsAre(phrase(Reason::stopped), "EXIT"));
  EXPECT_THAT(bob_.drain(), ElementsAre(phrase(Reason::stopped), "EXIT"));
  EXPECT_EQ(sessions().all().size(), 2U);
}

TEST_F(TextServiceTest, TheOkIsSentBeforeTheRoomsLinesOfTheSameBatch) {
  enter(bob_, "bob");
  ada_.send(server_endpoint_, "L ada");
  bob_.send(server_endpoint_, "C welcome");
  ada_.send(server_endpoint_, "C thanks");
  pump();
  EXPECT_THAT(lines(ada_), ElementsAre("OK", "bob : welcome"));
  EXPECT_THAT(lines(bob_), ElementsAre("ada joined the chat", "ada : thanks"));
}

TEST_F(TextServiceTest, RandomBytesChangeNothing) {
  enter(ada_, "ada");
  const auto before = test::records_of(state_).size();
  for (unsigned i = 0; i < 2000; ++i) {
    std::string noise(1 + i * 7 % 1200, '\0');
    for (std::size_t j = 0; j < noise.size(); ++j) {
      noise[j] = static_cast<char>((i * 2654435761U + j * 40503U) >> (j % 13));
    }
    if (noise.starts_with("L ")) continue;
    send(bob_, noise);
  }
  EXPECT_EQ(test::records_of(state_).size(), before);
  EXPECT_EQ(sessions().all().size(), 1U);
  for (const auto& answer : bob_.drain()) EXPECT_LE(answer.size(), wire::kMaxPhraseBytes);
}

}  // namespace
}  // namespace chatd::gateway
