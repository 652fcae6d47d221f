// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/target.hpp"

#include <netdb.h>

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace chatd::client {
namespace {

TEST(Target, IsAHostAloneOrWithANameAndAPort) {
  EXPECT_EQ(parse_target("chat.example"), (Target{"", "chat.example", 8888}));
  EXPECT_EQ(parse_target("ada@chat.example:9000"), (Target{"ada", "chat.example", 9000}));
  EXPECT_EQ(parse_target("小明@10.1.2.3"), (Target{"小明", "10.1.2.3", 8888}));
}

TEST(Target, AcceptsIpv6Addresses) {
  EXPECT_EQ(parse_target("::1"), (Target{"", "::1", 8888}));
  EXPECT_EQ(parse_target("[::1]"), (Target{"", "::1", 8888}));
  EXPECT_EQ(parse_target("ada@[fe80::1%eth0]:9000"), (Target{"ada", "fe80::1%eth0", 9000}));
}

TEST(Target, ProposesTheBracketsOfAnAddressWithAPort) {
  const auto meant = [](const char* typed) { return port_meant(parse_target(typed).value()); };
  EXPECT_EQ(meant("::1:8888"), "[::1]:8888");
  EXPECT_EQ(meant("ada@2001:db8::7:18888"), "[2001:db8::7]:18888");
  EXPECT_EQ(meant("1:2:3:4:5:6:7:8:8888"), "[1:2:3:4:5:6:7:8]:8888");
  for (const char* good : {"::1", "fe80::1", "2001:db8::7:88", "::8888", "::1:abcd", "[::1]:8888",
                           "[::1:8888]:9000", "host:8888", "host", "::1:99999"}) {
    EXPECT_EQ(meant(good), "") << good;
  }
}

TEST(Target, EndsTheNameAtTheLastAtSign) {
  EXPECT_EQ(parse_target("a@b@host"), (Target{"a@b", "host", 8888}));
}

TEST(Target, ReportsWhatIsWrong) {
  for (const char* wrong : {"", "@host", "host:", "host:0", "host:65536", "host:http", "[::1",
                            "[::1]x", "-host", "a b", "http://host", ":8888", "ada@"}) {
    const auto target = parse_target(wrong);
    EXPECT_FALSE(target) << wrong;
    EXPECT_TRUE(target || !target.error().message().empty()) << wrong;
  }
}

TEST(Target, ReportsTheCharacterThatAHostCannotHave) {
  EXPECT_EQ(parse_target("a b").error().message(), "\"a b\" is not a host: it has a space");
  EXPECT_EQ(parse_target("host/x").error().message(), "\"host/x\" is not a host: it has a '/'");
  EXPECT_EQ(parse_target("ada@").error().message(), "\"\" is not a host: it is empty");
}

TEST(Target, HasOneTextForm) {
  EXPECT_EQ(to_text({"ada", "Chat.EXAMPLE", 8888}), "chat.example:8888");
  EXPECT_EQ(to_text({"", "::1", 9000}), "[::1]:9000");
}

TEST(Resolve, ReturnsAnAddressAsItIs) {
  const auto v4 = resolve({.name = {}, .host = "127.0.0.1", .port = 8888});
  ASSERT_TRUE(v4);
  EXPECT_EQ(*v4, std::vector{parse_endpoint("127.0.0.1:8888").value()});
  const auto v6 = resolve({.name = {}, .host = "::1", .port = 9000});
  ASSERT_TRUE(v6);
  EXPECT_EQ(*v6, std::vector{parse_endpoint("[::1]:9000").value()});
}

TEST(Resolve, ReturnsEachAddressOfAHostOnce) {
  auto found = resolve({.name = {}, .host = "localhost", .port = 8888});
  ASSERT_TRUE(found);
  const auto v4 = parse_endpoint("127.0.0.1:8888").value();
  EXPECT_EQ(std::ranges::count(*found, v4), 1);
}

// A machine without a name server has another reason than one with it.
TEST(Resolve, ReportsWhyThereIsNoAddress) {
  const Target target{.name = {}, .host = "256.256.256.256", .port = 8888};
  const auto none = resolve(target);
  ASSERT_FALSE(none);
  EXPECT_TRUE(none.error().message() == "the name is not known" ||
              none.error().message() == "no name server replies")
      << none.error().message();
  const auto chinese = resolve(target, wire::Language::zh);
  ASSERT_FALSE(chinese);
  EXPECT_TRUE(chinese.error().message() == "没有这个名字" ||
              chinese.error().message() == "没有域名服务器应答")
      << chinese.error().message();
}

TEST(Resolve, EachErrorIsInBothLanguagesAndAnUnknownOneHasItsCode) {
  for (const int code : {EAI_NONAME, EAI_NODATA, EAI_ADDRFAMILY, EAI_AGAIN, EAI_FAIL, EAI_MEMORY}) {
    EXPECT_EQ(why_no_address(code, wire::Language::en).find("error -"), std::string::npos) << code;
    EXPECT_NE(why_no_address(code, wire::Language::en), why_no_address(code, wire::Language::zh));
  }
  EXPECT_EQ(why_no_address(EAI_SERVICE, wire::Language::zh).find("错误 -8："), 0U);
}

}  // namespace
}  // namespace chatd::client
