// SPDX-License-Identifier: GPL-3.0-or-later
// reload_test.cpp — a reload takes effect at once or not at all, and members do not notice it.
#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"
#include "tests/support/crowd.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"

namespace chatd::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kShort = "limits.messages_per_second = 0\nlimits.message_bytes = 5\n";
const std::string kLong = "limits.messages_per_second = 0\nlimits.message_bytes = 900\n";
const std::string kTooLong = "Not sent: it has 9 bytes, at most 5 are allowed. Send it in parts.";

class Reload : public ::testing::Test {
 protected:
  Reload() {
    ada_.enter("ada");
    bob_.enter("bob");
    EXPECT_EQ(ada_.line(), "bob joined the chat");
  }

  DaemonUnderTest daemon_{{.config = kLong}};
  TextClient ada_{daemon_.endpoint(), Kind::bare};
  TextClient bob_{daemon_.endpoint(), Kind::bare};
};

TEST_F(Reload, AChangedLimitAppliesToTheNextDatagram) {
  for (int round = 0; round < 5; ++round) {
    // A new member each time: a member receives at most one notice a second.
    TextClient eve{daemon_.endpoint(), Kind::bare};
    eve.enter("eve");
    daemon_.write_config(kShort);
    const auto tightened = daemon_.ctl_json({"reload"});
    eve.send("C 123456789");
    EXPECT_THAT(tightened.at("changed"), ElementsAre("limits.message_bytes"));
    EXPECT_EQ(eve.answer(), kTooLong) << "round " << round;
    daemon_.write_config(kLong);
    EXPECT_EQ(daemon_.ctl({"reload"}).status, 0);
    eve.send("C 123456789");
    EXPECT_EQ(bob_.lines_until("eve : 123456789"), (Lines{"eve joined the chat"}));
    EXPECT_EQ(eve.ask("Q"), "EXIT");
    EXPECT_EQ(bob_.line(), "eve left the chat");
  }
}

TEST_F(Reload, ANativeMemberReceivesTheNewLimitsAndObeysThem) {
  NativeClient eve{daemon_.endpoint(), {.name = "eve"}};
  eve.enter();
  daemon_.write_config(
      "limits.messages_per_second = 100\nlimits.burst = 20\n"
      "limits.message_bytes = 5\n");
  EXPECT_EQ(daemon_.ctl({"reload"}).status, 0);
  eve.pump_until([&] { return eve.member().max_text() == 5; });
  for (int i = 0; i < 50; ++i) eve.member().say(std::to_string(i), mono_now());
  eve.pump_until([&] { return eve.member().unconfirmed() == 0; });
  EXPECT_EQ(daemon_.counter("messages_refused_rate"), 0U);
}

TEST_F(Reload, ADefaultRoomRenamedToTheNameOfAnotherIsAWarning) {
  ASSERT_EQ(daemon_.ctl({"room", "make", "lab"}).status, 0);
  daemon_.write_config(kLong + "room.name = \"Lab\"\n");
  EXPECT_EQ(daemon_.ctl({"reload"}).status, 0);
  const std::string warning = "room.name: a further room has this name, too";
  EXPECT_THAT(daemon_.ctl({"status"}).out, HasSubstr(warning));
  EXPECT_THAT(daemon_.log(), HasSubstr(warning));
  EXPECT_EQ(daemon_.ctl_json({"users", "--room", "lab"}).at("users").size(), 0U);
  EXPECT_EQ(daemon_.ctl({"room", "drop", "lab"}).status, 0);
  EXPECT_EQ(daemon_.ctl_json({"users", "--room", "lab"}).at("users").size(), 2U);
}

// A text client such as nc cannot send a password, so a room with a password refuses it.
TEST_F(Reload, APasswordRemovesTextClientsAndIsReported) {
  const TempDir directory;
  write_secret_file(directory / "password", "open sesame\n");
  const std::string password = "room.password_file = \"" + directory / "password" + "\"\n";
  daemon_.write_config(password);
  const Finished reloaded = daemon_.ctl({"reload"});
  EXPECT_EQ(reloaded.status, 0) << reloaded.err;
  EXPECT_THAT(reloaded.out, HasSubstr("room.password_file: keeps text clients out"));
  EXPECT_EQ(
      ada_.ask("C hello"),
      "You were removed from the server by the administrator: clients like yours are not let in "
      "any more");
  EXPECT_EQ(ada_.answer(), "EXIT");
  EXPECT_THAT(daemon_.names(), IsEmpty());
  TextClient eve{daemon_.endpoint(), Kind::bare};
  eve.send("L eve");
  EXPECT_THAT(daemon_.ctl({"status"}).out, HasSubstr("keeps text clients out"));
  EXPECT_THAT(daemon_.names(), IsEmpty());
  daemon_.write_config(password + "text.enabled = true\n");
  EXPECT_THAT(daemon_.ctl({"reload"}).out,
              HasSubstr("text.enabled: lets text clients in without the password"));
  eve.enter("eve");
}

