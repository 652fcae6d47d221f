// SPDX-License-Identifier: GPL-3.0-or-later
// Browsers whose connection can be read on its way: open rooms, and nothing else.
#include <gmock/gmock.h>

#include "daemon/chat/rules.hpp"
#include "tests/support/members_fixture.hpp"

namespace chatd::web {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using wire::CommandKind;

using PlainBrowser = MembersFixture;

TEST_F(PlainBrowser, MessagesForOneMemberNeedTls) {
  ada_.entry.is_plain = true;
  (void)world_.enter(ada_);
  auto bob = BrowserWorld::page("bob", 2);
  (void)world_.enter(bob);
  EXPECT_EQ(**world_.command(ada_, 1, CommandKind::direct, "bob", "psst"), 1U);
  EXPECT_EQ(**world_.command(ada_, 2, CommandKind::make, "den"), 2U);
  EXPECT_EQ(**world_.command(bob, 1, CommandKind::direct, "ada", "psst"), 1U);
  Cursor cursor;
  const auto news = world_.news(ada_, cursor);
  ASSERT_GE(news.size(), 2U);
  EXPECT_TRUE(news[0].starts_with("mailbox notice needs_tls"));
  EXPECT_TRUE(news[1].starts_with("mailbox notice needs_tls"));
  Cursor bobs;
  EXPECT_THAT(world_.news(bob, bobs)[0], ::testing::StartsWith("mailbox notice needs_tls"));
  EXPECT_FALSE(world_.chat().rooms.find_name("den"));
}

TEST_F(PlainBrowser, ATokenThatIsSentInClearIsRevoked) {
  (void)world_.enter(ada_);
  const auto secure = world_.sessions().person(slot_of(ada_));
  ada_.entry.is_plain = true;
  EXPECT_EQ(reason(world_.resume(ada_)), wire::Reason::no_session);
  EXPECT_THAT(world_.ended, ElementsAre(Pair(1, wire::Reason::kicked)));
  (void)world_.enter(ada_);
  EXPECT_NE(world_.sessions().person(slot_of(ada_)), secure);
  // Over TLS it stays what it is now.
  ada_.entry.is_plain = false;
  EXPECT_TRUE(*world_.resume(ada_));
  EXPECT_TRUE(world_.sessions().is_plain(slot_of(ada_)));
}

TEST_F(PlainBrowser, ATokenThatHasANameNeedsTls) {
  chat::Persons persons = world_.sessions().persons();
  const state::Identity identity = persons.of_token(ada_.entry.token, false);
  ASSERT_TRUE(world_.chat().names.claim({.name = wire::check_name("ada").value(),
                                         .person = persons.of_native(identity),
                                         .key = crypto::sha256({identity})},
                                        world_.now().wall));
  ada_.entry.is_plain = true;
  EXPECT_EQ(reason(world_.enter(ada_)), wire::Reason::needs_tls);
  ada_.entry.is_plain = false;
  EXPECT_TRUE(*world_.enter(ada_));
}

TEST_F(PlainBrowser, APlainBrowserEntersNoRoomWithAPassword) {
  world_.password.emplace();
  world_.replace_gateway();
  ada_.entry.is_plain = true;
  ada_.entry.password.emplace();
  EXPECT_EQ(reason(world_.enter(ada_)), wire::Reason::needs_tls);
}

TEST_F(PlainBrowser, APlainBrowserHasNoRoleAndEntersOpenRoomsOnly) {
  auto bob = BrowserWorld::page("bob", 2);
  (void)world_.enter(bob);
  (void)world_.command(bob, 1, CommandKind::make, "den");
  ada_.entry.is_plain = true;
  (void)world_.enter(ada_);
  const auto den = world_.chat().rooms.find_name("den").value();
  (void)world_.chat().rules.add({.kind = state::RuleKind::owner,
                                 .target = state::RuleTarget::person,
                                 .room = den.id,
                                 .person = world_.sessions().person(slot_of(ada_)),
                                 .name = "ada",
                                 .now = world_.now().wall});
  EXPECT_EQ(world_.chat().rights.role(slot_of(ada_), den, world_.now().wall), chat::Role::none);
  auto& hidden = world_.view().properties(den.index).is_hidden;
  hidden.store(1);
  (void)world_.command(ada_, 1, CommandKind::join, "den");
  EXPECT_FALSE(world_.chat().rooms.find(slot_of(ada_), den.id));
  hidden.store(0);
  (void)world_.command(ada_, 2, CommandKind::join, "den");
  EXPECT_TRUE(world_.chat().rooms.find(slot_of(ada_), den.id));
}

}  // namespace
}  // namespace chatd::web
