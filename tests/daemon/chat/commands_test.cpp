// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/commands.hpp"

#include <array>

#include <gmock/gmock.h>

#include "tests/daemon/chat/chat_fixture.hpp"

namespace chatd::chat {
namespace {

using state::RecordKind;
using Counters = state::GatewayCounters;

class CommandsTest : public ChatFixture {
 protected:
  Commands& commands() { return chat().commands; }
};

TEST_F(CommandsTest, AnAnnouncementIsForAllAndHasNoSender) {
  enter(kAda, "ada");
  enter(kBob, "bob");
  EXPECT_EQ(commands().announce("soon\n", now()), 2U);
  EXPECT_EQ(records().back().kind, RecordKind::announce);
  EXPECT_EQ(records().back().text, "soon ");
  EXPECT_EQ(records().back().sender, std::nullopt);
  EXPECT_EQ(commands().announce("", now()).error(), wire::TextFault::empty);
  EXPECT_EQ(commands().announce("\xff", now()).error(), wire::TextFault::not_utf8);
  EXPECT_EQ(commands().announce(std::string(901, 'x'), now()).error(), wire::TextFault::too_long);
  EXPECT_EQ(figure(&Counters::announcements), 1U);
}

TEST_F(CommandsTest, AMessageCarriesItsSenderAndTheEndOfItsCommand) {
  const Slot ada = enter(kAda, "ada");
  EXPECT_TRUE(
      commands().say({.slot = ada, .time = now().wall, .end = 40}, RecordKind::action, "x"));
  const auto record = records().back();
  EXPECT_EQ(record.kind, RecordKind::action);
  EXPECT_EQ(record.name, "ada");
  EXPECT_EQ(record.sender, sessions().sender(ada));
  EXPECT_EQ(sessions().session(ada).messages, 1U);
}

TEST_F(CommandsTest, ARefusedTextIsCountedAndNotAppended) {
  const Slot ada = enter(kAda, "ada");
  const auto before = records().size();
  const Commands::By by{.slot = ada, .time = now().wall};
  EXPECT_EQ(commands().say(by, RecordKind::say, " ").error(), wire::TextFault::empty);
  EXPECT_EQ(commands().say(by, RecordKind::say, "\xff").error(), wire::TextFault::not_utf8);
  EXPECT_EQ(commands().say_to(by, "ada", "\xff").error(), wire::Reason::text_not_utf8);
  EXPECT_EQ(records().size(), before);
  EXPECT_EQ(figure(&Counters::datagrams_dropped_empty), 1U);
  EXPECT_EQ(figure(&Counters::messages_refused_invalid), 2U);
  EXPECT_EQ(figure(&Counters::messages), 0U);
}

TEST_F(CommandsTest, AListHasTheNamesThatFitAndWhereItGoesOn) {
  enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  const Slot eve = enter("127.0.0.1:4003", "eve");
  std::array<char, 8> out{};
  const auto first = commands().list(Slot{}, out);
  EXPECT_EQ(std::string_view(out.data(), first.bytes), "ada\nbob");
  EXPECT_EQ(first.next, eve);
  const auto second = commands().list(eve, out);
  EXPECT_EQ(std::string_view(out.data(), second.bytes), "eve");
  EXPECT_EQ(second.next, std::nullopt);
  EXPECT_EQ(std::string_view(out.data(), commands().list(bob, out).bytes), "bob\neve");
}

}  // namespace
}  // namespace chatd::chat
