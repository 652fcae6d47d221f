// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ctl/render_now.hpp"

namespace chatd::ctl {
namespace {

using std::chrono::hours;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(RenderUsers, AnEmptyRoomIsCounted) {
  EXPECT_THAT(render(wire::UsersReport{}, {}, kNow), HasSubstr("\n0 members\n"));
  EXPECT_EQ(render(wire::UsersReport{}, {.legend = false}, kNow), "");
}

TEST(RenderProcesses, OnlyWorkersHaveANumber) {
  const wire::WorkersReport report{{{.role = "gateway", .pid = 5, .state = "ready"},
                                    {.role = "worker", .index = 0, .state = "starting"}}};
  const std::string text = render(report, {}, kNow);
  EXPECT_THAT(text, HasSubstr("\ngateway "));
  EXPECT_THAT(text, HasSubstr("\nworker 0 "));
}

class RenderKey : public ::testing::Test {
 protected:
  wire::KeyReport report_{.fingerprint = "SHA256:identity",
                          .key = "SHA256:key",
                          .serial = 1'796'000'000,
                          .end = "2027-11-30",
                          .has_identity = true,
                          .request = {}};
};

TEST_F(RenderKey, HasTheIdentityTheKeyAndTheCertificate) {
  EXPECT_EQ(render(report_),
            "  identity   SHA256:identity\n"
            "             its secret half is on this machine\n"
            "  key        SHA256:key\n"
            "  serial     1796000000\n"
            "  until      2027-11-30\n");
}

TEST_F(RenderKey, ARequestIsFollowedByWhatToDoWithIt) {
  report_.has_identity = false;
  report_.request = "AQID";
  EXPECT_THAT(render(report_),
              AllOf(HasSubstr("its secret half is kept elsewhere\n"),
                    HasSubstr("\n  chatd --identity identity.key --certify AQID\n"),
                    HasSubstr("chatctl key install\n")));
}

}  // namespace
}  // namespace chatd::ctl
