// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/commands.hpp"

#include <array>

#include <gmock/gmock.h>

#include "tests/daemon/chat/chat_fixture.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"
#include "tests/support/named_member.hpp"

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
  EXPECT_TRUE(commands().say({.slot = ada, .now = now(), .end = 40}, RecordKind::action, "x"));
  const auto record = records().back();
  EXPECT_EQ(record.kind, RecordKind::action);
  EXPECT_EQ(record.name, "ada");
  EXPECT_EQ(record.sender, sessions().sender(ada));
  EXPECT_EQ(sessions().session(ada).messages, 1U);
}

TEST_F(CommandsTest, ARefusedTextIsCountedAndNotAppended) {
  const Slot ada = enter(kAda, "ada");
  const auto before = records().size();
  const Commands::By by{.slot = ada, .now = now()};
  EXPECT_EQ(commands().say(by, RecordKind::say, " ").error(), wire::Reason::text_empty);
  EXPECT_EQ(commands().say(by, RecordKind::say, "\xff").error(), wire::Reason::text_not_utf8);
  EXPECT_EQ(commands().say_to(by, {.slot = ada, .person = {}, .name = {}}, "\xff").error(),
            wire::Reason::text_not_utf8);
  EXPECT_EQ(records().size(), before);
  EXPECT_EQ(figure(&Counters::datagrams_dropped_empty), 1U);
  EXPECT_EQ(figure(&Counters::messages_refused_invalid), 2U);
  EXPECT_EQ(figure(&Counters::messages), 0U);
}

TEST_F(CommandsTest, AListHasTheNamesThatFitAndWhereItGoesOn) {
  const Slot ada = enter(kAda, "ada");
  const Slot bob = enter(kBob, "bob");
  const Slot eve = enter("127.0.0.1:4003", "eve");
  std::array<char, 2 * (3 + wire::kPersonBytes) + 1> out{};  // two lines
  const auto first = commands().list(Slot{}, out);
  EXPECT_EQ(std::string_view(out.data(), first.bytes), test::named_list(sessions(), {ada, bob}));
  EXPECT_EQ(first.next, eve);
  const auto second = commands().list(eve, out);
  EXPECT_EQ(std::string_view(out.data(), second.bytes), test::named_list(sessions(), {eve}));
  EXPECT_EQ(second.next, std::nullopt);
  EXPECT_EQ(std::string_view(out.data(), commands().list(bob, out).bytes),
            test::named_list(sessions(), {bob, eve}));
}

class RoomCommandsTest : public RoomsFixture {
 protected:
  explicit RoomCommandsTest(const state::Geometry& geometry = kManyRooms)
      : RoomsFixture{geometry} {}
  Commands& commands() { return chat_->commands; }
  Commands::By by(Slot slot) const { return {.slot = slot, .now = now(), .end = 40}; }
  Slot ada_{enter("ada", 1).slot};
  Slot bob_{enter("bob", 2).slot};
};

TEST_F(RoomCommandsTest, AMessageInARoomIsCountedAndCarriesTheEndOfItsCommand) {
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(commands().say_in(by(ada_), id_of("lab"), RecordKind::action, "waves\n"));
  EXPECT_EQ(texts_in("lab").back(), "action ada waves ");
  EXPECT_EQ(sessions().session(ada_).messages, 1U);
  EXPECT_EQ(state_.counters().messages.load(), 1U);
}

TEST_F(RoomCommandsTest, ARefusedMessageInARoomIsNotAppended) {
  ASSERT_TRUE(make(ada_, "lab"));
  const auto id = id_of("lab");
  const auto say = [&](Slot slot, std::string_view text) {
    return commands().say_in(by(slot), id, RecordKind::say, text).error();
  };
  EXPECT_EQ(say(bob_, "hello"), wire::Reason::not_in_that_room);
  EXPECT_EQ(say(ada_, "\xff"), wire::Reason::text_not_utf8);
  EXPECT_EQ(say(ada_, ""), wire::Reason::text_empty);
  EXPECT_EQ(say(ada_, std::string(901, 'x')), wire::Reason::text_too_long);
  EXPECT_EQ(texts_in("lab"), std::vector<std::string>{"join ada "});
  EXPECT_EQ(state_.counters().messages.load(), 0U);
}

