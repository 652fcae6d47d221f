// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/waiting.hpp"

#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/chat/waiting_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WaitingTest : public WaitingFixture {
 protected:
  // Of the texts of the unread direct messages.
  std::string first_characters(Slot slot) {
    const state::Mailbox mailbox{state_, slot};
    std::string all;
    (void)mailbox.for_each_unread([&](const wire::RecordHeader& header, logs::Offset at) {
      char first = 0;
      mailbox.read(at + sizeof header + header.name_bytes,
                   std::as_writable_bytes(std::span{&first, 1}));
      if (header.kind == state::RecordKind::direct) all += first;
    });
    return all;
  }

  // As the archive does.
  void keep_retention_time(const Now& now) {
    state_.archive().retention_wall = now.wall.time_since_epoch().count();
    state_.archive().retention_mono = now.mono.time_since_epoch().count();
  }

  Slot ada_{enter("ada", 1, "10.0.0.1:5").slot};
};

TEST_F(WaitingTest, AMessageToAnOwnerThatIsNotInComesWhenItComesInOnce) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "psst");
  EXPECT_THAT(mailbox(ada_), ElementsAre("waits bob"));
  EXPECT_EQ(waiting().count(bob), 1U);
  const Slot slot = bob_comes();
  EXPECT_THAT(mailbox(slot), ElementsAre("direct ada"));
  EXPECT_EQ(last_text(slot), "psst");
  waiting().serve(slot);
  EXPECT_EQ(in_mailbox(slot, "direct ada"), 1);
  EXPECT_EQ(waiting().count(bob), 1U) << "it is not read yet";
  acknowledge(slot);
  waiting().serve(slot);
  EXPECT_EQ(waiting().count(bob), 0U);
  EXPECT_EQ(in_mailbox(slot, "direct ada"), 1);
}

TEST_F(WaitingTest, NothingWaitsForANameThatNobodyOwns) {
  write(ada_, "nobody", "psst");
  EXPECT_THAT(mailbox(ada_), ElementsAre("notice no_such_member"));
  EXPECT_TRUE(waiting().is_empty());
}

TEST_F(WaitingTest, AnOwnerThatIsInGetsItAtOnce) {
  const Slot bob = enter("bob", 2, "10.0.0.2:5").slot;
  own(bob);
  write(ada_, "bob", "psst");
  EXPECT_THAT(mailbox(bob), ElementsAre("direct ada"));
  EXPECT_TRUE(waiting().is_empty());
}

TEST_F(WaitingTest, AMessageHasTheTimeOfItsCommandAndSaysWhetherItsAuthorOwnedTheName) {
  const state::PersonId author = person(ada_);
  bob_leaves();
  write(ada_, "bob", "psst");
  own(ada_);
  write(ada_, "bob", "again");
  const WallTime said = now().wall;
  time_ += hours{1};
  const Slot bob = bob_comes();
  std::vector<wire::RecordHeader> headers;
  (void)state::Mailbox{state_, bob}.for_each_unread(
      [&](const wire::RecordHeader& header, logs::Offset) { headers.push_back(header); });
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].wall_time, said.time_since_epoch().count());
  EXPECT_EQ(headers[0].sender_slot, wire::kNobody);
  EXPECT_EQ(headers[0].sender_generation, static_cast<std::uint64_t>(author));
  EXPECT_EQ(headers[0].uplink_offset, 0U) << "ada did not own its name then";
  EXPECT_EQ(headers[1].uplink_offset, 1U);
}

TEST_F(WaitingTest, TheOtherProgramsOfTheAuthorGetARecordSent) {
  const Slot phone = enter("ada", 1, "10.0.0.1:6", 2).slot;
  bob_leaves();
  write(ada_, "bob", "psst");
  EXPECT_EQ(in_mailbox(phone, "sent bob"), 1);
  EXPECT_EQ(last_text(phone), "psst");
  EXPECT_EQ(in_mailbox(phone, "waits bob"), 0);
}

