// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/logins.hpp"

#include <optional>

#include <gtest/gtest.h>

#include "tests/support/members_fixture.hpp"

namespace chatd::web {
namespace {

class LoginsTest : public MembersFixture {
 protected:
  std::optional<std::expected<Entered, Refusal>> find(bool is_plain) {
    std::optional<std::expected<Entered, Refusal>> found;
    logins_.find({.token = ada_.entry.token, .client = ada_.entry.client}, ada_.entry.address,
                 is_plain, world_.now().mono, [&](auto result) { found = result; });
    if (!found) world_.work();
    return found;
  }
  void enter() {
    bool has_entered = false;
    logins_.enter(ada_.entry, world_.now().mono, [&](auto entered) { has_entered = !!entered; });
    world_.work();
    ASSERT_TRUE(has_entered);
  }

  Logins logins_{world_.members(), 42};
};

TEST_F(LoginsTest, APageThatHasEnteredIsKnownWithoutTheGateway) {
  enter();
  std::optional<std::uint64_t> person;
  logins_.find({.token = ada_.entry.token, .client = ada_.entry.client}, ada_.entry.address, false,
               world_.now().mono, [&](auto result) { person = result.value().person; });
  EXPECT_TRUE(person);
}

// The request could come from somebody who has read the token on its way.
TEST_F(LoginsTest, ATokenThatEnteredOverTlsIsNotKnownInClearAndItsSessionEnds) {
  enter();
  const auto in_clear = find(true);
  ASSERT_TRUE(in_clear);
  EXPECT_FALSE(*in_clear);
  const auto secure = find(false);
  ASSERT_TRUE(secure);
  EXPECT_FALSE(*secure) << "the session has ended";
}

// Each is a question to the gateway.
TEST_F(LoginsTest, UnknownTokensOfOneNetworkDoNotKeepOthersOut) {
  const auto ask = [this](const IpAddress& address, std::uint64_t client) {
    std::optional<Refusal::Kind> refused;
    logins_.find({.token = ada_.entry.token, .client = client}, address, false, world_.now().mono,
                 [&](auto result) { refused = result.error().kind; });
    if (!refused) world_.work();
    return refused;
  };
  const IpAddress flood = parse_address("192.0.2.1").value();
  std::uint64_t asked = 0;
  while (asked <= Logins::kResumesAtOnce && ask(flood, asked + 1) != Refusal::Kind::too_soon) {
    ++asked;
  }
  EXPECT_EQ(asked, Logins::kResumesOfNetworkAtOnce);
  EXPECT_EQ(ask(parse_address("192.0.2.2").value(), 1), Refusal::Kind::reason);
}

}  // namespace
}  // namespace chatd::web
