// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/rules.hpp"

#include <gmock/gmock.h>

#include "daemon/config/settings.hpp"
#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> listen_problems(std::string_view list) {
  return problems_of("network.listen = [" + std::string{list} + "]");
}

TEST(Rules, NameExistingSettings) {
  for (const auto& table : {rules(), advice()}) {
    for (const Rule& rule : table) {
      EXPECT_NE(find_setting(rule.key), nullptr) << rule.key;
      EXPECT_TRUE(rule.other.empty() || find_setting(rule.other) != nullptr) << rule.other;
    }
  }
}

TEST(Rules, TheDefaultsBreakNoAdvice) { EXPECT_THAT(warnings(Config{}, "x"), IsEmpty()); }

TEST(Rules, TwoEqualListenAddressesAreRefused) {
  EXPECT_THAT(listen_problems("\"127.0.0.1:1\", \"[::1]:1\", \"127.0.0.1:1\""),
              ElementsAre("chatd.toml:1: network.listen: 127.0.0.1:1 is there twice"));
  EXPECT_THAT(listen_problems("\"[::1]:1\", \"[0:0::1]:1\""),
              ElementsAre("chatd.toml:1: network.listen: [::1]:1 is there twice"));
  EXPECT_THAT(listen_problems("\"127.0.0.1:1\", \"127.0.0.1:2\", \"127.0.0.2:1\""), IsEmpty());
}

TEST(Rules, AWildcardIncludesTheAddressesOfItsFamily) {
  EXPECT_THAT(listen_problems("\"127.0.0.1:1\", \"0.0.0.0:1\""),
              ElementsAre("chatd.toml:1: network.listen: 127.0.0.1:1 and 0.0.0.0:1 cannot both be "
                          "bound: one includes the other"));
  EXPECT_THAT(listen_problems("\"[::]:1\", \"[::1]:1\""),
              ElementsAre("chatd.toml:1: network.listen: [::]:1 and [::1]:1 cannot both be "
                          "bound: one includes the other"));
  EXPECT_THAT(listen_problems("\"0.0.0.0:1\", \"[::]:1\""), IsEmpty());
  EXPECT_THAT(listen_problems("\"0.0.0.0:1\", \"127.0.0.1:2\""), IsEmpty());
  EXPECT_THAT(listen_problems("\"0.0.0.0:0\", \"127.0.0.1:0\""), IsEmpty());
}

TEST(Rules, ALinkLocalAddressNeedsItsInterface) {
  EXPECT_THAT(listen_problems("\"[fe80::1]:8888\""),
              ElementsAre("chatd.toml:1: network.listen: [fe80::1]:8888 needs its interface: "
                          "fe80::1%eth0"));
  EXPECT_THAT(listen_problems("\"[fe80::1%lo]:8888\""), IsEmpty());
  EXPECT_THAT(listen_problems("\"169.254.0.1:8888\""), IsEmpty());
}

TEST(Rules, EnabledTextNeedsNetworks) {
  const std::string why =
      "is empty, so that no text client could ever enter; text.enabled = false says that";
  EXPECT_THAT(problems_of("text.networks = []"),
              ElementsAre("chatd.toml:1: text.networks: " + why));
  EXPECT_THAT(problems_of("text.enabled = false\ntext.networks = []"), IsEmpty());
}

TEST(Advice, RoomsThatCanTakeMoreThanTwoGibibytesAtARestartAreAWarning) {
  const auto of = [](std::string_view toml) {
    return to_lines(warnings(config_of(toml), "chatd.toml"));
  };
  EXPECT_THAT(of("limits.rooms = 2730\nrooms.ring_bytes = 262144"), IsEmpty());
  EXPECT_THAT(of("limits.rooms = 2731\nrooms.ring_bytes = 262144"),
              ElementsAre("chatd.toml: rooms.ring_bytes: the messages of 2731 rooms can take 682 "
                          "MiB of memory, and 2048 MiB for a moment at a restart"));
  EXPECT_THAT(of("limits.rooms = 10000\nrooms.ring_bytes = 4194304"),
              ElementsAre("chatd.toml: rooms.ring_bytes: the messages of 10000 rooms can take "
                          "40000 MiB of memory, and 120000 MiB for a moment at a restart"));
  EXPECT_THAT(of("limits.rooms = 0\nrooms.ring_bytes = 4194304"), IsEmpty());
}

TEST(Advice, TextClientsAndAPasswordTogetherAreAWarning) {
  const auto of = [](std::string_view toml) {
    return to_lines(warnings(config_of(toml), "chatd.toml"));
  };
  const std::string password = "room.password_file = \"/p\"\nweb.enabled = false\n";
  EXPECT_THAT(of(password),
              ElementsAre("chatd.toml: room.password_file: keeps text clients out, which cannot be "
                          "asked for the password; text.enabled = true lets them in without it"));
  EXPECT_THAT(of(password + "text.enabled = true"),
              ElementsAre("chatd.toml: text.enabled: lets text clients in without the password of "
                          "room.password_file, from every address in text.networks"));
  EXPECT_THAT(of(password + "text.enabled = false"), IsEmpty());
  EXPECT_THAT(of(""), IsEmpty());
}

TEST(Advice, APageThatIsClosedWithoutBeingAskedForIsAWarning) {
  const auto of = [](std::string_view toml) {
    return to_lines(warnings(config_of(toml), "chatd.toml"));
  };
  const std::string why =
      "closes the page for browsers; web.enabled = true opens it, and web.enabled = false says "
      "that "
      "it is meant";
  const std::string text = "text.enabled = false\n";
  EXPECT_THAT(of(text + "room.password_file = \"/p\"\n"),
              ElementsAre("chatd.toml: room.password_file: " + why));
  EXPECT_THAT(of("server.door = \"invited\"\n"), ElementsAre("chatd.toml: server.door: " + why));
  for (const char* web : {"web.enabled = true\n", "web.enabled = false\n"}) {
    EXPECT_THAT(of(text + "room.password_file = \"/p\"\n" + web), IsEmpty());
    EXPECT_THAT(of(std::string{"server.door = \"invited\"\n"} + web), IsEmpty());
  }
}

TEST(Advice, APageThatTrustsPlainHttpIsAWarning) {
  const auto of = [](std::string_view toml) {
    return to_lines(warnings(config_of(toml), "chatd.toml"));
  };
  EXPECT_THAT(of("web.plain = \"trusted\""),
              ElementsAre("chatd.toml: web.plain: lets browsers send passwords, codes and direct "
                          "messages without TLS, which others on the network can read"));
  EXPECT_THAT(of("web.plain = \"trusted\"\nweb.enabled = false"), IsEmpty());
}

TEST(Advice, ADoorForInvitedPersonsWithoutNativeClientsIsAWarning) {
  const auto of = [](std::string_view toml) {
    return to_lines(warnings(config_of(toml), "chatd.toml"));
  };
  EXPECT_THAT(of("server.door = \"invited\"\nweb.enabled = false"), IsEmpty());
  EXPECT_THAT(of("server.door = \"invited\"\nweb.enabled = false\nnative.enabled = false"),
              ElementsAre("chatd.toml: server.door: keeps text clients out, and native.enabled = "
                          "false keeps out all others"));
  EXPECT_THAT(of("native.enabled = false"), IsEmpty());
}

}  // namespace
}  // namespace chatd::config
