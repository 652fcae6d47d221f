// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/rules.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chatd::http {
namespace {

IpAddress at(std::string_view text) { return parse_address(text).value(); }

const Rules kRules{.hosts = {"chat.example", "lab.local"},
                   .proxies = {parse_network("192.0.2.0/24").value()}};

Request asked(Fields headers, Method method = Method::get) {
  return {.method = method, .path = "/", .headers = std::move(headers)};
}

int status_of(const Request& request, std::string_view peer, const Rules& rules = kRules) {
  const auto sender = judge(request, at(peer), rules);
  return sender ? 200 : sender.error().status;
}

TEST(HostTest, IsTheNameOrAddressWithoutItsPort) {
  for (const auto& [header, host] : {std::pair{"localhost", "localhost"},
                                     {"LOCALHOST:8880", "localhost"},
                                     {"localhost.", "localhost"},
                                     {"localhost.:8880", "localhost"},
                                     {"127.0.0.1:8880", "127.0.0.1"},
                                     {"[::1]:8880", "::1"},
                                     {"[2001:DB8::1]", "2001:db8::1"},
                                     {" chat.example ", "chat.example"}}) {
    EXPECT_EQ(host_of(header), host) << header;
  }
}

TEST(HostTest, IsRefusedIfItIsNotValid) {
  for (const char* header : {"", ".", ":8880", "a b", "host:", "host:port", "host:123456", "[::1",
                             "[::1]8880", "[127.0.0.1]:1", "[evil]", "user@localhost",
                             "localhost/x", "a\tb", "host:-1", "\xc3\xa9"}) {
    EXPECT_EQ(host_of(header), std::nullopt) << header;
  }
  EXPECT_EQ(host_of(std::string(254, 'a')), std::nullopt);
}

TEST(HostTest, ANameMustBeOneOfThisServer) {
  for (const char* host :
       {"localhost", "a.localhost", "127.0.0.1", "::1", "10.1.2.3", "chat.example", "lab.local"}) {
    EXPECT_TRUE(is_own_host(host, kRules)) << host;
  }
  for (const char* host :
       {"evil.test", "127.0.0.1.evil.test", "localhost.evil.test", "0x7f.1", "127.1", "2130706433",
        "notlocalhost", "chat.example.evil.test", "evil-chat.example"}) {
    EXPECT_FALSE(is_own_host(host, kRules)) << host;
  }
}

TEST(RulesTest, ARequestForAnotherHostIsMisdirected) {
  EXPECT_EQ(status_of(asked({{"host", "evil.test:8880"}}), "127.0.0.1"), 421);
  EXPECT_EQ(status_of(asked({}), "127.0.0.1"), 421);
  EXPECT_EQ(status_of(asked({{"host", "127.0.0.1:8880"}}), "127.0.0.1"), 200);
}

TEST(RulesTest, ARequestIsLocalIfPeerAndHostAreLoopbackAndNoProxyIsBetween) {
  const auto is_local = [](Fields headers, std::string_view peer) {
    const auto sender = judge(asked(std::move(headers)), at(peer), kRules);
    return sender && sender->is_local;
  };
  EXPECT_TRUE(is_local({{"host", "localhost:8880"}}, "127.0.0.1"));
  EXPECT_TRUE(is_local({{"host", "[::1]:8880"}}, "::1"));
  EXPECT_FALSE(is_local({{"host", "chat.example"}}, "127.0.0.1"));
  EXPECT_FALSE(is_local({{"host", "localhost"}}, "198.51.100.7"));
  EXPECT_FALSE(is_local({{"host", "localhost"}, {"via", "1.1 x"}}, "127.0.0.1"));
}

TEST(RulesTest, AProxyOfThisMachineMustBeListed) {
  for (const char* name : {"forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
                           "via", "x-real-ip"}) {
    const Request request = asked({{"host", "localhost"}, {name, "x"}});
    const auto sender = judge(request, at("127.0.0.1"), kRules);
    ASSERT_FALSE(sender) << name;
    EXPECT_EQ(sender.error().status, 421);
    EXPECT_NE(sender.error().message.find("web.proxies"), std::string::npos);
  }
}

TEST(RulesTest, OnlyAListedProxySaysFromWhereARequestCame) {
  const Fields headers{{"host", "chat.example"},
                       {"x-forwarded-for", "10.0.0.1, 203.0.113.5"},
                       {"x-forwarded-proto", "HTTPS"}};
  const auto forged = judge(asked(headers), at("198.51.100.7"), kRules);
  ASSERT_TRUE(forged);
  EXPECT_EQ(forged->address, at("198.51.100.7"));
  EXPECT_FALSE(forged->is_secure);
  const auto through = judge(asked(headers), at("192.0.2.1"), kRules);
  ASSERT_TRUE(through);
  EXPECT_EQ(through->address, at("203.0.113.5")) << "what the client wrote itself is before it";
  EXPECT_TRUE(through->is_secure);
  EXPECT_FALSE(through->is_local);
}

TEST(RulesTest, TheClientIsTheLastAddressThatIsNoListedProxy) {
  const auto client = [](std::string_view forwarded) {
    const auto sender =
        judge(asked({{"host", "chat.example"}, {"x-forwarded-for", std::string{forwarded}}}),
              at("192.0.2.1"), kRules);
    return sender ? to_text(sender->address) : "refused";
  };
  EXPECT_EQ(client("198.51.100.7, 192.0.2.9"), "198.51.100.7");
  EXPECT_EQ(client("198.51.100.7:4000"), "198.51.100.7");
  EXPECT_EQ(client("[2001:db8::1]:443"), "2001:db8::1");
  EXPECT_EQ(client("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(client(""), "192.0.2.1");
  EXPECT_EQ(client("1.2.3.4, unknown"), "refused");
}

TEST(RulesTest, SeveralLinesOfForwardedForAreOneListInTheirOrder) {
  const auto client = [](std::string_view first, std::string_view second) {
    const auto sender = judge(asked({{"host", "chat.example"},
                                     {"x-forwarded-for", std::string{first}},
                                     {"accept", "*/*"},
                                     {"x-forwarded-for", std::string{second}}}),
                              at("192.0.2.1"), kRules);
    return sender ? to_text(sender->address) : "refused";
  };
  EXPECT_EQ(client("10.0.0.1", "203.0.113.5"), "203.0.113.5") << "the first line is the client's";
  EXPECT_EQ(client("10.0.0.1, 198.51.100.7", "192.0.2.9"), "198.51.100.7");
  EXPECT_EQ(client("198.51.100.7", "unknown"), "refused");
}

TEST(RulesTest, ARequestIsSecureIfAllLinesOfForwardedProtoSayHttps) {
  const auto is_secure = [](const std::vector<std::string>& lines) {
    Fields headers{{"host", "chat.example"}};
    for (const std::string& line : lines) headers.emplace_back("x-forwarded-proto", line);
    const auto sender = judge(asked(std::move(headers)), at("192.0.2.1"), kRules);
    return sender && sender->is_secure;
  };
  EXPECT_TRUE(is_secure({"https"}));
  EXPECT_TRUE(is_secure({"https", "HTTPS"}));
  EXPECT_TRUE(is_secure({"https, https"}));
  EXPECT_FALSE(is_secure({"https", "http"})) << "the first line is the client's";
  EXPECT_FALSE(is_secure({"https,http"}));
  EXPECT_FALSE(is_secure({"http", "https"}));
  EXPECT_FALSE(is_secure({"https,"}));
  EXPECT_FALSE(is_secure({""}));
  EXPECT_FALSE(is_secure({}));
}

// A proxy may send no header, and a Host of its own: as nginx does if it is not told otherwise.
TEST(RulesTest, ARequestOfAListedProxyIsNeverLocal) {
  const Rules rules{.hosts = {}, .proxies = {parse_network("127.0.0.1").value()}};
  const auto sender = judge(asked({{"host", "127.0.0.1:8880"}}), at("127.0.0.1"), rules);
  ASSERT_TRUE(sender);
  EXPECT_FALSE(sender->is_local);
  EXPECT_FALSE(sender->is_secure);
  const auto other = judge(asked({{"host", "127.0.0.1:8880"}}), at("::1"), rules);
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->is_local);
}

TEST(RulesTest, AChangeOfAnotherSitesPageIsRefused) {
  const auto status = [](std::string_view host, std::string_view origin, std::string_view peer) {
    return status_of(
        asked({{"host", std::string{host}}, {"origin", std::string{origin}}}, Method::post), peer);
  };
  EXPECT_EQ(status("chat.example:8880", "http://chat.example:8880", "198.51.100.7"), 200);
  EXPECT_EQ(status("chat.example:8880", "http://CHAT.example:8880", "198.51.100.7"), 200);
  EXPECT_EQ(status("chat.example:8880", "http://chat.example:9999", "198.51.100.7"), 403);
  EXPECT_EQ(status("chat.example:8880", "https://chat.example:8880", "198.51.100.7"), 403);
  EXPECT_EQ(status("chat.example:8880", "http://evil.test", "198.51.100.7"), 403);
  EXPECT_EQ(status("chat.example:8880", "null", "198.51.100.7"), 403);
  EXPECT_EQ(status("chat.example:8880", "", "198.51.100.7"), 403);
  EXPECT_EQ(status_of(asked({{"host", "localhost"}}, Method::post), "127.0.0.1"), 200)
      << "a program sends no Origin";
}

}  // namespace
}  // namespace chatd::http
