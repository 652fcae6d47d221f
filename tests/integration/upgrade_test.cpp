// SPDX-License-Identifier: GPL-3.0-or-later
// upgrade_test.cpp — a daemon without a service manager executes a new program in its own process,
// and its members do not notice.
#include <sys/stat.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/detached_daemon.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/text_client.hpp"

namespace chatd::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

class Upgrade : public ::testing::Test {
 protected:
  Upgrade() {
    std::filesystem::permissions(daemon_.directory(), std::filesystem::perms{0755});
    daemon_.program = directory_ / "chatd";
    std::filesystem::permissions(directory_.path(), std::filesystem::perms{0755});
    install(chatd_program());
  }
  // Installs as a package manager does: a new file is renamed over the old one.
  void install(const std::string& program) const {
    std::filesystem::copy_file(program, directory_ / "new");
    std::filesystem::rename(directory_ / "new", daemon_.program);
  }
  void install_script(const std::string& text) const {
    write_file(directory_ / "new", text);
    ::chmod((directory_ / "new").c_str(), 0755);
    std::filesystem::rename(directory_ / "new", daemon_.program);
  }
  [[nodiscard]] Endpoint endpoint() const {
    const auto status = nlohmann::json::parse(daemon_.ctl({"--json", "status"}).out);
    return parse_endpoint(status.at("listen").at(0).get<std::string>()).value();
  }
  // Waits until the new supervisor knows that all its processes are ready. The new gateway answers
  // before that, and a stop before that counts as a failed start.
  void await_readiness() const {
    EXPECT_TRUE(eventually([&] {
      const auto rows =
          nlohmann::json::parse(daemon_.ctl({"--json", "workers"}).out).at("processes");
      return std::ranges::all_of(rows, [](const auto& row) { return row.at("state") == "ready"; });
    }));
  }
  TempDir directory_;
  DetachedDaemon daemon_;
};

TEST_F(Upgrade, EverySessionContinuesInTheSameProcess) {
  ASSERT_EQ(daemon_.start().status, 0);
  const pid_t pid = daemon_.pid();
  NativeClient alice{endpoint(), {.name = "alice"}};
  alice.enter();
  TextClient bob{endpoint(), TextClient::Kind::lines};
  bob.enter("bob");
  alice.await_line("+bob");
  for (int i = 0; i < 3; ++i) {
    install(chatd_program());
    const Finished upgraded = daemon_.ctl({"upgrade"});
    EXPECT_EQ(upgraded.status, 0) << upgraded.err;
    EXPECT_THAT(upgraded.out, HasSubstr("goes on as pid " + std::to_string(pid)));
    EXPECT_THAT(upgraded.out, HasSubstr("with 2 sessions"));
    EXPECT_EQ(daemon_.pid(), pid);
    alice.say("number " + std::to_string(i));
    EXPECT_EQ(bob.line(), "alice : number " + std::to_string(i));
    bob.send("C heard " + std::to_string(i));
    alice.await_line("bob: heard " + std::to_string(i));
  }
  EXPECT_THAT(alice.lines(), ::testing::Not(Contains("-bob")));
  daemon_.stop();
}

TEST_F(Upgrade, AProgramThatDoesNotStartIsRefusedAndTheOldOneContinues) {
  ASSERT_EQ(daemon_.start().status, 0);
  TextClient bob{endpoint(), TextClient::Kind::lines};
  bob.enter("bob");
  install_script("#!/bin/sh\necho wrong library >&2\nexit 127\n");
  const Finished refused = daemon_.ctl({"upgrade"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("the new program exited with status 127: wrong library"));
  EXPECT_EQ(daemon_.ctl({"announce", "still", "here"}).status, 0);
  EXPECT_EQ(bob.line(), "[admin] still here");
}

TEST_F(Upgrade, ASecondDaemonIsStillRefusedAfterwards) {
  ASSERT_EQ(daemon_.start().status, 0);
  ASSERT_EQ(daemon_.ctl({"upgrade"}).status, 0);
  EXPECT_THAT(daemon_.start().err, HasSubstr("chatd runs already"));
  await_readiness();
}

TEST_F(Upgrade, NeedsNoRootPrivileges) {
  daemon_.user = "nobody";  // only root can change its user; another user stays the same
  ASSERT_EQ(daemon_.start().status, 0);
  const auto owner = [&] {
    struct stat status {};
    EXPECT_EQ(::stat(("/proc/" + std::to_string(daemon_.pid())).c_str(), &status), 0);
    return status.st_uid;
  };
  EXPECT_NE(owner(), 0U);
  const Finished upgraded = daemon_.ctl({"upgrade"});
  EXPECT_EQ(upgraded.status, 0) << upgraded.err;
  EXPECT_NE(owner(), 0U);
  await_readiness();
}

TEST_F(Upgrade, AnInvalidConfigurationIsReportedAndChangesNothing) {
  write_file(daemon_.config_file(), "[limits]\nburst = 7\n");
  ASSERT_EQ(daemon_.start({"--listen", "127.0.0.1:0", "--config", daemon_.config_file()}).status,
            0);
  write_file(daemon_.config_file(), "[limits]\nburts = 7\n");
  const Finished refused = daemon_.ctl({"upgrade"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("chatd.toml:2: limits.burts"));
  EXPECT_EQ(daemon_.ctl({"ping"}).status, 0);
}

TEST_F(Upgrade, ASuccessorThatCannotReadTheKeyIsRefused) {
  ASSERT_EQ(daemon_.start().status, 0);
  NativeClient alice{endpoint(), {.name = "alice"}};
  alice.enter();
  const std::string key = daemon_.directory() + "/state/server.key";
  ASSERT_EQ(::chmod(key.c_str(), 0640), 0);
  const Finished refused = daemon_.ctl({"upgrade"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, HasSubstr("server.key is open to others (mode 0640)"));
  alice.say("still here");
  alice.await_line("alice: still here");
  ASSERT_EQ(::chmod(key.c_str(), 0600), 0);
  EXPECT_EQ(daemon_.ctl({"upgrade"}).status, 0);
  alice.say("and after");
  alice.await_line("alice: and after");
  await_readiness();
}

// The daemon sets the modes of the key, the pid file and its other files itself.
TEST_F(Upgrade, TheUmaskOfTheCallerDoesNotMatter) {
  daemon_.user = "nobody";
  daemon_.starter = {"/bin/sh", "-c", R"(umask 0777; exec "$0" "$@")"};
  const Finished started = daemon_.start();
  ASSERT_EQ(started.status, 0) << started.err;
  EXPECT_EQ(daemon_.ctl({"upgrade"}).status, 0);
  await_readiness();
}

TEST_F(Upgrade, AChangedSizeInTheConfigurationTakesEffect) {
  write_file(daemon_.config_file(), "[limits]\nsessions = 50\n");
  ASSERT_EQ(daemon_.start({"--listen", "127.0.0.1:0", "--config", daemon_.config_file()}).status,
            0);
  NativeClient alice{endpoint(), {.name = "alice"}};
  alice.enter();
  alice.say("before");
  write_file(daemon_.config_file(), "[limits]\nsessions = 70\n");
  ASSERT_EQ(daemon_.ctl({"upgrade"}).status, 0);
  EXPECT_THAT(daemon_.ctl({"--json", "status"}).out, HasSubstr("70"));
  alice.say("after");
  alice.await_line("alice: after");
}

}  // namespace
}  // namespace chatd::test
