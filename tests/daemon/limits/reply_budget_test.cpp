// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/reply_budget.hpp"

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

unsigned answers(ReplyBudget& budget, const IpAddress& address, MonoTime now) {
  unsigned count = 0;
  while (count < 1000 && budget.may_answer(address, now)) ++count;
  return count;
}

TEST(ReplyBudget, AnAddressGetsABurstAndThenARate) {
  ReplyBudget budget{42};
  const IpAddress address = test::endpoint("192.168.1.1:0").address;
  EXPECT_EQ(answers(budget, address, test::mono_at(seconds{100})), 100U);
  EXPECT_EQ(answers(budget, address, test::mono_at(seconds{100})), 0U);
  EXPECT_EQ(answers(budget, address, test::mono_at(seconds{101})), 50U);
  EXPECT_EQ(answers(budget, address, test::mono_at(seconds{200})), 100U);
}

TEST(ReplyBudget, OneAddressDoesNotConsumeTheBudgetOfAnother) {
  ReplyBudget budget{42};
  const auto now = test::mono_at(seconds{100});
  (void)answers(budget, test::endpoint("192.168.1.1:0").address, now);
  EXPECT_EQ(answers(budget, test::endpoint("192.168.1.2:0").address, now), 100U);
  EXPECT_EQ(answers(budget, test::endpoint("[fe80::1%1]:0").address, now), 100U);
}

TEST(ReplyBudget, AnIpv6NetworkHasOneBudget) {
  ReplyBudget budget{42};
  const auto now = test::mono_at(seconds{100});
  EXPECT_EQ(answers(budget, test::endpoint("[2001:db8::1]:0").address, now), 100U);
  EXPECT_EQ(answers(budget, test::endpoint("[2001:db8::2]:0").address, now), 0U);
}

TEST(ReplyBudget, TheHashKeyDecidesWhichAddressesShareABudget) {
  const auto now = test::mono_at(seconds{100});
  const auto exhausted_by_others = [&](std::uint64_t key) {
    ReplyBudget budget{key};
    IpAddress address = test::endpoint("10.0.0.0:0").address;
    for (unsigned i = 0; i < 4096; ++i) {
      address.bytes[14] = static_cast<std::uint8_t>(i / 256);
      address.bytes[15] = static_cast<std::uint8_t>(i % 256);
      (void)answers(budget, address, now);
    }
    std::vector<unsigned> empty;
    address.bytes[13] = 1;
    for (unsigned i = 0; i < 64; ++i) {
      address.bytes[15] = static_cast<std::uint8_t>(i);
      if (!budget.may_answer(address, now)) empty.push_back(i);
    }
    return empty;
  };
  EXPECT_NE(exhausted_by_others(1), exhausted_by_others(2));
}

}  // namespace
}  // namespace chatd::gateway
