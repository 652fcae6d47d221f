// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/authors.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/archive/rooms_to_read.hpp"

namespace chatd::archive {
namespace {

constexpr std::uint64_t kPerson = 77;

class AuthorsTest : public test::RoomsToRead {
 protected:
  AuthorsTest() {
    state_.native_slots()[kSlot].identity.fill(std::byte{5});
    sessions_.open(kSlot, {.kind = state::SessionKind::native,
                           .person = state::PersonId{kPerson},
                           .delivery = {},
                           .name = "ada",
                           .log_tail = 0,
                           .joined = {},
                           .now = {},
                           .telling = {}});
  }
  [[nodiscard]] wire::RecordView record(wire::RecordKind kind, std::uint64_t end) const {
    wire::RecordView view{};
    view.header.kind = kind;
    view.header.sender_slot = kSlot;
    view.header.sender_generation = sender_.generation;
    view.header.uplink_offset = end;
    view.name = "ada";
    return view;
  }
  static constexpr state::Slot kSlot{2};
  logs::Sender sender_{sessions_.next_sender(kSlot)};
  Authors authors_{follower_};
};

TEST_F(AuthorsTest, AMemberThatIsInHasItsPersonAndKey) {
  sender_ = sessions_.sender(kSlot);
  const Author author = authors_.of(record(wire::RecordKind::say, 8));
  EXPECT_EQ(author.person, kPerson);
  EXPECT_EQ(author.name, "ada");
  EXPECT_EQ(author.key, std::vector<std::byte>(32, std::byte{5}));
}

TEST_F(AuthorsTest, AMemberThatHasLeftIsKnownByItsJoin) {
  sender_ = sessions_.sender(kSlot);
  authors_.note(record(wire::RecordKind::join, kPerson).header);
  sessions_.release(kSlot);
  const Author author = authors_.of(record(wire::RecordKind::say, 8));
  EXPECT_EQ(author.person, kPerson);
  EXPECT_TRUE(author.key.empty());
}

TEST_F(AuthorsTest, AMemberWhoseJoinWasNeverToldIsKnownByTheRecordBeforeItsMessage) {
  sender_ = sessions_.sender(kSlot);
  authors_.note(record(wire::RecordKind::speaker, kPerson).header);
  sessions_.release(kSlot);
  EXPECT_EQ(authors_.of(record(wire::RecordKind::say, 8)).person, kPerson);
}

TEST_F(AuthorsTest, ALaterMemberInTheSameSlotIsNotTheAuthor) {
  sender_ = sessions_.sender(kSlot);
  const auto old = record(wire::RecordKind::say, 8);
  sender_.generation = logs::Generation{sender_.generation + 2};
  authors_.note(record(wire::RecordKind::join, 99).header);
  sessions_.release(kSlot);
  const Author author = authors_.of(old);
  EXPECT_EQ(author.person, 0U);
  EXPECT_TRUE(author.key.empty());
}

TEST_F(AuthorsTest, ATextMemberAndTheAdministratorHaveNoPerson) {
  sender_ = sessions_.sender(kSlot);
  EXPECT_EQ(authors_.of(record(wire::RecordKind::say, 0)).person, 0U);
  auto announcement = record(wire::RecordKind::announce, 0);
  announcement.header.sender_slot = wire::kNobody;
  EXPECT_EQ(authors_.of(announcement).person, 0U);
}

}  // namespace
}  // namespace chatd::archive
