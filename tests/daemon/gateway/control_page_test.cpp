// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_page.hpp"

#include <gmock/gmock.h>

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ControlPageTest : public ::testing::Test {
 protected:
  ControlPageTest() {
    inheritance_.config = &config_;
    inheritance_.page = {parse_endpoint("0.0.0.0:8880").value(),
                         parse_endpoint("[::1]:8880").value()};
  }
  // Why there is no page.
  std::string why() {
    const auto report = page_report(inheritance_);
    return report ? "" : report.error().code + ": " + report.error().message;
  }
  config::Config config_;
  Inheritance inheritance_{};
};

TEST_F(ControlPageTest, ReportsTheAddressesAndTheNamesBehindAProxy) {
  auto report = page_report(inheritance_);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->listen, ElementsAre("0.0.0.0:8880", "[::1]:8880"));
  EXPECT_FALSE(report->is_proxied);
  config_.web.hosts = {"chat.example.org"};
  config_.web.proxies = {parse_network("127.0.0.1/32").value()};
  report = page_report(inheritance_);
  ASSERT_TRUE(report);
  EXPECT_THAT(report->hosts, ElementsAre("chat.example.org"));
  EXPECT_TRUE(report->is_proxied);
}

TEST_F(ControlPageTest, SaysWhyThereIsNoPage) {
  inheritance_.page_problem = "127.0.0.1:8880: Address already in use";
  EXPECT_EQ(why(), "failed: there is no page: 127.0.0.1:8880: Address already in use");
  config_.web.enabled = false;
  EXPECT_EQ(why(), "failed: the page is closed by web.enabled");
  config_.web.closed_by_door = true;
  EXPECT_THAT(why(), HasSubstr("web.enabled = true opens it"));
  config_ = {};
  inheritance_.page_problem = "";
  inheritance_.page.clear();
  EXPECT_EQ(why(), "failed: there is no page: it has no address, or web.sessions is 0");
}

}  // namespace
}  // namespace chatd::gateway