TEST_F(Reload, APasswordFileThatOthersCanReadChangesNothing) {
  const TempDir directory;
  write_file(directory / "password", "open sesame\n");
  std::filesystem::permissions(directory / "password", std::filesystem::perms{0644});
  daemon_.write_config("room.password_file = \"" + directory / "password" + "\"\n");
  const Finished refused = daemon_.ctl({"reload"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("password can be read or written by others (mode 0644)"));
  EXPECT_EQ(bob_.ask("L bob"), "OK");
}

TEST_F(Reload, SighupReloadsToo) {
  daemon_.write_config(kShort);
  ASSERT_EQ(::kill(daemon_.pid(), SIGHUP), 0);
  EXPECT_TRUE(eventually([&] {
    return daemon_.log().find("reloaded; changed: limits.message_bytes") != std::string::npos;
  }));
  EXPECT_EQ(ada_.ask("C 123456789"), kTooLong);
}

TEST_F(Reload, ABadFileIsRefusedWithEveryProblemAndChangesNothing) {
  daemon_.write_config("[limits]\nmessage_bytes = 5\nburts = 3\nsessions = \"many\"\n");
  const Finished refused = daemon_.ctl({"reload"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("chatd.toml:3: limits.burts"), HasSubstr("limits.burst"),
                                 HasSubstr("chatd.toml:4: limits.sessions")));
  EXPECT_THAT(daemon_.log(), HasSubstr("chatd.toml:3: limits.burts"));
  EXPECT_THAT(daemon_.log(), HasSubstr("chatd.toml:4: limits.sessions"));
  ada_.send("C 123456789");
  EXPECT_EQ(bob_.line(), "ada : 123456789");
  for (const auto& row : daemon_.processes("worker")) EXPECT_EQ(row.at("restarts"), 0);
}

TEST_F(Reload, ASettingThatNeedsARestartIsNamedAndKeepsItsValue) {
  daemon_.write_config(kLong + "limits.sessions = 1\n[text]\nlanguage = \"zh\"\n");
  const Finished reloaded = daemon_.ctl({"reload"});
  EXPECT_EQ(reloaded.status, 0) << reloaded.err;
  EXPECT_THAT(reloaded.out, AllOf(HasSubstr("reloaded, changed: text.language"),
                                  HasSubstr("only after a restart: limits.sessions")));
  EXPECT_GT(daemon_.ctl_json({"status"}).at("sessions_limit"), 1);
  EXPECT_TRUE(eventually([&] {
    return daemon_.log().find("limits.sessions (needs a restart)") != std::string::npos;
  }));
  EXPECT_EQ(daemon_.ctl_json({"status"}).at("language"), "zh");
  ada_.send("C hello");
  EXPECT_EQ(bob_.line(), "ada ： hello");
}

TEST_F(Reload, AReloadWithoutAChangeReportsThat) {
  EXPECT_THAT(daemon_.ctl({"reload"}).out, HasSubstr("nothing has changed"));
  EXPECT_THAT(daemon_.ctl_json({"reload"}).at("changed"), IsEmpty());
}

TEST_F(Reload, EveryProcessIsReplacedAndNoneCountsAsRestarted) {
  const auto before = daemon_.processes("worker");
  const auto gateway = daemon_.processes("gateway").at(0).at("pid");
  daemon_.write_config(kShort);
  EXPECT_EQ(daemon_.ctl({"reload"}).status, 0);
  const auto after = daemon_.processes("worker");
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_NE(after[i].at("pid"), before[i].at("pid"));
    EXPECT_EQ(after[i].at("restarts"), 0);
  }
  EXPECT_NE(daemon_.processes("gateway").at(0).at("pid"), gateway);
  EXPECT_EQ(daemon_.processes("gateway").at(0).at("restarts"), 0);
  EXPECT_THAT(daemon_.names(), ElementsAre("ada", "bob"));
}

TEST(ReloadUnderTraffic, EachMemberReceivesEachLineOnce) {
  constexpr std::size_t kMembers = 10;
  constexpr int kRounds = 10;
  constexpr int kMessagesARound = 50;
  DaemonUnderTest daemon{{.config = kLong}};
  Crowd crowd{daemon.endpoint(), kMembers};
  ASSERT_TRUE(crowd.enter());
  mark(daemon, "begin");
  ASSERT_TRUE(crowd.receive_until("[admin] begin"));
  crowd.forget_lines();
  std::vector<Lines> expected(kMembers);
  std::size_t sent = 0;
  for (int round = 0; round < kRounds; ++round) {
    daemon.write_config(kLong + "limits.burst = " + std::to_string(round + 1) + "\n");
    ASSERT_EQ(::kill(daemon.pid(), SIGHUP), 0);
    for (int i = 0; i < kMessagesARound; ++i, ++sent) {
      const std::size_t from = sent % kMembers;
      crowd.send(from, "C number " + std::to_string(sent));
      for (std::size_t to = 0; to < kMembers; ++to) {
        if (to == from) continue;
        expected[to].push_back("m" + std::to_string(from) + " : number " + std::to_string(sent));
      }
      crowd.receive(std::chrono::milliseconds{4});
    }
  }
  EXPECT_TRUE(eventually([&] {
    crowd.receive(std::chrono::milliseconds{1});
    return crowd.lines_read() >= sent * (kMembers - 1);
  }));
  for (std::size_t member = 0; member < kMembers; ++member) {
    EXPECT_EQ(crowd.lines(member), expected[member]) << "m" << member;
  }
  EXPECT_EQ(daemon.names().size(), kMembers);
  EXPECT_EQ(daemon.counter("leaves"), 0U);
  EXPECT_THAT(daemon.log(), Not(HasSubstr("warning")));
}

}  // namespace
}  // namespace chatd::test
