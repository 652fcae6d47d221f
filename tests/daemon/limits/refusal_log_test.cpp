// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/refusal_log.hpp"

#include <gmock/gmock.h>

#include "tests/support/log_lines.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using wire::Reason;

class RefusalLogTest : public ::testing::Test {
 protected:
  test::LogLines log_;
  FloodLog floods_;
  RefusalLog refusals_{floods_};
  Endpoint peer_{test::endpoint("192.0.2.1:77")};
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(RefusalLogTest, LogsTheAddressAndTheReason) {
  refusals_.refused(peer_, "ada", Reason::name_taken, now_);
  refusals_.refused_password(peer_, now_);
  ASSERT_THAT(log_.all(), SizeIs(2));
  const auto& line = log_.all()[0];
  EXPECT_EQ(line.level, LogLevel::notice);
  EXPECT_EQ(line.message, "refused 192.0.2.1:77: " +
                              std::string{wire::phrase(wire::Language::en, Reason::name_taken)} +
                              " (name: ada)");
  EXPECT_EQ(line.field("CHATD_EVENT"), "refuse");
  EXPECT_EQ(line.field("CHATD_ADDRESS"), "192.0.2.1");
  EXPECT_EQ(line.field("CHATD_PORT"), "77");
  EXPECT_EQ(line.field("CHATD_REASON"), "name_taken");
  EXPECT_EQ(line.field("CHATD_USER"), "ada");
  EXPECT_EQ(log_.all()[1].field("CHATD_REASON"), "wrong_password");
}

TEST_F(RefusalLogTest, LogsNoAddressIfAddressesAreNotLogged) {
  set_log_addresses(false);
  refusals_.refused(peer_, "ada", Reason::name_taken, now_);
  ASSERT_THAT(log_.all(), SizeIs(1));
  EXPECT_THAT(log_.all()[0].message, ::testing::StartsWith("refused an address: "));
  EXPECT_EQ(log_.all()[0].field("CHATD_ADDRESS"), "");
}

TEST_F(RefusalLogTest, ANameThatNoMemberCanHaveIsNotLogged) {
  refusals_.refused(peer_, "x\n refused 192.0.2.2:1: y", Reason::name_has_space, now_);
  ASSERT_THAT(log_.all(), SizeIs(1));
  EXPECT_THAT(log_.all()[0].message, ::testing::Not(::testing::HasSubstr("192.0.2.2")));
  EXPECT_EQ(log_.all()[0].field("CHATD_USER"), "");
}

TEST_F(RefusalLogTest, LogsTheReasonCodesThatNativeClientsGet) {
  for (const Reason why : {Reason::room_full, Reason::address_full, Reason::name_reserved}) {
    refusals_.refused(peer_, "ada", why, now_);
  }
  std::vector<std::string> reasons;
  for (const auto& line : log_.all()) reasons.push_back(line.field("CHATD_REASON"));
  EXPECT_THAT(reasons, ElementsAre("room_full", "address_full", "name_refused"));
}

TEST_F(RefusalLogTest, RefusalsBeyondTheRateLimitAreCountedAsAFlood) {
  for (int i = 0; i < 500; ++i) refusals_.refused(peer_, "ada", Reason::name_taken, now_);
  for (int i = 0; i < 500; ++i) refusals_.refused_password(peer_, now_);
  EXPECT_THAT(log_.all(), SizeIs(RefusalLog::kAtOnce));
  log_.clear();
  floods_.tick(now_ + FloodLog::kPeriod);
  EXPECT_THAT(log_.messages(), ElementsAre("flood: 990 datagrams from 192.0.2.1 refused in 10 s"));
}

TEST_F(RefusalLogTest, LoginsRefusedByALimitAreAFloodFromTheSecondOn) {
  refusals_.refused(peer_, "ada", Reason::address_full, now_);
  floods_.tick(now_ + FloodLog::kPeriod);
  EXPECT_THAT(log_.all(), SizeIs(1));
  for (int i = 0; i < 5; ++i) refusals_.refused(peer_, "ada", Reason::address_full, now_);
  log_.clear();
  floods_.tick(now_ + FloodLog::kPeriod);
  EXPECT_THAT(log_.messages(), ElementsAre("flood: 5 datagrams from 192.0.2.1 refused in 10 s"));
}

}  // namespace
}  // namespace chatd::gateway