TEST_F(WaitingTest, ASessionThatReadsNothingDoesNotGetIt) {
  bob_leaves();
  is_brief_ = true;
  const Slot brief = enter("bob", 2, "10.0.0.2:5", 1).slot;
  is_brief_ = false;
  write(ada_, "bob", "psst");
  waiting().serve(brief);
  EXPECT_THAT(mailbox(brief), IsEmpty()) << "uchat send reads nothing";
  const Slot away = enter("bob", 2, "10.0.0.2:5", 2).slot;
  sessions().detach(away, now().mono);
  waiting().serve(away);
  EXPECT_EQ(in_mailbox(away, "direct ada"), 0);
  sessions().attach(away);
  waiting().serve(away);
  EXPECT_EQ(in_mailbox(away, "direct ada"), 1);
}

TEST_F(WaitingTest, AnUnreadMessageComesToTheNextProgramWhenTheFirstOneLeaves) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "psst");
  const Slot first = bob_comes(1);
  EXPECT_EQ(in_mailbox(first, "direct ada"), 1);
  const Slot second = enter("bob", 2, "10.0.0.2:6", 2).slot;
  waiting().serve(second);
  EXPECT_EQ(in_mailbox(second, "direct ada"), 0) << "the first one has it";
  quit(first);
  waiting().tick(now().mono, [&](state::PersonId one) {
    return one == bob ? std::optional{second} : std::nullopt;
  });
  EXPECT_EQ(in_mailbox(second, "direct ada"), 1);
}

TEST_F(WaitingTest, MessagesThatDoNotFitIntoHalfOfTheMailboxFollow) {
  const state::PersonId bob = bob_leaves();
  for (int i = 0; i < 5; ++i) write(ada_, "bob", std::string(800, static_cast<char>('a' + i)));
  const Slot slot = bob_comes();
  EXPECT_EQ(in_mailbox(slot, "direct ada"), 2);
  std::string order;
  for (int i = 0; i < 5 && waiting().count(bob) != 0; ++i) {
    order += first_characters(slot);
    acknowledge(slot);
    waiting().serve(slot);
  }
  EXPECT_EQ(waiting().count(bob), 0U);
  EXPECT_EQ(order, "abcde");
}

TEST_F(WaitingTest, FiveOfOneAuthorWaitForAPerson) {
  bob_leaves();
  for (int i = 0; i < 6; ++i) write(ada_, "bob", "psst");
  EXPECT_EQ(in_mailbox(ada_, "waits bob"), 5);
  EXPECT_EQ(mailbox(ada_).back(), "notice waits_full");
}

TEST_F(WaitingTest, TheAuthorsOfOneNetworkDoNotUseUpTheSpaceForAPerson) {
  const state::PersonId bob = bob_leaves();
  for (int i = 0; i < 8; ++i) {
    const Slot one = enter("x" + std::to_string(i), 10 + i, "10.0.9.9:5").slot;
    for (int j = 0; j < 5; ++j) write(one, "bob", "spam");
  }
  EXPECT_EQ(waiting().count(bob), Waiting::kOfNetworkForPerson);
  write(ada_, "bob", "psst");
  EXPECT_EQ(mailbox(ada_).back(), "waits bob");
}

TEST_F(WaitingTest, AHundredWaitForAPersonThoughNoNetworkHasThisMany) {
  const state::PersonId bob = bob_leaves();
  for (int i = 0; i < 30; ++i) {
    const Slot one = enter("x" + std::to_string(i), 10 + i, "127.0.0.1:5").slot;
    own(one);
    for (int j = 0; j < 5; ++j) write(one, "bob", "hello");
  }
  EXPECT_EQ(waiting().count(bob), Waiting::kForAPerson);
  own(ada_);
  write(ada_, "bob", "psst");
  EXPECT_EQ(mailbox(ada_).back(), "notice waits_full");
}

