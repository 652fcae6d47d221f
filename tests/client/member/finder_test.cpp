// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/finder.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

crypto::PublicKey key(unsigned number) {
  return {static_cast<std::byte>(number), static_cast<std::byte>(number >> 8U)};
}
Endpoint at(const char* text) { return parse_endpoint(text).value(); }

class FinderTest : public ::testing::Test {
 protected:
  static std::vector<std::byte> here(const crypto::PublicKey& identity, std::string_view room = {},
                                     std::uint64_t token = 7) {
    std::vector<std::byte> bytes(wire::kSeekBytes);
    wire::ByteWriter out{bytes};
    wire::write_here(out, {.token = token, .identity = identity, .room = room});
    bytes.resize(out.size());
    return bytes;
  }
  Finder finder_{7, [](const crypto::PublicKey& identity) { return identity == key(999); }};
};

TEST_F(FinderTest, ItsDatagramIsASeekWithItsToken) {
  EXPECT_EQ(finder_.seek().size(), wire::kSeekBytes);
  EXPECT_EQ(wire::read_seek(finder_.seek()).value().token, 7U);
}

TEST_F(FinderTest, ServersAreInTheOrderOfTheirAnswers) {
  finder_.receive(here(key(2), "lab"), at("192.168.1.5:8888"));
  finder_.receive(here(key(1)), at("192.168.1.6:8888"));
  ASSERT_THAT(finder_.servers(), SizeIs(2));
  EXPECT_EQ(finder_.servers()[0].identity, key(2));
  EXPECT_EQ(finder_.servers()[0].room, "lab");
  EXPECT_EQ(finder_.servers()[1].room, "");
}

TEST_F(FinderTest, OneServerHasSeveralAddressesIpv4First) {
  finder_.receive(here(key(1)), at("[fe80::1%1]:8888"));
  finder_.receive(here(key(1)), at("192.168.1.5:8888"));
  finder_.receive(here(key(1)), at("192.168.1.5:8888"));
  ASSERT_THAT(finder_.servers(), SizeIs(1));
  EXPECT_THAT(finder_.servers()[0].addresses,
              ElementsAre(at("192.168.1.5:8888"), at("[fe80::1%1]:8888")));
}

TEST_F(FinderTest, OnlyAnAnswerWithItsTokenFromALocalNetworkCounts) {
  finder_.receive(here(key(1), "lab", 8), at("192.168.1.5:8888"));
  finder_.receive(here(key(1)), at("203.0.113.1:8888"));
  finder_.receive(here(key(1)), at("127.0.0.1:8888"));
  finder_.receive(here(key(1)), at("192.168.1.5:0"));
  finder_.receive({}, at("192.168.1.5:8888"));
  finder_.receive(finder_.seek(), at("192.168.1.5:8888"));
  EXPECT_THAT(finder_.servers(), IsEmpty());
}

TEST_F(FinderTest, AFloodOfForgedAnswersLeavesSpaceForKnownServers) {
  for (unsigned i = 0; i < 500; ++i) finder_.receive(here(key(i)), at("192.168.1.5:8888"));
  finder_.receive(here(key(999)), at("192.168.1.9:8888"));
  ASSERT_THAT(finder_.servers(), SizeIs(Finder::kMaxServers + 1));
  EXPECT_EQ(finder_.servers().back().identity, key(999));
}

TEST_F(FinderTest, AServerHasFewAddresses) {
  for (int i = 1; i < 100; ++i) {
    finder_.receive(here(key(1)), at(("192.168.1." + std::to_string(i) + ":8888").c_str()));
  }
  EXPECT_THAT(finder_.servers().at(0).addresses, SizeIs(Finder::kMaxAddresses));
}

}  // namespace
}  // namespace chatd::client