TEST_F(RoomCommandsTest, AListOfARoomHasItsMembersOnly) {
  const Slot cyd = enter("cyd", 3).slot;
  ASSERT_TRUE(make(ada_, "lab"));
  ASSERT_TRUE(join(cyd, "lab"));
  sessions().detach(cyd, now().mono);
  std::array<char, 128> out{};
  const auto listed = commands().list_in(place_of("lab").index, Slot{}, out);
  EXPECT_EQ(std::string_view(out.data(), listed.bytes),
            test::named(sessions(), ada_) + "\n" + test::named(sessions(), cyd) + "\taway");
  EXPECT_EQ(listed.next, std::nullopt);
  EXPECT_EQ(commands().list_in(place_of("lab").index, ada_, std::span{out}.first(21)).next, cyd);
  EXPECT_EQ(commands().list_in(place_of("lab").index, Slot{~0U}, out).bytes, 0U);
}

class ThousandRoomsTest : public RoomCommandsTest {
 protected:
  ThousandRoomsTest()
      : RoomCommandsTest{
            {.sessions = 8, .ring_bytes = 16384, .rooms = 3000, .room_ring_bytes = 16384}} {}
};

TEST_F(ThousandRoomsTest, AreListedInPartsEachRoomOnce) {
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(rooms().make_kept("room" + std::to_string(i), now()));
  }
  ASSERT_TRUE(join(ada_, "room7"));
  ASSERT_TRUE(join(bob_, "room7"));
  ASSERT_TRUE(join(bob_, "room8"));
  std::string all;
  std::array<char, 2000> out{};
  int parts = 0;
  for (std::optional<Slot> from = Slot{}; from; ++parts) {
    const auto listed = commands().list_rooms(ada_, *from, out, now().wall);
    if (listed.bytes != 0) all += std::string(out.data(), listed.bytes) + "\n";
    from = listed.next;
  }
  EXPECT_GT(parts, 5);
  EXPECT_LT(parts, 20);
  for (int i = 0; i < 1000; ++i) {
    std::string line = "room" + std::to_string(i) + "\t0\n";
    if (i == 7) line = "room7\t2\tin\n";
    if (i == 8) line = "room8\t1\n";
    const std::size_t at = all.find(line);
    ASSERT_NE(at, std::string::npos) << line;
    ASSERT_TRUE(at == 0 || all[at - 1] == '\n');
    all.erase(at, line.size());
  }
  EXPECT_EQ(all, "");
  EXPECT_EQ(commands().list_rooms(ada_, ~std::uint32_t{0}, out, now().wall).bytes, 0U);
}

// Where a part ends shows nothing about the rooms that the member may not find.
TEST_F(ThousandRoomsTest, ThePartsOfTheListAreTheSameWithManyHiddenRooms) {
  std::array<char, 2000> out{};
  // The text of each part, and the row at which the next one begins.
  const auto parts_from = [&](std::uint32_t row) {
    std::vector<std::string> parts;
    for (std::optional<Slot> from = Slot{row}; from;) {
      const auto listed = commands().list_rooms(ada_, *from, out, now().wall);
      parts.emplace_back(std::string{out.data(), listed.bytes} + " " +
                         std::to_string(listed.next.value_or(Slot{0})));
      from = listed.next;
    }
    return parts;
  };
  ASSERT_TRUE(rooms().make_kept("pub", now()));
  std::vector<std::vector<std::string>> before;
  for (const std::uint32_t row : {0U, 1U, 500U, 2999U}) before.push_back(parts_from(row));
  EXPECT_THAT(before.front(), ::testing::ElementsAre("pub\t0 1024", " 2048", " 0"));
  for (int i = 0; i < 2999; ++i) {
    const auto room = rooms().make_kept("room" + std::to_string(i), now());
    ASSERT_TRUE(room);
    state::RoomProperties& properties = state_.properties(room->index);
    (i % 2 == 0 ? properties.is_hidden : properties.is_invited) = 1;
  }
  std::vector<std::vector<std::string>> after;
  for (const std::uint32_t row : {0U, 1U, 500U, 2999U}) after.push_back(parts_from(row));
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace chatd::chat
