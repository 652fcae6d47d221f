// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/address_bans.hpp"

#include <gtest/gtest.h>

#include "tests/daemon/gateway/gateway_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

class AddressBansTest : public GatewayFixture {
 protected:
  state::RuleIndex ban(std::string_view network) {
    return chat()
        .rules
        .add({.kind = state::RuleKind::ban,
              .target = state::RuleTarget::network,
              .network = parse_network(network).value(),
              .now = now().wall})
        .value();
  }
};

TEST_F(AddressBansTest, AnAddressIsBannedByARuleOfTheServerForItsNetwork) {
  const auto rule = ban("10.1.2.0/24");
  EXPECT_EQ(ban_at(chat().rules, test::endpoint("10.1.2.3:5").address, now().wall), rule);
  EXPECT_EQ(ban_at(chat().rules, test::endpoint("10.1.3.3:5").address, now().wall), std::nullopt);
}

TEST_F(AddressBansTest, ARefusedHandshakeIsCountedAndLogged) {
  const auto rule = ban("10.1.2.0/24");
  const test::LogLines lines;
  note_banned(chat().rules, rule, state_.counters(), log_, test::endpoint("10.1.2.3:5"), now());
  EXPECT_EQ(figure(&state::GatewayCounters::logins_refused), 1U);
  EXPECT_EQ(chat().rules.row(rule).hits.load(), 1U);
  ASSERT_EQ(lines.all().size(), 1U);
  EXPECT_EQ(lines.all()[0].field("CHATD_EVENT"), "refuse");
  EXPECT_EQ(lines.all()[0].field("CHATD_ADDRESS"), "10.1.2.3");
}

}  // namespace
}  // namespace chatd::gateway
