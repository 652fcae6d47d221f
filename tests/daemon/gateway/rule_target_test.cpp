// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/rule_target.hpp"

#include <deque>
#include <string>

#include <gmock/gmock.h>

#include "common/crypto/keys.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {
namespace {

using state::RuleTarget;
using ::testing::SizeIs;

class RuleTargetTest : public GatewayFixture {
 protected:
  RuleTargetTest() : GatewayFixture{{.sessions = 70, .ring_bytes = 65536, .names = 2}} {}
  using Targets = std::expected<std::vector<Target>, control::Refusal>;
  Targets targets(std::string_view text) { return rule_targets(text, sessions(), persons_); }
  std::string why_not(std::string_view text) { return targets(text).error().message; }
  // A network that is the only target.
  std::string network(std::string_view text) {
    const auto found = targets(text).value();
    EXPECT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].kind, RuleTarget::network);
    EXPECT_FALSE(found[0].is_short);
    return text_of(found[0].network);
  }
  void join(std::string_view name, std::string_view endpoint, bool is_native) {
    chat::JoinRequest request{.name = name,
                              .from = test::delivery_to(test::endpoint(std::string{endpoint}))};
    state::Identity identity{};
    identity.fill(std::byte{7});
    if (is_native) {
      request.native = chat::NativeClient{.identity = identity, .random = 1, .window = 65536};
    }
    ASSERT_EQ(sessions().admit(request, now()).status, chat::Sessions::Status::admitted);
    sessions().settle();
  }
  // The rule that is made for a target.
  const state::RuleSlot& rule(const Target& target) {
    state::RuleSlot& slot = rules_.emplace_back();
    slot.target = target.kind;
    slot.person = target.person;
    slot.network = target.network.base;
    slot.prefix = static_cast<std::uint8_t>(target.network.prefix);
    assign(slot.name, target.name);
    return slot;
  }

  chat::Persons persons_{crypto::SecretKey{}};
  std::deque<state::RuleSlot> rules_;
};

TEST_F(RuleTargetTest, AnOwnedNameOfAUserThatIsNotInIsItsOwner) {
  const auto name = wire::check_name("Ada").value();
  ASSERT_TRUE(chat().names.claim({.name = name, .person = state::PersonId{77}, .key = {}}, {}));
  const auto found = rule_targets("ADA", sessions(), chat().persons).value();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, RuleTarget::person);
  EXPECT_EQ(found[0].person, state::PersonId{77});
}

TEST_F(RuleTargetTest, ANativeMemberIsItsKey) {
  join("Ada", "192.0.2.1:5000", true);
  const auto found = targets("ADA").value();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, RuleTarget::person);
  EXPECT_EQ(found[0].person, sessions().person(*sessions().find_name("ada")));
  EXPECT_EQ(found[0].name, "Ada");
}

TEST_F(RuleTargetTest, ATextMemberIsItsNameAndForAnHourItsAddress) {
  join("bob", "192.0.2.1:5000", false);
  const auto found = targets("bob").value();
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].kind, RuleTarget::name);
  EXPECT_FALSE(found[0].is_short);
  EXPECT_EQ(found[1].kind, RuleTarget::network);
  EXPECT_EQ(text_of(found[1].network), "192.0.2.1");
  EXPECT_EQ(found[1].name, "bob");
  EXPECT_TRUE(found[1].is_short);
}

TEST_F(RuleTargetTest, ATextMemberOfIpv6IsItsNetwork) {
  join("bob", "[2001:db8::7]:5000", false);
  EXPECT_EQ(text_of(targets("bob").value().at(1).network), "2001:db8::/64");
}

TEST_F(RuleTargetTest, ATextMemberOfThisMachineIsItsNameOnly) {
  join("bob", "127.0.0.1:5000", false);
  EXPECT_THAT(targets("bob").value(), SizeIs(1));
}

TEST_F(RuleTargetTest, AFingerprintIsAKey) {
  join("Ada", "192.0.2.1:5000", true);
  const chat::Slot ada = sessions().find_name("ada").value();
  const std::string fingerprint = crypto::fingerprint(sessions().identity(ada));
  const auto found = targets(fingerprint).value();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, RuleTarget::person);
  EXPECT_EQ(found[0].person, persons_.of_native(sessions().identity(ada)));
  EXPECT_EQ(found[0].name, fingerprint);
  EXPECT_EQ(why_not("SHA256:abc"),
            "SHA256:abc is not a whole fingerprint: chatctl users --json shows them");
}

