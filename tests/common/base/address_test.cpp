// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <cstring>
#include <set>
#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chatd {
namespace {

using ::testing::HasSubstr;
using namespace std::string_view_literals;

static_assert(std::is_trivially_copyable_v<Endpoint>);

IpAddress address(std::string_view text) { return parse_address(text).value(); }
Network network(std::string_view text) { return parse_network(text).value(); }

std::string why_no_address(std::string_view text) {
  const auto parsed = parse_address(text);
  return parsed ? "it was accepted" : parsed.error().message();
}
std::string why_no_endpoint(std::string_view text) {
  const auto parsed = parse_endpoint(text);
  return parsed ? "it was accepted" : parsed.error().message();
}
std::string why_no_network(std::string_view text) {
  const auto parsed = parse_network(text);
  return parsed ? "it was accepted" : parsed.error().message();
}

TEST(IpAddress, IsWrittenAsItWasRead) {
  for (const auto text :
       {"10.1.2.3"sv, "0.0.0.0"sv, "::"sv, "::1"sv, "fe80::1"sv, "2001:db8::5"sv, "fe80::1%7"sv}) {
    EXPECT_EQ(to_text(address(text)), text);
  }
}

TEST(IpAddress, AnIpv4AddressIsItsMappedForm) {
  EXPECT_EQ(address("::ffff:10.1.2.3"), address("10.1.2.3"));
  EXPECT_TRUE(address("10.1.2.3").is_v4());
  EXPECT_FALSE(address("::10.1.2.3").is_v4());
}

TEST(IpAddress, KnowsBothWildcards) {
  EXPECT_TRUE(address("0.0.0.0").is_wildcard());
  EXPECT_TRUE(address("::").is_wildcard());
  EXPECT_FALSE(address("0.0.0.1").is_wildcard());
  EXPECT_FALSE(address("::1").is_wildcard());
}

TEST(IpAddress, AScopeIsANumberOrTheNameOfAnInterface) {
  EXPECT_EQ(address("fe80::1%2").scope, 2U);
  EXPECT_EQ(address("ff02::1%2").scope, 2U);
  ASSERT_NE(::if_nametoindex("lo"), 0U);
  EXPECT_EQ(address("fe80::1%lo").scope, ::if_nametoindex("lo"));
  EXPECT_NE(address("fe80::1%2"), address("fe80::1%3"));
}

TEST(IpAddress, RefusesAScopeThatIsNoInterfaceOrHasNoMeaning) {
  EXPECT_THAT(why_no_address("fe80::1%nosuchif"),
              HasSubstr("no network interface is called \"nosuchif\""));
  EXPECT_THAT(why_no_address("fe80::1%0"), HasSubstr("no network interface"));
  EXPECT_THAT(why_no_address("fe80::1%"), HasSubstr("no network interface"));
  EXPECT_THAT(why_no_address("2001:db8::1%lo"), HasSubstr("only a link-local address"));
}

TEST(IpAddress, RefusesInvalidTextAndNamesTheRightForm) {
  for (const auto text :
       {""sv, "localhost"sv, "10.1.2"sv, "10.1.2.256"sv, "010.1.2.3"sv, "1::2::3"sv, " 10.1.2.3"sv,
        "10.1.2.3%lo"sv, "10.1.2.3\0.evil"sv, "[::1]"sv}) {
    EXPECT_THAT(why_no_address(text), HasSubstr("is not an IP address: write one like 10.1.2.3"));
  }
}

TEST(Endpoint, IsWrittenAsItWasRead) {
  for (const auto text : {"10.1.2.3:8888"sv, "0.0.0.0:0"sv, "[::]:8888"sv, "[fe80::1%7]:65535"sv}) {
    EXPECT_EQ(to_text(parse_endpoint(text).value()), text);
  }
}

TEST(Endpoint, RefusesInvalidTextAndNamesTheRightForm) {
  EXPECT_THAT(why_no_endpoint("10.1.2.3"), HasSubstr("is no address with a port: write it like"));
  EXPECT_THAT(why_no_endpoint("[::1]"), HasSubstr("is no address with a port: write it like"));
  EXPECT_THAT(why_no_endpoint("::1:8888"), HasSubstr("write it like [::1]:8888"));
  EXPECT_THAT(why_no_endpoint("[::1:8888"), HasSubstr("lacks the closing bracket"));
  EXPECT_THAT(why_no_endpoint("[10.1.2.3]:8888"), HasSubstr("write 10.1.2.3:8888"));
  EXPECT_THAT(why_no_endpoint("localhost:8888"), HasSubstr("\"localhost\" is not an IP address"));
  for (const auto text : {"10.1.2.3:"sv, "10.1.2.3:65536"sv, "10.1.2.3:+1"sv, "10.1.2.3:-1"sv,
                          "10.1.2.3:80x"sv, "10.1.2.3: 80"sv}) {
    EXPECT_THAT(why_no_endpoint(text), HasSubstr("must be a number from 0 to 65535")) << text;
  }
}

TEST(Network, ContainsTheAddressesThatShareItsPrefix) {
  EXPECT_TRUE(network("10.0.0.0/8").contains(address("10.255.1.2")));
  EXPECT_FALSE(network("10.0.0.0/8").contains(address("11.0.0.0")));
  EXPECT_TRUE(network("172.16.0.0/12").contains(address("172.31.255.255")));
  EXPECT_FALSE(network("172.16.0.0/12").contains(address("172.32.0.0")));
  EXPECT_TRUE(network("fe80::/10").contains(address("febf::1%3")));
  EXPECT_FALSE(network("fe80::/10").contains(address("fec0::1")));
}

TEST(Network, OneAddressIsANetworkOfOne) {
  EXPECT_TRUE(network("192.0.2.7").contains(address("192.0.2.7")));
  EXPECT_FALSE(network("192.0.2.7").contains(address("192.0.2.6")));
  EXPECT_TRUE(network("::1").contains(address("::1")));
}

TEST(Network, AllAddressesOfOneFamilyExcludeTheOther) {
  EXPECT_TRUE(network("0.0.0.0/0").contains(address("255.1.2.3")));
  EXPECT_FALSE(network("0.0.0.0/0").contains(address("2001:db8::1")));
  EXPECT_TRUE(network("::/0").contains(address("2001:db8::1")));
  EXPECT_FALSE(network("::/0").contains(address("10.1.2.3")));
}

TEST(Network, AScopedNetworkMatchesItsInterfaceOnly) {
  EXPECT_TRUE(network("fe80::%2/10").contains(address("fe80::9%2")));
  EXPECT_FALSE(network("fe80::%2/10").contains(address("fe80::9%3")));
}

TEST(Network, IsWrittenAsItWasRead) {
  for (const auto text : {"10.0.0.0/8"sv, "0.0.0.0/0"sv, "::/0"sv, "fe80::/10"sv, "::1/128"sv}) {
    EXPECT_EQ(to_text(network(text)), text);
  }
  EXPECT_EQ(to_text(network("192.0.2.7")), "192.0.2.7/32");
}

TEST(Network, RefusesInvalidTextAndNamesTheRightForm) {
  EXPECT_THAT(why_no_network("10.1.0.0/8"), HasSubstr("below its prefix: write 10.0.0.0/8"));
  EXPECT_THAT(why_no_network("fe80::1/10"), HasSubstr("below its prefix: write fe80::/10"));
  EXPECT_THAT(why_no_network("::ffff:0:0/90"), HasSubstr("below its prefix: write "));
  EXPECT_THAT(why_no_network("10.0.0.0/33"), HasSubstr("must be a number from 0 to 32"));
  EXPECT_THAT(why_no_network("fe80::/129"), HasSubstr("must be a number from 0 to 128"));
  EXPECT_THAT(why_no_network("10.0.0.0/"), HasSubstr("\"\" is not a prefix length"));
  EXPECT_THAT(why_no_network("10.0.0.0/255.0.0.0"), HasSubstr("is not a prefix length"));
  EXPECT_THAT(why_no_network("lan/8"), HasSubstr("\"lan\" is not an IP address"));
}

TEST(Sockaddr, ConvertsToTheKernelAndBack) {
  for (const auto text : {"10.1.2.3:8888"sv, "[2001:db8::1]:53"sv, "[fe80::1%7]:1"sv}) {
    const Endpoint endpoint = parse_endpoint(text).value();
    sockaddr_storage storage{};
    const socklen_t length = to_sockaddr(endpoint, storage);
    const bool v4 = endpoint.address.is_v4();
    EXPECT_EQ(length, v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    EXPECT_EQ(storage.ss_family, v4 ? AF_INET : AF_INET6);
    EXPECT_EQ(from_sockaddr(storage), endpoint);
  }
}

TEST(Sockaddr, IsInNetworkByteOrder) {
  sockaddr_storage storage{};
  to_sockaddr(parse_endpoint("10.1.2.3:8888").value(), storage);
  sockaddr_in v4{};
  std::memcpy(&v4, &storage, sizeof v4);
  EXPECT_EQ(v4.sin_port, htons(8888));
  EXPECT_EQ(v4.sin_addr.s_addr, htonl(0x0a010203));
}

TEST(Sockaddr, AnUnknownFamilyGivesTheDefaultEndpoint) {
  sockaddr_storage storage{};
  storage.ss_family = AF_UNIX;
  EXPECT_EQ(from_sockaddr(storage), Endpoint{});
}

TEST(Hash, DependsOnEveryPartAndOnTheKey) {
  std::set<std::uint64_t> seen;
  for (const auto text : {"10.1.2.3:1"sv, "10.1.2.4:1"sv, "10.1.2.3:2"sv, "[fe80::1%1]:1"sv,
                          "[fe80::1%2]:1"sv, "[2001:db8::1]:1"sv, "[2002:db8::1]:1"sv}) {
    seen.insert(hash_of(parse_endpoint(text).value(), 1));
    seen.insert(hash_of(parse_endpoint(text).value(), 2));
  }
  EXPECT_EQ(seen.size(), 14U);
  EXPECT_EQ(hash_of(address("::1"), 5), hash_of(address("::1"), 5));
  EXPECT_NE(hash_of(address("::1"), 5), hash_of(address("::1"), 6));
}

TEST(Hash, OfTextDependsOnEachByteTheLengthAndTheKey) {
  std::set<std::uint64_t> seen;
  for (const auto text :
       {""sv, "a"sv, "a\0"sv, "b"sv, "12345678"sv, "123456789"sv, "123456780"sv}) {
    seen.insert(hash_of(text, 1));
    seen.insert(hash_of(text, 2));
  }
  EXPECT_EQ(seen.size(), 14U);
  EXPECT_EQ(hash_of("ada"sv, 5), hash_of("ada"sv, 5));
}

TEST(NetworkOf, IsTheIpv4AddressOrTheFirst64BitsOfIpv6) {
  EXPECT_EQ(network_of(address("192.0.2.7")), address("192.0.2.7"));
  EXPECT_EQ(network_of(address("2001:db8:1:2:3:4:5:6")), address("2001:db8:1:2::"));
  EXPECT_EQ(network_of(address("fc00::1")), network_of(address("fc00::ffff:0:0:2")));
}

TEST(NetworkOf, IsTheWholeAddressIfA64IsNotOneHost) {
  EXPECT_EQ(network_of(address("fe80::7%1")), address("fe80::7%1"));
  EXPECT_EQ(network_of(address("::1")), address("::1"));
}

TEST(IsLoopback, IsTrueForThisMachineOnly) {
  for (const auto text : {"127.0.0.1"sv, "127.255.1.2"sv, "::1"sv}) {
    EXPECT_TRUE(is_loopback(address(text))) << text;
  }
  for (const auto text :
       {"126.0.0.1"sv, "10.0.0.127"sv, "::"sv, "::2"sv, "fe80::1%1"sv, "1::1"sv}) {
    EXPECT_FALSE(is_loopback(address(text))) << text;
  }
}

TEST(Address, LocalIsWhatIsPrivateOrLinkLocal) {
  for (const char* local : {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
                            "169.254.9.9", "fe80::1%1", "fc00::1", "fdff::1"}) {
    EXPECT_TRUE(is_local(parse_address(local).value())) << local;
  }
  for (const char* other : {"127.0.0.1", "::1", "11.0.0.1", "172.32.0.1", "192.169.0.1",
                            "100.64.0.1", "203.0.113.1", "2001:db8::1", "fec0::1", "0.0.0.0"}) {
    EXPECT_FALSE(is_local(parse_address(other).value())) << other;
  }
}

}  // namespace
}  // namespace chatd
