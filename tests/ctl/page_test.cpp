// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/page.hpp"

#include <gmock/gmock.h>

namespace chatd::ctl {
namespace {

using ::testing::ElementsAre;

std::vector<IpAddress> machine_addresses() {
  return {parse_address("192.0.2.7").value(), parse_address("2001:db8::7").value()};
}

TEST(Page, AWildcardAddressIsEveryAddressOfTheMachine) {
  EXPECT_THAT(urls_of({.listen = {"0.0.0.0:8880", "[::]:8880"}}, machine_addresses()),
              ElementsAre("http://192.0.2.7:8880/", "http://[2001:db8::7]:8880/",
                          "http://127.0.0.1:8880/", "http://[::1]:8880/"));
}

TEST(Page, AddressesForOthersComeBeforeLoopback) {
  EXPECT_THAT(urls_of({.listen = {"127.0.0.1:8880", "192.0.2.7:80"}}, {}),
              ElementsAre("http://192.0.2.7:80/", "http://127.0.0.1:8880/"));
}

TEST(Page, TheNamesBehindAProxyComeFirst) {
  wire::WebReport report{.listen = {"127.0.0.1:8880"}, .hosts = {"chat.example.org"}};
  EXPECT_THAT(urls_of(report, machine_addresses()), ElementsAre("http://127.0.0.1:8880/"));
  report.is_proxied = true;
  EXPECT_THAT(urls_of(report, machine_addresses()),
              ElementsAre("https://chat.example.org/", "http://127.0.0.1:8880/"));
}

TEST(Page, ARoomIsTheFragmentOfTheAddress) {
  EXPECT_THAT(urls_of({.listen = {"127.0.0.1:8880"}, .room = "lab-2"}, {}),
              ElementsAre("http://127.0.0.1:8880/#lab-2"));
  EXPECT_THAT(urls_of({.listen = {"127.0.0.1:8880"}, .room = "茶 &"}, {}),
              ElementsAre("http://127.0.0.1:8880/#%E8%8C%B6%20%26"));
}

TEST(Page, TheAddressForOthersIsNotOfThisMachineOnly) {
  EXPECT_EQ(url_for_others({.urls = {"http://192.0.2.7:8880/#lab", "http://127.0.0.1:8880/#lab"}}),
            "http://192.0.2.7:8880/#lab");
  EXPECT_EQ(url_for_others({.urls = {"https://chat.example.org/"}}), "https://chat.example.org/");
  EXPECT_EQ(url_for_others({.urls = {"http://127.0.0.1:8880/"}}), "");
  EXPECT_EQ(url_for_others({.urls = {"http://[::1]:8880/"}}), "");
  EXPECT_EQ(url_for_others({}), "");
}

TEST(Page, TheOwnAddressesAreNotLoopback) {
  for (const IpAddress& address : own_addresses()) {
    EXPECT_FALSE(is_loopback(address)) << to_text(address);
    EXPECT_EQ(address.scope, 0U) << to_text(address);
  }
}

}  // namespace
}  // namespace chatd::ctl
