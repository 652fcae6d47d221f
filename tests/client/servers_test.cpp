// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/servers.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/in_child.hpp"
#include "tests/support/key.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class Servers : public ::testing::Test {
 protected:
  Servers() {
    options_.mode = Options::Mode::servers;
    options_.language = wire::Language::en;
    const auto config = parse_user_config(
        "server = \"lab\"\n[servers.lab]\naddress = \"chat.example\"\n"
        "[servers.hall]\naddress = \"CHAT.example:8888\"\n[servers.six]\naddress = \"::1\"\n",
        "config.toml", wire::Language::en);
    EXPECT_TRUE(config);
    options_.config = config.value_or(UserConfig{});
  }
  // An identity and its fingerprint.
  static crypto::Certificate known(int seed) { return {.identity = test::key(seed), .key = {}}; }
  static std::string fingerprint(int seed) { return crypto::fingerprint(test::key(seed)); }
  [[nodiscard]] test::Ran ran() const {
    return test::in_child([this] {
      ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
      return run_servers(options_, *options_.language);
    });
  }
  test::TempDir directory_;
  KnownServers known_{directory_ / "uchat/known_servers"};
  Options options_;
};

TEST_F(Servers, AreListedWithFingerprintsAndAliases) {
  ASSERT_TRUE(known_.add("192.0.2.7:9000", known(1)));
  ASSERT_TRUE(known_.add("chat.example:8888", known(2)));
  const auto listed = ran();
  EXPECT_EQ(listed.status, 0);
  EXPECT_EQ(listed.err, "");
  EXPECT_EQ(listed.out,
            "192.0.2.7:9000     " + fingerprint(1) +
                "\n"
                "chat.example:8888  " +
                fingerprint(2) +
                "  lab, hall (default)\n"
                "[::1]:8888         -                                                   "
                "six\n");
}

TEST_F(Servers, WithoutAKeyOrAnAliasTheListIsEmpty) {
  options_.config = {};
  const auto listed = ran();
  EXPECT_EQ(listed.status, 0);
  EXPECT_EQ(listed.out, "");
  EXPECT_EQ(listed.err, "uchat: no server is known yet\n");
}

TEST_F(Servers, NamesCanBeTypedAsATarget) {
  ASSERT_TRUE(known_.add("192.0.2.7:9000", known(1)));
  ASSERT_TRUE(known_.add("[::1]:8888", known(2)));
  ASSERT_TRUE(known_.add("[::1]:9000", known(2)));
  options_.names_only = true;
  EXPECT_EQ(ran().out, "lab\nhall\nsix\n192.0.2.7:9000\n::1\n[::1]:9000\n");
}

TEST_F(Servers, NamesHaveThePortIfTheHostIsAnAliasOrACommand) {
  for (const char* server : {"lab:8888", "send:8888", "tea:8888"}) {
    ASSERT_TRUE(known_.add(server, known(1)));
  }
  options_.names_only = true;
  EXPECT_EQ(ran().out, "lab\nhall\nsix\nlab:8888\nsend:8888\ntea\n");
}

TEST_F(Servers, OneIsForgotten) {
  ASSERT_TRUE(known_.add("chat.example:8888", known(1)));
  options_.forgets = true;
  options_.target = {.name = "", .host = "chat.example", .port = 8888};
  const auto done = ran();
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.out, "the key of chat.example:8888 was removed from " + known_.file() + "\n");
  EXPECT_FALSE(*known_.find("chat.example:8888"));
  const auto again = ran();
  EXPECT_EQ(again.status, exit_status_of(Outcome::failed));
  EXPECT_EQ(again.err, "uchat: chat.example:8888 is not in " + known_.file() + "\n");
}

TEST_F(Servers, AreShownWithoutControlCharacters) {
  ASSERT_TRUE(known_.add("a\x1b[2J:8888", known(1)));
  EXPECT_THAT(ran().out, HasSubstr("a\\x1b[2J:8888"));
}

}  // namespace
}  // namespace chatd::client
