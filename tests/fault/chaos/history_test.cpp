// SPDX-License-Identifier: GPL-3.0-or-later
// A history is written as readable text, and knows which messages may wait or find a full mailbox.
#include "tests/fault/chaos/history.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Dialect = History::Dialect;

TEST(HistoryTest, WritesWhatEachReaderSentAndReceived) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  history.sent(ada, 1, {.text = "hello"});
  history.sent(ada, 2, {.text = "psst", .to = "bob"});
  history.confirmed(ada, 1);
  history.refused(ada, 2, "mailbox_full");
  history.heard(ada, {wire::RecordKind::say, "ada", "hello", WallTime{Micros{1'500'000}}});
  history.complaint(ada, "missed something");
  history.over(ada);
  const auto bob = history.begin_reader("bob", Dialect::text);
  history.line(bob, "ada : hello");
  history.announced({.text = "lunch"});
  history.confirm_announced("lunch");
  std::ostringstream out;
  history.write(out);
  EXPECT_EQ(out.str(),
            "announced \"lunch\" confirmed\n"
            "reader 0 ada (over)\n"
            "  0 sent 1 \"hello\" confirmed\n"
            "  0 sent 2 \"psst\" to bob refused: mailbox_full\n"
            "  0 1970-01-01T00:00:01.500Z say ada \"hello\"\n"
            "  0 complains: missed something\n"
            "reader 1 bob\n"
            "  1 read \"ada : hello\"\n");
}

TEST(HistoryTest, NotesThatAMailboxMayHaveBeenFullOfMessages) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  const auto bob = history.begin_reader("bob", Dialect::native);
  const auto other = history.begin_reader("ada", Dialect::native);
  const std::string text(600, '.');
  const auto send = [&](std::uint64_t number) {
    history.sent(ada, number, {.text = text, .to = "bob", .receivers = {bob}, .informed = {other}});
  };
  send(1);
  send(2);
  history.direct(bob, {wire::RecordKind::direct, "ada", text, WallTime{}});
  history.copy(other, {wire::RecordKind::direct, "bob", text, WallTime{}});
  history.refused(ada, 2, "mailbox_full");
  send(3);
  send(4);
  const auto may_miss = [&](std::uint64_t number) {
    return history.readers()[ada].sent.at(number).may_miss;
  };
  EXPECT_THAT(may_miss(4), IsEmpty());
  history.confirmed(ada, 3);
  send(5);
  EXPECT_THAT(may_miss(3), IsEmpty());
  EXPECT_THAT(may_miss(4), ElementsAre(bob, other));
  EXPECT_THAT(may_miss(5), ElementsAre(bob, other));
}

TEST(HistoryTest, NotesThatAMailboxMayHaveBeenFullOfAnswers) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  const auto bob = history.begin_reader("bob", Dialect::native);
  history.sent(ada, 1, {.text = "hello", .to = "bob", .receivers = {bob}});
  history.answers(bob, 1000);
  EXPECT_THAT(history.readers()[ada].sent.at(1).may_miss, IsEmpty());
  history.answers(bob, 1500);
  EXPECT_THAT(history.readers()[ada].sent.at(1).may_miss, ElementsAre(bob));
}

// Whether a message of eve to bob may be missed now, because others fill the mailbox of bob.
bool is_crowded(History& history, std::size_t bob) {
  const auto eve = history.begin_reader("eve", Dialect::native);
  history.sent(eve, 1, {.text = std::to_string(eve), .to = "bob", .receivers = {bob}});
  history.refused(eve, 1, "mailbox_full");
  return history.readers()[eve].sent.at(1).may_miss.contains(bob);
}