TEST_F(RuleTargetTest, AddressesAndNetworksAreNetworks) {
  EXPECT_EQ(network("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(network("10.1.0.0/16"), "10.1.0.0/16");
  EXPECT_EQ(network("2001:db8::1"), "2001:db8::/64");
  EXPECT_EQ(network("2001:db8::/32"), "2001:db8::/32");
  EXPECT_NE(why_not("10.1.2.3/16"), "");
  EXPECT_NE(why_not("10.1.2.0/33"), "");
}

TEST_F(RuleTargetTest, AddressesOfThisMachineAreRefused) {
  for (const char* const text : {"127.0.0.1", "::1", "127.0.0.0/8", "127.1.0.0/16"}) {
    EXPECT_EQ(why_not(text), "addresses of this machine are exempt from rules: name the member");
  }
}

TEST_F(RuleTargetTest, ANameThatNoMemberHasIsAName) {
  const auto found = targets("eve").value();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, RuleTarget::name);
  EXPECT_EQ(found[0].name, "eve");
  EXPECT_EQ(targets("two words").error().code, wire::code::kUsage);
  EXPECT_EQ(targets("").error().code, wire::code::kUsage);
}

TEST_F(RuleTargetTest, NetworksWiderThanSixteenOrThirtyTwoBitsAreWide) {
  const auto wide = [](std::string_view text) { return is_wide(parse_network(text).value()); };
  EXPECT_FALSE(wide("10.1.0.0/16"));
  EXPECT_TRUE(wide("10.0.0.0/15"));
  EXPECT_TRUE(wide("0.0.0.0/0"));
  EXPECT_FALSE(wide("2001:db8::/32"));
  EXPECT_TRUE(wide("2001:d00::/24"));
  EXPECT_TRUE(wide("::/0"));
}

TEST_F(RuleTargetTest, ARuleIsFoundByItsNameKeyOrNetwork) {
  join("Ada", "192.0.2.1:5000", true);
  const auto is_rule = [this](const state::RuleSlot& rule, std::string_view text) {
    return is_rule_of(rule, text, targets(text).value_or(std::vector<Target>{}));
  };
  const std::string fingerprint =
      crypto::fingerprint(sessions().identity(*sessions().find_name("ada")));
  const state::RuleSlot& by_key = rule(targets("Ada").value()[0]);
  EXPECT_TRUE(is_rule(by_key, "ada"));
  EXPECT_TRUE(is_rule(by_key, fingerprint));
  EXPECT_FALSE(is_rule(by_key, "eve"));
  EXPECT_FALSE(is_rule(by_key, "10.1.2.3"));
  const state::RuleSlot& by_network = rule(targets("10.1.2.0/24").value()[0]);
  EXPECT_TRUE(is_rule(by_network, "10.1.2.0/24"));
  EXPECT_FALSE(is_rule(by_network, "10.1.2.0/25"));
  EXPECT_FALSE(is_rule(by_network, "10.1.2.3"));
  EXPECT_FALSE(is_rule(by_network, ""));
}

// The rule for the address of a text member has its name, so that an unban of the name removes it.
TEST_F(RuleTargetTest, BothRulesOfATextMemberAreFoundByItsName) {
  join("bob", "192.0.2.1:5000", false);
  const auto found = targets("bob").value();
  for (const Target& target : found) EXPECT_TRUE(is_rule_of(rule(target), "BOB", {}));
}

TEST_F(RuleTargetTest, TargetsAreShownAsTheyAreTyped) {
  EXPECT_EQ(target_of(rule(targets("10.1.2.3").value()[0])), "10.1.2.3");
  EXPECT_EQ(target_of(rule(targets("eve").value()[0])), "eve");
  EXPECT_EQ(name_of(RuleTarget::person), "key");
  EXPECT_EQ(name_of(RuleTarget::name), "name");
  EXPECT_EQ(name_of(RuleTarget::network), "network");
}

}  // namespace
}  // namespace chatd::gateway
