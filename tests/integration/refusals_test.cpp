// SPDX-License-Identifier: GPL-3.0-or-later
// refusals_test.cpp — an invalid datagram is answered with a sentence, and changes nothing.
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/wire/text/phrases.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using wire::Reason;

std::string english(Reason phrase) { return std::string{wire::phrase(wire::Language::en, phrase)}; }

struct RefusedName {
  const char* name;
  Reason reason;
};

class Refusals : public ::testing::Test {
 protected:
  Refusals() { ada_.enter("ada"); }
  // Nothing has happened in the room: ada is the only member and has received nothing.
  void expect_unchanged() {
    mark(daemon_, "end");
    EXPECT_THAT(lines_before(ada_, "end"), IsEmpty());
    EXPECT_THAT(daemon_.names(), ElementsAre("ada"));
  }

  DaemonUnderTest daemon_;
  TextClient ada_{daemon_.endpoint(), Kind::lines};
  TextClient bob_{daemon_.endpoint(), Kind::bare};
};

TEST_F(Refusals, AnInvalidNameIsRefusedAndTheClientMayTryAgain) {
  const std::string too_long(33, 'a');
  for (const auto& [name, reason] : {
           RefusedName{"ada", Reason::name_taken},
           RefusedName{"ADA", Reason::name_taken},
           RefusedName{"Ａda", Reason::name_taken},
           RefusedName{"admin", Reason::name_reserved},
           RefusedName{"aDmIn", Reason::name_reserved},
           RefusedName{"ADMINISTRATOR", Reason::name_reserved},
           RefusedName{"Server", Reason::name_reserved},
           RefusedName{"ada:", Reason::name_like_a_mark},
           RefusedName{"--", Reason::name_like_a_mark},
           RefusedName{"管理员", Reason::name_reserved},
           RefusedName{"two words", Reason::name_has_space},
           RefusedName{"", Reason::name_empty},
           RefusedName{too_long.c_str(), Reason::name_too_long},
           RefusedName{"be\x07ll", Reason::name_not_printable},
           RefusedName{"\xff\xfe", Reason::name_not_utf8},
       }) {
    const std::string answer = bob_.ask("L " + std::string{name});
    EXPECT_EQ(answer, english(reason)) << name;
    EXPECT_LE(answer.size(), 120U) << name;
  }
  EXPECT_EQ(ada_.line(), "") << "whoever holds a name that somebody asks for is checked";
  expect_unchanged();
  bob_.enter("bob");
  EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob"));
}

TEST_F(Refusals, AMessageBeforeLoginIsAnsweredWithHowToJoin) {
  EXPECT_EQ(bob_.ask("C hello"), english(Reason::not_in_room));
  EXPECT_EQ(bob_.ask("C bob hello"), english(Reason::not_in_room));
  expect_unchanged();
}

// A client that quits twice, or after its session has ended, also receives EXIT.
TEST_F(Refusals, QuitIsAnsweredBeforeLogin) {
  EXPECT_EQ(bob_.ask("Q"), "EXIT");
  EXPECT_EQ(bob_.ask("Q ada"), "EXIT");
  expect_unchanged();
}

TEST_F(Refusals, AnUnknownCommandIsAnsweredWithTheListOfCommands) {
  EXPECT_EQ(bob_.ask("Login bob"), english(Reason::unknown_command));
  EXPECT_EQ(bob_.ask("Quit"), english(Reason::unknown_command));
  expect_unchanged();
}

// Lines that a person types into nc before knowing the commands.
TEST_F(Refusals, ALineWithoutACommandIsAnsweredWithHowToTalk) {
  TextClient eve{daemon_.endpoint(), Kind::lines};
  for (const char* typed : {"hello", "/quit", "?", "你好"}) {
    EXPECT_EQ(eve.ask(typed), english(Reason::unknown_command)) << typed;
  }
  EXPECT_EQ(ada_.ask("hello"), english(Reason::not_said));
  expect_unchanged();
}

TEST_F(Refusals, AMemberCannotTalkOrLeaveForAnother) {
  bob_.enter("bob");
  bob_.send("C ada I am a fool");
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  EXPECT_EQ(ada_.line(), "bob : ada I am a fool");
  EXPECT_EQ(bob_.ask("Q ada"), "EXIT");
  EXPECT_EQ(ada_.line(), "bob left the chat");
  expect_unchanged();
}

TEST_F(Refusals, AMemberKeepsItsNameUntilItLeaves) {
  bob_.enter("bob");
  EXPECT_EQ(bob_.ask("L robert"), english(Reason::already_named));
  EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob"));
}