TEST_F(WaitingTest, UsersWithoutAnOwnedNameUseUpHalfOfTheSpaceForAPerson) {
  const state::PersonId bob = bob_leaves();
  for (int i = 0; i < 16; ++i) {
    const std::string from = "10.0." + std::to_string(i / 4) + ".9:5";
    const Slot one = enter("x" + std::to_string(i), 10 + i, from).slot;
    for (int j = 0; j < 5; ++j) write(one, "bob", "spam");
  }
  EXPECT_EQ(waiting().count(bob), Waiting::kOfUnownedForPerson);
  write(ada_, "bob", "psst");
  EXPECT_EQ(mailbox(ada_).back(), "notice waits_full");
  own(ada_);
  write(ada_, "bob", "psst");
  EXPECT_EQ(mailbox(ada_).back(), "waits bob");
}

TEST_F(WaitingTest, AnotherPersonUnderTheNameIsNotWrittenTo) {
  bob_leaves();
  write(ada_, "bob\t00000000000000ab", "psst");
  EXPECT_THAT(mailbox(ada_), ElementsAre("notice other_person"));
  EXPECT_TRUE(waiting().is_empty());
}

TEST_F(WaitingTest, AnotherOwnerOfTheNameDoesNotGetTheMessages) {
  const state::PersonId before = bob_leaves();
  write(ada_, "bob", "psst");
  chat_->names.take(chat_->names.find("bob").value());
  const Slot other = enter("bob", 3, "10.0.0.3:5").slot;
  own(other);
  waiting().serve(other);
  EXPECT_THAT(mailbox(other), IsEmpty());
  EXPECT_EQ(waiting().count(before), 1U);
}

TEST_F(WaitingTest, AMessageThatIsTooOldIsRemoved) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "psst");
  const auto nobody = [](state::PersonId) { return std::optional<Slot>{}; };
  keep_retention_time(now());
  time_ += config_.history.max_age;
  waiting().tick(now().mono, nobody);
  EXPECT_EQ(waiting().count(bob), 1U);
  time_ += std::chrono::seconds{1};
  waiting().tick(now().mono, nobody);
  EXPECT_EQ(waiting().count(bob), 0U);
}

TEST_F(WaitingTest, AMessageStaysUntilTheArchiveBelievesAClockThatWasSetForward) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "psst");
  const auto nobody = [](state::PersonId) { return std::optional<Slot>{}; };
  const Now ahead{.mono = now().mono, .wall = now().wall + 2 * config_.history.max_age};
  waiting().tick(ahead.mono, nobody);
  EXPECT_EQ(waiting().count(bob), 1U) << "the archive has not begun";
  keep_retention_time(now());
  waiting().tick(ahead.mono, nobody);
  EXPECT_EQ(waiting().count(bob), 1U);
  keep_retention_time(ahead);
  waiting().tick(ahead.mono, nobody);
  EXPECT_EQ(waiting().count(bob), 0U);
}

TEST_F(WaitingTest, TheMessagesOfAnAuthorAreErased) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "psst");
  const WallTime later = now().wall + std::chrono::seconds{1};
  EXPECT_EQ(waiting().erase({.author = "eve"}), 0U);
  EXPECT_EQ(waiting().erase({.author = "ADA", .before = now().wall}), 0U);
  EXPECT_EQ(waiting().erase({.author = "ADA", .before = later, .is_dry_run = true}), 1U);
  EXPECT_EQ(waiting().count(bob), 1U);
  EXPECT_EQ(waiting().erase({.author = "ADA", .before = later}), 1U);
  EXPECT_EQ(waiting().count(bob), 0U);
}

TEST_F(WaitingTest, AServerThatStoresNoMessagesLetsNoneWait) {
  const state::PersonId bob = bob_leaves();
  write(ada_, "bob", "psst");
  config_.history.enabled = false;
  restart();
  EXPECT_EQ(waiting().count(bob), 0U);
  write(ada_, "bob", "psst");
  EXPECT_EQ(mailbox(ada_).back(), "notice no_such_member");
}

TEST_F(WaitingTest, ANewGatewayDeliversTheMessagesOnce) {
  bob_leaves();
  write(ada_, "bob", "one");
  restart();
  const Slot bob = bob_comes();
  EXPECT_EQ(in_mailbox(bob, "direct ada"), 1);
  restart();
  waiting().serve(bob);
  EXPECT_EQ(in_mailbox(bob, "direct ada"), 1);
}

}  // namespace
}  // namespace chatd::chat
