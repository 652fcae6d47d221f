// SPDX-License-Identifier: GPL-3.0-or-later
// A native member whose address changes to one in a banned network.
#include <string>

#include <gtest/gtest.h>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/forged_network.hpp"
#include "tests/support/native_client.hpp"

namespace chatd::test {
namespace {

TEST(BannedMove, AMemberThatMovesToABannedNetworkIsRemoved) {
  const auto network = ForgedNetwork::create();
  if (!network) GTEST_SKIP() << "needs root and ip(8): " << network.error().message();
  const DaemonUnderTest daemon{DaemonUnderTest::Options{.listen = {"0.0.0.0:0"}}};
  const Endpoint server{.address = parse_address(ForgedNetwork::kServer).value(),
                        .port = daemon.endpoint().port};
  NativeClient ada{server, {.name = "ada"}};
  ada.enter();
  const std::string elsewhere{ForgedNetwork::kElsewhere};
  ASSERT_EQ(daemon.ctl({"ban", elsewhere + "/32", "--reason", "noise"}).status, 0);
  ada.move(ForgedNetwork::kFurther);
  ada.say("from another address, which is not banned");
  ada.move(ForgedNetwork::kElsewhere);
  EXPECT_EQ(ada.await<client::Ended>().text, "banned: noise");
  EXPECT_TRUE(daemon.names().empty());
}

}  // namespace
}  // namespace chatd::test
