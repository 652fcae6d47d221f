// SPDX-License-Identifier: GPL-3.0-or-later
// conversation_test.cpp — text clients join, talk and leave; the administrator announces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Conversation, ClientsWithDifferentMessageFormsTalkToEachOther) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::lines};
  TextClient bob{daemon.endpoint(), Kind::lines};
  TextClient eve{daemon.endpoint(), Kind::bare};

  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  eve.enter("eve");
  EXPECT_EQ(ada.line(), "eve joined the chat");
  EXPECT_EQ(bob.line(), "eve joined the chat");

  eve.send("C eve good morning");
  EXPECT_EQ(ada.line(), "eve : good morning");
  EXPECT_EQ(bob.line(), "eve : good morning");
  ada.send("C is eve here?");
  EXPECT_EQ(bob.line(), "ada : is eve here?");
  EXPECT_EQ(eve.line(), "ada : is eve here?");
  EXPECT_EQ(daemon.ctl_json({"announce", "tea", "at", "four"}).at("members"), 3);
  EXPECT_EQ(ada.line(), "[admin] tea at four");
  EXPECT_EQ(bob.line(), "[admin] tea at four");
  EXPECT_EQ(eve.line(), "[admin] tea at four");

  EXPECT_EQ(bob.ask("Q"), "EXIT");
  EXPECT_EQ(ada.line(), "bob left the chat");
  EXPECT_EQ(eve.line(), "bob left the chat");
  EXPECT_EQ(eve.ask("Q eve"), "EXIT");
  EXPECT_EQ(ada.line(), "eve left the chat");
  EXPECT_THAT(daemon.names(), ElementsAre("ada"));
}

TEST(Conversation, AMemberDoesNotReceiveItsOwnMessages) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::lines};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  for (const char* text : {"C one", "C two", "C three"}) ada.send(text);
  bob.send("C four");
  EXPECT_EQ(bob.lines_until("ada : three"), (Lines{"ada : one", "ada : two"}));
  EXPECT_EQ(ada.lines_until("bob : four"), (Lines{"bob joined the chat"}));
  mark(daemon, "end");
  EXPECT_THAT(lines_before(ada, "end"), IsEmpty());
  EXPECT_THAT(lines_before(bob, "end"), IsEmpty());
}

TEST(Conversation, MessagesAreNeverLogged) {
  DaemonUnderTest daemon{{.config = "log.level = \"debug\"\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  ada.send("C a secret");
  EXPECT_EQ(bob.line(), "ada : a secret");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  EXPECT_EQ(ada.ask("Q"), "EXIT");
  EXPECT_EQ(bob.line(), "ada left the chat");
  EXPECT_THAT(daemon.log(), HasSubstr("ada joined from " + to_text(ada.socket().endpoint())));
  EXPECT_THAT(daemon.log(), HasSubstr("ada left (quit)"));
  EXPECT_THAT(daemon.log(), Not(HasSubstr("secret")));
}

TEST(Conversation, ChineseNoticesAreThoseOfTheCourseNotes) {
  DaemonUnderTest daemon{{.config = "text.language = \"zh\"\n"}};
  TextClient ada{daemon.endpoint(), Kind::lines};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("小明");
  bob.enter("小红");
  EXPECT_EQ(ada.line(), "小红 进入了聊天室");
  bob.send("C 小红 你好");
  EXPECT_EQ(ada.line(), "小红 ： 你好");
  EXPECT_EQ(daemon.ctl({"announce", "欢迎光临"}).status, 0);
  EXPECT_EQ(ada.line(), "管理员消息： 欢迎光临");
  EXPECT_EQ(bob.line(), "管理员消息： 欢迎光临");
  EXPECT_EQ(bob.ask("Q 小红"), "EXIT");
  EXPECT_EQ(ada.line(), "小红 退出了聊天室");
  EXPECT_EQ(bob.ask("C 还在吗"), "您还没有进入聊天室。请先发送 L 加名字，例如：L alice");
}

TEST(Conversation, TheDaemonsLocaleChoosesTheLanguage) {
  DaemonUnderTest daemon{{.environment = {{"LC_ALL", "zh_CN.UTF-8"}}}};
  TextClient ada{daemon.endpoint(), Kind::lines};
  TextClient bob{daemon.endpoint(), Kind::lines};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob 进入了聊天室");
}

// Most Python clients send `C <name> <text>`; the course notes specify `C <text>`.
TEST(Conversation, EachClientsFirstMessageShowsWhetherItNamesItself) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  ada.send("C hello");
  ada.send("C ada is my name");
  bob.send("C bob hello");
  bob.send("C bob bob is my name");
  EXPECT_EQ(bob.line(), "ada : hello");
  EXPECT_EQ(bob.line(), "ada : ada is my name");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  EXPECT_EQ(ada.line(), "bob : hello");
  EXPECT_EQ(ada.line(), "bob : bob is my name");
}

TEST(Conversation, TheMessageFormCanBeSet) {
  DaemonUnderTest daemon{{.config = "text.chat_form = \"message\"\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  ada.send("C ada is my name");
  EXPECT_EQ(bob.line(), "ada : ada is my name");
}

TEST(Conversation, TheExitReplyCanBeSet) {
  DaemonUnderTest daemon{{.config = "text.exit_reply = \"Exit\"\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  EXPECT_EQ(ada.ask("Q ada"), "Exit");
}

// A client repeats L when it has not received the OK.
TEST(Conversation, ARepeatedLoginIsAnsweredAndNotAnnounced) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  bob.enter("bob");
  mark(daemon, "end");
  EXPECT_EQ(lines_before(ada, "end"), (Lines{"bob joined the chat"}));
  EXPECT_THAT(daemon.names(), ElementsAre("ada", "bob"));
}

TEST(Conversation, AClientCanJoinAgainFromTheSameAddress) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(bob.ask("Q"), "EXIT");
  ada.send("C while bob is away");
  bob.enter("robert");
  mark(daemon, "end");
  EXPECT_EQ(lines_before(ada, "end"),
            (Lines{"bob joined the chat", "bob left the chat", "robert joined the chat"}));
  EXPECT_THAT(lines_before(bob, "end"), IsEmpty());
}

// Clients in use read at most 1024 bytes of a datagram, and crash on an incomplete character.
// TextClient checks both for each datagram.
TEST(Conversation, ManyLongMessagesArriveWholeAndInOrder) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\n"}};
  TextClient ada{daemon.endpoint(), Kind::bare};
  TextClient bob{daemon.endpoint(), Kind::lines};
  ada.enter("ada");
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  for (int batch = 0; batch < 10; ++batch) {
    Lines expected;
    for (int i = 0; i < 30; ++i) {
      std::string text = std::to_string(i) + " ";
      const auto size = static_cast<std::size_t>(20 + ((batch * 30 + i) * 37) % 880);
      while (text.size() + 3 <= size) text += "聊";
      ada.send("C " + text);
      expected.push_back("ada : " + text);
    }
    mark(daemon, "end");
    EXPECT_EQ(lines_before(bob, "end"), expected);
    EXPECT_THAT(lines_before(ada, "end"), IsEmpty());
  }
}

}  // namespace
}  // namespace chatd::test
