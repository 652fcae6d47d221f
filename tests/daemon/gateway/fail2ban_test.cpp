// SPDX-License-Identifier: GPL-3.0-or-later
// The filters of packaging/fail2ban/chatd.conf match the lines that the gateway logs.
#include <fstream>
#include <optional>
#include <regex>
#include <string>

#include <gmock/gmock.h>

#include "daemon/gateway/gateway_log.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Fail2ban : public ::testing::Test {
 protected:
  // The value of a setting in the filter file.
  static std::string value(const std::string& name) {
    std::ifstream file{CHATD_SOURCE_DIR "/packaging/fail2ban/chatd.conf"};
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(name + " = ")) return line.substr(name.size() + 3);
    }
    ADD_FAILURE() << "no " << name;
    return {};
  }
  static void replace(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
      text.replace(at, what.size(), by);
    }
  }
  // The regular expression as fail2ban expands it. The <HOST> of fail2ban also matches host names,
  // and is as greedy.
  static std::regex pattern(const std::string& mode) {
    std::string text = value("mdre-" + mode);
    replace(text, "%(__prefix_line)s", "");
    replace(text, "%(_fields)s", value("_fields"));
    replace(text, "%%", "%");
    replace(text, "<SUBNET>", R"(([0-9a-fA-F:.]+(?:/\d+)?))");
    replace(text, "<HOST>", R"(\[?([0-9a-fA-F:.]+)\]?)");
    return std::regex{text};
  }
  // The addresses for which fail2ban would count a failure.
  [[nodiscard]] std::vector<std::string> found(const std::string& mode) const {
    std::vector<std::string> hosts;
    for (const auto& message : lines_.messages()) {
      std::smatch match;
      if (std::regex_search(message, match, pattern(mode))) hosts.push_back(match[1]);
    }
    return hosts;
  }
  void flood(const char* from, int datagrams) {
    const IpAddress address = parse_address(from).value();
    for (int i = 0; i < datagrams; ++i) log_.floods.refused(address, Limit::unauthenticated, now_);
  }

  test::LogLines lines_;
  GatewayLog log_;
  MonoTime now_{test::mono_at(seconds{100})};
};

TEST_F(Fail2ban, TheFloodFilterFindsFloodingAddresses) {
  flood("203.0.113.7", 12'345);
  flood("2001:db8::7", 100);
  flood("fe80::1%2", 200);
  log_.tick(now_ + seconds{10});
  EXPECT_THAT(found("flood"), ElementsAre("203.0.113.7", "fe80::1", "2001:db8::/64"));
  EXPECT_THAT(found("refuse"), IsEmpty());
}

TEST_F(Fail2ban, TheFloodFilterIgnoresSmallCountsAndSummaries) {
  flood("203.0.113.7", 99);
  for (unsigned i = 1; i <= 20; ++i) flood(("198.51.100." + std::to_string(i)).c_str(), 98);
  log_.tick(now_ + seconds{10});
  EXPECT_THAT(lines_.messages().back(), HasSubstr(" more datagrams refused"));
  EXPECT_THAT(found("flood"), IsEmpty());
}

TEST_F(Fail2ban, TheRefuseFilterFindsRefusedAddresses) {
  for (const char* peer : {"203.0.113.7:4000", "[2001:db8::7]:4000", "[fe80::1%2]:4000"}) {
    log_.refusals.refused_password(test::endpoint(peer), now_);
  }
  log_.refusals.refused(test::endpoint("203.0.113.8:1"), "ada", wire::Reason::name_taken, now_);
  EXPECT_THAT(found("refuse"), ElementsAre("203.0.113.7", "2001:db8::7", "fe80::1", "203.0.113.8"));
  EXPECT_THAT(found("flood"), IsEmpty());
}

TEST_F(Fail2ban, TheRefuseFilterFindsBannedAddresses) {
  log_.refusals.refused(test::endpoint("203.0.113.7:4000"), "ada", wire::Reason::banned, now_);
  log_.refusals.refused(test::endpoint("[2001:db8::7]:4000"), "ada", wire::Reason::banned, now_);
  EXPECT_THAT(found("refuse"), ElementsAre("203.0.113.7", "2001:db8::7"));
  EXPECT_THAT(found("flood"), IsEmpty());
}

TEST_F(Fail2ban, ReadsOnlyMessagesOfTheService) {
  EXPECT_EQ(value("journalmatch"),
            "_SYSTEMD_UNIT=chatd.service CHATD_EVENT=flood + "
            "_SYSTEMD_UNIT=chatd.service CHATD_EVENT=refuse");
}

}  // namespace
}  // namespace chatd::gateway
