// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"

#include <gmock/gmock.h>

#include "daemon/config/settings.hpp"
#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Every setting with a value that is not its default, in the order of the table.
constexpr std::string_view kEverything = R"([network]
listen = ["0.0.0.0:7777", "[::]:0"]
discovery = false

[text]
enabled = false
networks = ["192.168.1.0/24", "2001:db8::/32"]
chat_form = "named"
login_reply = "\"In\\"
exit_reply = ["Exit", "OUT"]
language = "zh"
idle_timeout = "1m30s"
listeners = 0
listeners_bytes_per_second = 20000

[limits]
sessions = 100000
sessions_per_address = 0
programs_per_person = 12
messages_per_second = 0.25
burst = 1
unauthenticated_per_second = 0
message_bytes = 1
questions_per_second = 0.5
rooms = 0
rooms_per_member = 0
rooms_per_address = 1
names = 0

[workers]
count = 16
hang_timeout = "1s500ms"

[room]
ring_bytes = 65536
name = "聊天室 1"
replay = 0
password_file = "/etc/chatd/password"

[rooms]
create = "admin"
linger = "0s"
ring_bytes = 65536

[names]
claim = "admin"
expire = "0s"

[native]
enabled = false

[server]
door = "invited"

[history]
enabled = false
max_age = "0s"
max_bytes = "3MiB"

[direct]
from = "same-room"

[registry]
required = false

[session]
linger = "10m"

[web]
enabled = false
listen = ["0.0.0.0:80"]
hosts = "chat.example"
proxies = ["127.0.0.1/32"]
plain = "trusted"
sessions = 20
linger = "1m"

[log]
level = "debug"
addresses = false

[control]
path = "/tmp/a b/ü.sock"

[state]
directory = "/srv/chatd"
)";

TEST(Config, AProblemIsWrittenAsFileLineSettingAndReason) {
  EXPECT_EQ(
      to_text(Problem{"chatd.toml:12", "limits.burts", "unknown key; did you mean limits.burst?"}),
      "chatd.toml:12: limits.burts: unknown key; did you mean limits.burst?");
  EXPECT_EQ(to_text(Problem{"chatd.toml", "", "is larger than 1 MiB"}),
            "chatd.toml: is larger than 1 MiB");
}

TEST(Config, TextNetworksAreTheUnroutableOnesByDefault) {
  const auto is_in = [](std::string_view text) {
    const auto address = parse_address(text).value();
    for (const chatd::Network& network : default_text_networks()) {
      if (network.contains(address)) return true;
    }
    return false;
  };
  for (const char* inside : {"127.0.0.1", "::1", "10.255.0.1", "172.31.0.1", "192.168.7.7",
                             "169.254.1.1", "fe80::1", "fd00::1"}) {
    EXPECT_TRUE(is_in(inside)) << inside;
  }
  for (const char* outside : {"8.8.8.8", "172.32.0.1", "2001:db8::1", "0.0.0.0", "::"}) {
    EXPECT_FALSE(is_in(outside)) << outside;
  }
}

TEST(Config, APrintedConfigIsReadBack) {
  EXPECT_EQ(print(config_of(kEverything)), kEverything);
  EXPECT_EQ(print(config_of(print(Config{}))), print(Config{}));
}

TEST(Config, EverySettingIsRead) {
  const Config config = config_of(kEverything);
  EXPECT_THAT(changed_keys(Config{}, config), testing::ElementsAreArray(all_keys()));
  EXPECT_EQ(config.text.login_reply, "\"In\\");
  EXPECT_THAT(config.text.exit_reply, testing::ElementsAre("Exit", "OUT"));
  EXPECT_EQ(config.control.path, "/tmp/a b/ü.sock");
  EXPECT_EQ(config.limits.messages_per_second, 0.25);
  EXPECT_EQ(config.limits.questions_per_second, 0.5);
  EXPECT_EQ(config.workers.hang_timeout, std::chrono::milliseconds{1500});
}

TEST(Config, ChangedKeysNamesExactlyTheChangedSettings) {
  EXPECT_THAT(changed_keys(Config{}, Config{}), IsEmpty());
  Config after;
  after.limits.burst = 7;
  after.network.listen.pop_back();
  EXPECT_THAT(changed_keys(Config{}, after), ElementsAre("network.listen", "limits.burst"));
  EXPECT_THAT(changed_keys(after, Config{}), ElementsAre("network.listen", "limits.burst"));
}

TEST(Config, TheSameValueInAnotherFormIsNoChange) {
  EXPECT_THAT(changed_keys(config_of("text.idle_timeout = 5400\nnetwork.listen = [\"[0::1]:5\"]"),
                           config_of("text.idle_timeout = \"1h30m\"\n"
                                     "network.listen = [\"[::1]:5\"]")),
              IsEmpty());
}

TEST(Config, OnlySettingsFixedAtTheStartNeedARestart) {
  std::vector<std::string> fixed;
  for (const std::string& key : all_keys()) {
    if (needs_restart(key)) fixed.push_back(key);
  }
  EXPECT_THAT(fixed, ElementsAre("network.listen", "limits.sessions", "limits.rooms",
                                 "limits.names", "workers.count", "room.ring_bytes",
                                 "rooms.ring_bytes", "history.enabled", "registry.required",
                                 "web.listen", "web.sessions", "control.path", "state.directory"));
  EXPECT_FALSE(needs_restart("no.such"));
}

TEST(Config, AReloadTakesTheSettingsThatNeedNoRestart) {
  const Config running;
  const Config fresh = config_of(kEverything);
  const Config taken = take_reloadable(running, fresh);
  for (const std::string& key : changed_keys(running, taken)) EXPECT_FALSE(needs_restart(key));
  for (const std::string& key : changed_keys(taken, fresh)) EXPECT_TRUE(needs_restart(key));
  EXPECT_EQ(taken.limits.burst, fresh.limits.burst);
  EXPECT_EQ(taken.limits.sessions, running.limits.sessions);
  EXPECT_THAT(validate(taken, "reload"), IsEmpty());
}

}  // namespace
}  // namespace chatd::config
