// SPDX-License-Identifier: GPL-3.0-or-later
// course_clients_test.cpp — one client for each form of the text protocol that course clients use:
// its commands for joining, talking and leaving, and the whole datagrams that it compares with.
// These clients send no newline, and take each datagram that is not the login reply for a refusal.
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/room.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;

struct Form {
  const char* what;
  std::string_view login;
  std::string_view reply;  // text.login_reply of the server that the client was written for
  std::string_view say;
  std::string_view leave;
  std::string_view end;  // the datagram that ends the client's receiver
};
void PrintTo(const Form& form, std::ostream* out) { *out << form.what; }

constexpr std::string_view kExitWords = R"(["EXIT", "Exit", "OUT", "exit", "quit", "Q", "#"])";

constexpr Form kForms[] = {
    {"Notes", "L bob", "OK", "C hello", "Q", "EXIT"},
    {"Most", "L bob", "OK", "C bob hello", "Q bob", "EXIT"},
    {"LowerCaseReply", "L bob", "ok", "C bob hello", "Q bob", "EXIT"},
    {"InAsReply", "L bob", "IN", "C bob hello", "Q bob", "OUT"},
    {"WholeWords", "LOGIN bob", "OK", "CHAT bob hello", "EXIT bob", "EXIT"},
    {"QuitAsAWord", "LOGIN bob", "OK", "CHAT bob hello", "QUIT bob", "Exit"},
    {"LowerCase", "l bob", "OK", "c bob hello", "q bob", "exit"},
    {"GluedName", "L bob", "OK", "C bob hello", "Qbob", "EXIT"},
    {"TrailingWord", "L bob", "OK", "C bob hello", "Q bob quit", "quit"},
    {"ShortExit", "L bob", "OK", "C bob hello", "E bob", "Q"},
    {"EndsOnAHash", "L bob", "OK", "C bob hello", "Q bob", "#"},
};

class CourseClients : public ::testing::TestWithParam<Form> {
 protected:
  static std::string config() {
    return "text.login_reply = \"" + std::string{GetParam().reply} + "\"\n" +
           "text.exit_reply = " + std::string{kExitWords} + "\n";
  }
  DaemonUnderTest daemon_{{.config = config()}};
  TextClient ada_{daemon_.endpoint(), Kind::bare};
  TextClient bob_{daemon_.endpoint(), Kind::bare};
};

TEST_P(CourseClients, EnterTalkAndEnd) {
  const Form& form = GetParam();
  EXPECT_EQ(ada_.ask("L ada"), form.reply);
  EXPECT_EQ(bob_.ask(form.login), form.reply);
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  bob_.send(form.say);
  EXPECT_EQ(ada_.line(), "bob : hello");
  ada_.send("C ada hi");
  EXPECT_EQ(bob_.line(), "ada : hi");

  bob_.send(form.leave);
  std::string datagram = bob_.answer();
  while (datagram != form.end && datagram != "(nothing)") datagram = bob_.answer();
  EXPECT_EQ(datagram, form.end);
  EXPECT_EQ(ada_.line(), "bob left the chat");
}

// The client prints the refusal and asks for another name; it sends it from the same socket.
TEST_P(CourseClients, ARefusedClientCanSendAnotherName) {
  const Form& form = GetParam();
  EXPECT_EQ(ada_.ask("L bob"), form.reply);
  const std::string refusal = bob_.ask(form.login);
  EXPECT_THAT(refusal, HasSubstr("choose another name"));
  EXPECT_LE(refusal.size(), 120U);
  const std::string command{form.login.substr(0, form.login.find(' '))};
  EXPECT_EQ(bob_.ask(command + " robert"), form.reply);
}

// An empty line from a client that sends its name in front of the text.
TEST_P(CourseClients, AnEmptyMessageIsNotDelivered) {
  const Form& form = GetParam();
  EXPECT_EQ(ada_.ask("L ada"), form.reply);
  EXPECT_EQ(bob_.ask(form.login), form.reply);
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  bob_.send(form.say);
  EXPECT_EQ(ada_.line(), "bob : hello");
  const std::string empty{form.say.substr(0, form.say.size() - std::string_view{"hello"}.size())};
  bob_.send(empty);
  mark(daemon_, "end");
  EXPECT_THAT(lines_before(ada_, "end"), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Forms, CourseClients, ::testing::ValuesIn(kForms),
                         [](const auto& form) { return std::string{form.param.what}; });

// Some clients end their receiver and close the port at the end of their input, without Q.
TEST(CourseClientsThatVanish, GetTheirNameBackAtTheSecondTry) {
  DaemonUnderTest daemon;
  TextClient ada{daemon.endpoint(), Kind::bare};
  ada.enter("ada");
  TextClient gone{daemon.endpoint(), Kind::bare};
  gone.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
  gone.close();
  TextClient bob{daemon.endpoint(), Kind::bare};
  EXPECT_THAT(bob.ask("L bob"), HasSubstr("choose another name"));
  EXPECT_EQ(ada.line(), "bob left the chat");
  bob.enter("bob");
  EXPECT_EQ(ada.line(), "bob joined the chat");
}

}  // namespace
}  // namespace chatd::test
