// SPDX-License-Identifier: GPL-3.0-or-later
// The ends that execute something or talk to systemd are tested in tests/integration and
// tests/system.
#include "daemon/service_end.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

namespace chatd {
namespace {

class ServiceEndTest : public ::testing::Test {
 protected:
  ServiceEndTest() { ::unsetenv("NOTIFY_SOCKET"); }
  Service service_;
};

TEST_F(ServiceEndTest, AStopWithoutAManagerEndsWithSuccess) {
  EXPECT_EQ(end_service(service_, supervisor::Ending::stopped), EXIT_SUCCESS);
}

}  // namespace
}  // namespace chatd