TEST_F(Refusals, AnEmptyMessageIsNotDelivered) {
  bob_.enter("bob");
  TextClient eve{daemon_.endpoint(), Kind::bare};
  eve.enter("eve");
  EXPECT_EQ(bob_.line(), "eve joined the chat");
  for (const char* empty : {"C", "C ", "C    ", "C \t"}) bob_.send(empty);
  for (const char* empty : {"C eve", "C eve ", "C eve   "}) eve.send(empty);
  mark(daemon_, "end");
  EXPECT_EQ(lines_before(ada_, "end"), (Lines{"bob joined the chat", "eve joined the chat"}));
  EXPECT_THAT(lines_before(eve, "end"), IsEmpty());
  EXPECT_THAT(lines_before(bob_, "end"), IsEmpty());
}

TEST_F(Refusals, AMessageMayHave900BytesAndNotOneMore) {
  bob_.enter("bob");
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  const std::string most(900, 'x');
  bob_.send("C " + most);
  EXPECT_EQ(ada_.line(), "bob : " + most);
  EXPECT_EQ(bob_.ask("C " + most + "x"),
            "Not sent: it has 901 bytes, at most 900 are allowed. Send it in parts.");
  mark(daemon_, "end");
  EXPECT_THAT(lines_before(ada_, "end"), IsEmpty());
}

TEST_F(Refusals, AHugeMessageIsRefusedWithItsWholeSize) {
  bob_.enter("bob");
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  EXPECT_THAT(bob_.ask("C " + std::string(60'000, 'x')), StartsWith("Not sent: it has 6000"));
  mark(daemon_, "end");
  EXPECT_THAT(lines_before(ada_, "end"), IsEmpty());
}

TEST_F(Refusals, AMessageThatIsNotUtf8IsRefused) {
  bob_.enter("bob");
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  EXPECT_EQ(bob_.ask("C caf\xe9"), english(Reason::text_not_utf8));
  mark(daemon_, "end");
  EXPECT_THAT(lines_before(ada_, "end"), IsEmpty());
}

// A client sends this if it cuts its input at a fixed number of bytes.
TEST_F(Refusals, HalfACharacterAtTheSizeLimitIsRefused) {
  bob_.enter("bob");
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  EXPECT_EQ(bob_.ask("C " + std::string(899, 'x') + "\xe8"), english(Reason::text_not_utf8));
  mark(daemon_, "end");
  EXPECT_THAT(lines_before(ada_, "end"), IsEmpty());
}

TEST_F(Refusals, AMessageCannotControlAnotherMembersTerminal) {
  bob_.enter("bob");
  EXPECT_EQ(ada_.line(), "bob joined the chat");
  bob_.send("C \x1b[2Jboo\x07\nada : I am a fool");
  const std::string line = ada_.line();
  EXPECT_THAT(line, StartsWith("bob : "));
  EXPECT_EQ(line.find_first_of("\x1b\x07\r\n"), std::string::npos);
  mark(daemon_, "end");
  EXPECT_THAT(lines_before(ada_, "end"), IsEmpty());
}

// Sent from the address of a member and from another address.
TEST_F(Refusals, RandomDatagramsChangeNothing) {
  bob_.enter("bob");
  const auto workers = daemon_.processes("worker");
  const auto received_before = daemon_.counter("datagrams_received");
  TextClient outsider{daemon_.endpoint(), Kind::bare};
  std::mt19937 random{20261120};  // NOLINT(cert-msc51-cpp): the same bytes in every run
  std::uniform_int_distribution<int> byte{0, 255};
  std::uniform_int_distribution<std::size_t> size{0, 1400};
  std::uint64_t sent = 0;
  for (std::size_t bytes = 0; bytes < 100'000; ++sent) {
    std::string datagram(size(random), '\0');
    for (char& c : datagram) c = static_cast<char>(byte(random));
    bytes += datagram.size();
    (sent % 2 == 0 ? outsider : bob_).send(datagram);
  }
  EXPECT_TRUE(
      eventually([&] { return daemon_.counter("datagrams_received") >= received_before + sent; }));
  mark(daemon_, "end");
  EXPECT_EQ(lines_before(ada_, "end"), (Lines{"bob joined the chat"}));
  EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob"));
  EXPECT_EQ(daemon_.counter("messages"), 0U);
  const auto workers_after = daemon_.processes("worker");
  ASSERT_EQ(workers_after.size(), workers.size());
  for (std::size_t i = 0; i < workers.size(); ++i) {
    EXPECT_EQ(workers_after[i].at("pid"), workers[i].at("pid"));
  }
}

}  // namespace
}  // namespace chatd::test
