// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/block_commands.hpp"

#include <string>

#include <gmock/gmock.h>

#include "common/wire/native/native_command.hpp"
#include "tests/daemon/chat/waiting_fixture.hpp"
#include "tests/support/named_member.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class BlockCommandsTest : public WaitingFixture {
 protected:
  void block(Slot slot, const wire::BlockRequest& request, std::string_view name = {}) {
    const auto text = wire::as_argument(request);
    commands().block(next(slot), name, {text.data(), text.size()});
  }
  static constexpr wire::BlockRequest kAdd{.act = wire::BlockAct::add};
  static constexpr wire::BlockRequest kRemove{.act = wire::BlockAct::remove};
  static constexpr wire::BlockRequest kList{.act = wire::BlockAct::list};

  Slot ada_{enter("ada", 1, "10.0.0.1:5").slot};
  Slot bob_{enter("bob", 2, "10.0.0.2:5").slot};
};

TEST_F(BlockCommandsTest, ABlockedMemberIsToldThatItsMessagesAreNotTaken) {
  block(ada_, kAdd, "bob");
  EXPECT_THAT(mailbox(ada_), ElementsAre("blocks anyone"));
  write(bob_, "ada", "psst");
  EXPECT_THAT(mailbox(bob_), ElementsAre("notice not_taken"));
  EXPECT_EQ(in_mailbox(ada_, "direct bob"), 0);
  block(ada_, kRemove, "bob");
  write(bob_, "ada", "psst");
  EXPECT_EQ(in_mailbox(ada_, "direct bob"), 1);
}

TEST_F(BlockCommandsTest, TheListHasTheUsersAndFromWhomMessagesAreTaken) {
  block(ada_, kAdd, "bob");
  block(ada_, {.act = wire::BlockAct::accept, .from = wire::DirectFrom::owned});
  EXPECT_EQ(mailbox(ada_).back(), "blocks owned");
  block(ada_, kList);
  EXPECT_THAT(last_text(ada_), StartsWith("bob\t"));
  EXPECT_THAT(last_text(ada_), HasSubstr("\t100"));
}

TEST_F(BlockCommandsTest, AUserThatHasLeftIsBlockedByTheNumberOfItsPerson) {
  const std::string bob = test::named(sessions(), bob_);
  quit(bob_);
  block(ada_, kAdd, "bob");
  EXPECT_EQ(mailbox(ada_).back(), "notice no_such_member");
  block(ada_, kAdd, bob);
  EXPECT_EQ(mailbox(ada_).back(), "blocks anyone");
  bob_ = enter("robert", 2, "10.0.0.2:5").slot;
  write(bob_, "ada", "psst");
  EXPECT_EQ(mailbox(bob_).back(), "notice not_taken") << "under every name";
  block(ada_, kRemove, "bob");
  EXPECT_EQ(mailbox(ada_).back(), "blocks anyone");
}

TEST_F(BlockCommandsTest, AnOwnerThatIsNotInIsBlocked) {
  own(bob_);
  quit(bob_);
  block(ada_, kAdd, "bob");
  EXPECT_EQ(mailbox(ada_).back(), "blocks anyone");
}

TEST_F(BlockCommandsTest, ATextMemberAndOneselfCannotBeBlocked) {
  ASSERT_EQ(enter_text("tom").status, Sessions::Status::admitted);
  block(ada_, kAdd, "tom");
  EXPECT_EQ(mailbox(ada_).back(), "notice not_native");
  block(ada_, kAdd, "ada");
  EXPECT_EQ(mailbox(ada_).back(), "notice no_such_member");
}

TEST_F(BlockCommandsTest, AUserThatIsNotBlockedCannotBeUnblocked) {
  block(ada_, kRemove, "bob");
  EXPECT_THAT(mailbox(ada_), ElementsAre("notice not_blocked"));
}

TEST_F(BlockCommandsTest, NothingWaitsForAnOwnerThatHasBlockedTheAuthor) {
  own(ada_);
  block(ada_, kAdd, "bob");
  quit(ada_);
  write(bob_, "ada", "psst");
  EXPECT_THAT(mailbox(bob_), ElementsAre("notice not_taken")) << "as if ada was in";
  EXPECT_TRUE(waiting().is_empty());
}

TEST_F(BlockCommandsTest, TheInvitationsOfABlockedUserAreNotDelivered) {
  ASSERT_TRUE(make(bob_, "lab"));
  block(ada_, kAdd, "bob");
  std::array<char, wire::kMaxModerationBytes> text{};
  commands().moderate(
      next(bob_), id_text("lab"),
      wire::write_moderation({.action = wire::ModerateAction::invite, .name = "ada"}, text));
  EXPECT_EQ(in_mailbox(ada_, "invited lab"), 0);
}

TEST_F(BlockCommandsTest, AnImpossibleRequestIsRefused) {
  commands().block(next(ada_), "bob", "xx");
  EXPECT_EQ(mailbox(ada_).back(), "notice unknown_command");
}

}  // namespace
}  // namespace chatd::chat