TEST(HistoryTest, NotesThatAMailboxMayHaveBeenFullOfMessagesThatWaited) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  const std::string text(1400, '.');
  history.sent(ada, 1, {.text = text, .to = "bob"});
  EXPECT_FALSE(history.waiting().has_confirmed());
  history.confirmed(ada, 1, true);
  EXPECT_TRUE(history.readers()[ada].sent.at(1).waits);
  EXPECT_TRUE(history.waiting().has_confirmed());
  const auto bob = history.begin_reader("bob", Dialect::native);
  EXPECT_TRUE(is_crowded(history, bob));
  history.direct(bob, {wire::RecordKind::direct, "ada", text, WallTime{}});
  EXPECT_TRUE(history.waiting().empty());
  EXPECT_FALSE(is_crowded(history, bob));
}

TEST(HistoryTest, AMessageMayWaitAlthoughAProgramOfTheRecipientWasIn) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  const auto bob = history.begin_reader("bob", Dialect::native);
  const std::string text(1300, '.');
  history.sent(ada, 1, {.text = text, .to = "bob", .receivers = {bob}});
  history.confirmed(ada, 1, true);
  EXPECT_TRUE(history.waiting().has_confirmed());
  EXPECT_EQ(history.readers()[bob].unread, 0U);
  EXPECT_EQ(history.waiting().bytes("bob"), mailbox_bytes(text));
  history.sent(ada, 2, {.text = "now", .to = "bob", .receivers = {bob}});
  const auto other = history.begin_reader("bob", Dialect::native);
  history.direct(other, {wire::RecordKind::direct, "ada", text, WallTime{}});
  EXPECT_TRUE(history.waiting().empty());
  EXPECT_EQ(history.readers()[bob].unread, mailbox_bytes("now"));
}

TEST(HistoryTest, AMessageThatWasReceivedBeforeItsSenderIsAnsweredWaitsNoMore) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  const auto bob = history.begin_reader("bob", Dialect::native);
  const auto other = history.begin_reader("bob", Dialect::native);
  history.sent(ada, 1, {.text = "hello", .to = "bob", .receivers = {bob, other}});
  history.direct(bob, {wire::RecordKind::direct, "ada", "hello", WallTime{}});
  EXPECT_EQ(history.readers()[bob].unread, 0U);
  history.confirmed(ada, 1, true);
  EXPECT_TRUE(history.waiting().empty());
  EXPECT_EQ(history.readers()[other].unread, 0U);
}

TEST(HistoryTest, AMessageThatIsRefusedOrDeliveredAtOnceDoesNotWait) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  history.sent(ada, 1, {.text = "one", .to = "bob"});
  history.sent(ada, 2, {.text = "two", .to = "bob"});
  history.confirmed(ada, 1);
  EXPECT_FALSE(history.waiting().empty());
  history.refused(ada, 2, "waits_full");
  EXPECT_TRUE(history.waiting().empty());
}

TEST(HistoryTest, AMessageOfAnEndedSenderWaitsUntilALaterMessageIsReceived) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  const auto bob = history.begin_reader("bob", Dialect::native);
  const auto eve = history.begin_reader("eve", Dialect::native);
  history.sent(ada, 1, {.text = "confirmed", .to = "bob"});
  history.confirmed(ada, 1, true);
  history.sent(ada, 2, {.text = std::string(1500, '.'), .to = "bob"});
  history.sent(eve, 1, {.text = "earlier", .to = "bob", .receivers = {bob}});
  history.over(ada);
  history.direct(bob, {wire::RecordKind::direct, "eve", "earlier", WallTime{}});
  EXPECT_TRUE(is_crowded(history, bob));
  history.sent(eve, 2, {.text = "later", .to = "bob", .receivers = {bob}});
  history.direct(bob, {wire::RecordKind::direct, "eve", "later", WallTime{}});
  EXPECT_FALSE(is_crowded(history, bob));
  EXPECT_TRUE(history.waiting().has_confirmed());
}

TEST(HistoryTest, IgnoresTheFateOfACommandThatIsNoMessage) {
  History history;
  const auto ada = history.begin_reader("ada", Dialect::native);
  history.confirmed(ada, 7);
  history.refused(ada, 8, "no_such_member");
  EXPECT_TRUE(history.readers()[ada].sent.empty());
}

}  // namespace
}  // namespace chatd::test
