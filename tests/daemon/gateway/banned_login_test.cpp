// SPDX-License-Identifier: GPL-3.0-or-later
// A client that a ban refuses gets the reason and the time at which it may come again, in both
// protocols.
#include "daemon/chat/rule_text.hpp"
#include "tests/daemon/gateway/text_service_fixture.hpp"
#include "tests/support/member_events.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using state::RuleKind;
using state::RuleTarget;

class BannedTextLogin : public TextServiceTest {
 protected:
  void ban_name(std::string_view name, std::string_view reason = {}) {
    ASSERT_TRUE(chat().rules.add({.kind = RuleKind::ban,
                                  .target = RuleTarget::name,
                                  .name = name,
                                  .reason = reason,
                                  .until = WallTime{std::chrono::hours{10}}}));
  }
};

TEST_F(BannedTextLogin, IsRefusedWithTheTextOfTheRule) {
  ban_name("eve", "spam");
  EXPECT_EQ(ask(ada_, "L Eve"), "banned until 1970-01-01 10:00 UTC: spam");
  EXPECT_EQ(ask(ada_, "L eve\n"), "banned until 1970-01-01 10:00 UTC: spam\n");
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
  EXPECT_EQ(figure(&Counters::logins_refused), 2U);
}

TEST_F(BannedTextLogin, OfAMemberUnderAnotherNameIsRefusedToo) {
  enter(ada_, "ada");
  ban_name("eve");
  EXPECT_EQ(ask(ada_, "L eve"), "banned until 1970-01-01 10:00 UTC");
  EXPECT_EQ(ask(ada_, "L ada"), "OK");
}

TEST_F(BannedTextLogin, GetsAPhraseThatTextClientsTake) {
  ban_name("eve", std::string(state::kMaxRuleReasonBytes, 'x'));
  EXPECT_EQ(ask(ada_, "L eve").size(), wire::kMaxPhraseBytes);
}

TEST(BannedNativeLogin, IsRefusedWithTheTextOfTheRule) {
  test::NativeWorld world{1};
  const auto identity = crypto::generate_key_pair().value();
  const chat::Persons persons{world.identity().secret};
  ASSERT_TRUE(world.chat().rules.add({.kind = RuleKind::ban,
                                      .target = RuleTarget::person,
                                      .person = persons.of_native(identity.public_key),
                                      .reason = "spam"}));
  auto& ada = world.add({.name = "ada", .identity = identity});
  world.start(ada);
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }));
  const auto end = test::end_of(ada.events);
  EXPECT_EQ(end.reason, wire::Reason::banned);
  EXPECT_EQ(end.text, "banned: spam");
  auto& bob = world.enter("bob");
  EXPECT_TRUE(bob.member.is_joined());
}

}  // namespace
}  // namespace chatd::gateway
