// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/text_commands.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/chat_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using Counters = state::GatewayCounters;
using SayStatus = TextCommands::SayStatus;

class TextCommandsTest : public ChatFixture {};

TEST_F(TextCommandsTest, UnprovedSessionsShareOneRate) {
  config_.limits.messages_per_second = 0;
  const Slot one = enter("192.0.2.1:1", "one");
  const Slot two = enter("192.0.2.2:1", "two");
  const Slot local = enter("127.0.0.1:1", "local");
  for (std::uint32_t i = 0; i < Unproved::kLinesAtOnce; ++i) {
    EXPECT_EQ(say(i % 2 == 0 ? one : two, "x"), SayStatus::said);
  }
  const auto refused = chat().text.say(one, "x", now());
  EXPECT_EQ(refused.status, SayStatus::too_fast);
  EXPECT_EQ(refused.per_second, Unproved::kLinesPerSecond);
  EXPECT_EQ(say(local, "x"), SayStatus::said);
  wait(Unproved::kProof);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(say(one, "x"), SayStatus::said) << "it is proved";
}

// By this a native client sees that the sender has no key.
TEST_F(TextCommandsTest, AMessageHasASenderAndNoCommandOffset) {
  const Slot ada = enter(kAda, "ada");
  EXPECT_TRUE(wire::is_text_person(records().back().uplink_offset)) << "her join";
  say(ada, "hello");
  EXPECT_TRUE(records().back().sender.has_value());
  EXPECT_EQ(records().back().uplink_offset, 0U);
}

TEST_F(TextCommandsTest, AFirstMessageWithTheOwnNameMakesANamingClient) {
  const Slot ada = enter(kAda, "ada");
  say(ada, "ada hello");
  say(ada, "ada ada");
  EXPECT_EQ(say(ada, "ada "), SayStatus::empty);
  say(ada, "look ada");  // from here on it is no naming client
  say(ada, "ada is me");
  EXPECT_THAT(said(), ElementsAre("ada: hello", "ada: ada", "ada: look ada", "ada: ada is me"));
}

TEST_F(TextCommandsTest, AFirstMessageWithoutTheOwnNameMakesAPlainClient) {
  const Slot ada = enter(kAda, "ada");
  say(ada, "hello");
  say(ada, "ada hello");
  EXPECT_THAT(said(), ElementsAre("ada: hello", "ada: ada hello"));
}

TEST_F(TextCommandsTest, AnotherMembersNameIsTextAndHabitsArePerMember) {
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  say(ada, "ada hi");
  say(bob, "ada hi");
  EXPECT_THAT(said(), ElementsAre("ada: hi", "bob: ada hi"));
}

TEST_F(TextCommandsTest, TheFormCanBeFixedAsMessage) {
  config_.text.chat_form = config::ChatForm::message;
  const Slot ada = enter(kAda, "ada");
  say(ada, "ada hello");
  EXPECT_THAT(said(), ElementsAre("ada: ada hello"));
}

TEST_F(TextCommandsTest, TheFormCanBeFixedAsNamed) {
  config_.text.chat_form = config::ChatForm::named;
  const Slot ada = enter(kAda, "ada");
  say(ada, "ada hello");
  say(ada, "hello");
  say(ada, "ada again");
  EXPECT_THAT(said(), ElementsAre("ada: hello", "ada: hello", "ada: again"));
}

TEST_F(TextCommandsTest, TextThatIsEmptyTooLongOrNotUtf8IsNotSaid) {
  const Slot ada = enter(kAda, "ada");
  EXPECT_EQ(say(ada, ""), SayStatus::empty);
  EXPECT_EQ(say(ada, " \t "), SayStatus::empty);
  EXPECT_EQ(say(ada, "\xc3"), SayStatus::not_utf8);
  const auto outcome = chat().text.say(ada, std::string(901, 'x'), now());
  EXPECT_EQ(outcome.status, SayStatus::too_long);
  EXPECT_EQ(outcome.bytes, 901U);
  EXPECT_EQ(say(ada, std::string(900, 'x')), SayStatus::said);
  EXPECT_EQ(say(ada, "a\x1b[2Jb\tc"), SayStatus::said);
  EXPECT_THAT(said(), ElementsAre("ada: " + std::string(900, 'x'), "ada: a?[2Jb\tc"));
  EXPECT_EQ(figure(&Counters::messages), 2U);
  EXPECT_EQ(figure(&Counters::messages_refused_invalid), 2U);
  EXPECT_EQ(figure(&Counters::datagrams_dropped_empty), 2U);
  EXPECT_EQ(sessions().session(ada).messages, 2U);
}

TEST_F(TextCommandsTest, AConfiguredSizeHoldsForTheMessageWithoutTheName) {
  config_.limits.message_bytes = 5;
  const Slot ada = enter(kAda, "ada");
  EXPECT_EQ(say(ada, "ada 12345"), SayStatus::said);
  EXPECT_EQ(say(ada, "ada 123456"), SayStatus::too_long);
}

TEST_F(TextCommandsTest, AMessageAboveTheRateIsRefusedWithTheWait) {
  config_.limits.messages_per_second = 5;
  config_.limits.burst = 3;
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(say(ada, "x"), SayStatus::said);
  const auto outcome = chat().text.say(ada, "x", now());
  EXPECT_EQ(outcome.status, SayStatus::too_fast);
  EXPECT_EQ(outcome.wait, std::chrono::milliseconds{200});
  EXPECT_EQ(say(bob, "x"), SayStatus::said);
  wait(outcome.wait);
  EXPECT_EQ(say(ada, "x"), SayStatus::said);
  EXPECT_EQ(say(ada, "x"), SayStatus::too_fast);
  EXPECT_EQ(figure(&Counters::messages_refused_rate), 2U);
}

}  // namespace
}  // namespace chatd::chat
