// SPDX-License-Identifier: GPL-3.0-or-later
// The ends that execute something or talk to systemd are seen in tests/integration and
// tests/system.
#include "daemon/service_end.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "tests/support/temp_dir.hpp"

namespace chatd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class ServiceEndTest : public ::testing::Test {
 protected:
  ServiceEndTest() {
    ::unsetenv("NOTIFY_SOCKET");
    service_.program = "/usr/sbin/chatd";
    service_.config.control.path = "/run/x/control.sock";
    service_.config.state.directory = "/var/lib/x";
  }
  Service service_;
};

TEST_F(ServiceEndTest, ASuccessorIsToldWhereAllIs) {
  service_.options.daemon = true;
  service_.options.user = "_chatd";
  EXPECT_THAT(successor_of(service_),
              ElementsAre("/usr/sbin/chatd", "--daemon", "--user", "_chatd", "--control",
                          "/run/x/control.sock", "--state-dir", "/var/lib/x"));
}

TEST_F(ServiceEndTest, ThePidFileStaysTheSame) {
  const test::TempDir directory;
  service_.pid_file = sys::PidFile::lock(directory / "pid").value();
  EXPECT_THAT(successor_of(service_), Contains(directory / "pid"));
}

TEST_F(ServiceEndTest, AStopWithoutAManagerIsTheEnd) {
  EXPECT_EQ(end_service(service_, supervisor::Ending::stopped), EXIT_SUCCESS);
}

}  // namespace
}  // namespace chatd
