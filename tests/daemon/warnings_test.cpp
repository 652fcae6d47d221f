// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/warnings.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/udp_socket.hpp"
#include "common/io/unix_socket.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class WarningsTest : public ::testing::Test {
 protected:
  WarningsTest() { options_.config_file = "/etc/chatd/chatd.toml"; }

  // As a socket unit passes them: one socket of each kind, at other addresses than configured.
  Resources passed_by_systemd() {
    sys::ListenFds passed;
    passed.udp.push_back(io::open_udp_socket(parse_endpoint("127.0.0.1:0").value()).value());
    passed.control = io::listen_unix(directory_ / "passed.sock").value();
    return open_resources(config_, std::move(passed)).value();
  }
  void enable_the_socket_unit() {
    const auto wants = directory_ / "etc/systemd/system/sockets.target.wants";
    std::filesystem::create_directories(wants);
    // As systemctl makes it; its target is in another root.
    std::filesystem::create_symlink("/nowhere/chatd.socket", wants + "/chatd.socket");
  }
  static std::vector<std::string> texts(const std::vector<config::Problem>& problems) {
    std::vector<std::string> texts;
    for (const auto& problem : problems) texts.push_back(to_text(problem));
    return texts;
  }

  test::TempDir directory_;
  config::Config config_;
  Options options_;
};

TEST_F(WarningsTest, TheDefaultsHaveNone) {
  const auto resources = passed_by_systemd();
  EXPECT_THAT(warnings(config_, options_, resources), IsEmpty());
  enable_the_socket_unit();
  EXPECT_THAT(check_warnings(config_, options_, directory_.path()), IsEmpty());
}

TEST_F(WarningsTest, SettingsThatNameOtherSocketsThanSystemdPassedHaveNoEffect) {
  const auto resources = passed_by_systemd();
  config_.network.listen = {parse_endpoint("0.0.0.0:8888").value()};
  config_.control.path = "/run/other.sock";
  const auto said = texts(warnings(config_, options_, resources));
  ASSERT_EQ(said.size(), 2U);
  EXPECT_THAT(said[0], HasSubstr("/etc/chatd/chatd.toml: network.listen: has no effect, since "
                                 "chatd.socket opened " +
                                 to_text(resources.sockets[0].where)));
  EXPECT_THAT(said[0], HasSubstr("\"systemctl edit chatd.socket\""));
  EXPECT_THAT(said[1], HasSubstr("/etc/chatd/chatd.toml: control.path: has no effect, since "
                                 "chatd-control.socket opened " +
                                 (directory_ / "passed.sock")));
  EXPECT_THAT(without_effect(resources),
              ElementsAre("network.listen", "web.listen", "control.path"));
}

TEST_F(WarningsTest, SettingsThatNameTheSocketsThatSystemdPassedAreFine) {
  const auto resources = passed_by_systemd();
  config_.network.listen = {resources.sockets[0].where};
  config_.control.path = directory_ / "passed.sock";
  EXPECT_THAT(warnings(config_, options_, resources), IsEmpty());
}

TEST_F(WarningsTest, ADaemonThatOpensItsOwnSocketsHasNoWarnings) {
  config_.network.listen = {parse_endpoint("127.0.0.1:0").value()};
  config_.control.path = directory_ / "control.sock";
  const auto resources = open_resources(config_, {}).value();
  EXPECT_THAT(warnings(config_, options_, resources), IsEmpty());
  EXPECT_THAT(without_effect(resources), IsEmpty());
}

TEST_F(WarningsTest, TheCheckWarnsWhereTheSocketUnitIsEnabled) {
  config_.network.listen = {parse_endpoint("0.0.0.0:8888").value()};
  config_.control.path = "/run/other.sock";
  EXPECT_THAT(check_warnings(config_, options_, directory_.path()), IsEmpty());
  enable_the_socket_unit();
  EXPECT_THAT(texts(check_warnings(config_, options_, directory_.path())),
              ElementsAre(HasSubstr("network.listen: has no effect in chatd.service, for which "
                                    "chatd.socket opens the socket"),
                          HasSubstr("control.path: has no effect in chatd.service, for which "
                                    "chatd-control.socket opens the socket")));
}

TEST_F(WarningsTest, TheCheckTakesTheCommandLineForADaemonThatIsStartedByHand) {
  enable_the_socket_unit();
  options_.listen = {parse_endpoint("0.0.0.0:8888").value()};
  options_.control = "/run/other.sock";
  config_.network.listen = options_.listen;
  config_.control.path = options_.control;
  EXPECT_THAT(check_warnings(config_, options_, directory_.path()), IsEmpty());
}

}  // namespace
}  // namespace chatd
