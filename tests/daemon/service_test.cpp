// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/service.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>

#include "common/crypto/password.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd {
namespace {

using ::testing::HasSubstr;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET"}) ::unsetenv(name);
    // The user that root becomes must reach it.
    std::filesystem::permissions(directory_.path(), std::filesystem::perms{0755});
    service_.options.control = directory_ / "control.sock";
    service_.options.state_directory = directory_ / "state";
    service_.options.listen = {parse_endpoint("127.0.0.1:0").value()};
    service_.options.pid_file = directory_ / "pid";
    if (::geteuid() == 0) service_.options.user = "root";
  }
  Result<> open() {
    service_.config = read_config(service_.options).value();
    return open_service(service_);
  }
  // Runs `check` in a child; its exit status.
  template <class Check>
  int in_child(Check check) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(check());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void expect_only_root() { EXPECT_THAT(open().error().message(), HasSubstr("only root can")); }

  test::TempDir directory_;
  Service service_;
};

TEST_F(ServiceTest, AllIsOpenAndThePidFileIsLocked) {
  ASSERT_TRUE(open());
  EXPECT_EQ(service_.resources.sockets.size(), 1U);
  EXPECT_TRUE(service_.resources.control.is_open());
  ASSERT_TRUE(service_.pid_file);
  Service second;
  second.options = service_.options;
  second.config = service_.config;
  const auto refused = open_service(second);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("another chatd is starting"));
}

TEST_F(ServiceTest, TheArgumentsOfASuccessorNameEveryPath) {
  service_.program = "/usr/sbin/chatd";
  ASSERT_TRUE(open());
  using ::testing::IsSupersetOf;
  EXPECT_EQ(service_.successor.front(), "/usr/sbin/chatd");
  EXPECT_THAT(service_.successor,
              IsSupersetOf({service_.options.control, service_.options.state_directory,
                            service_.options.pid_file, std::string{"127.0.0.1:0"}}));
  Service plain;
  plain.options.listen = service_.options.listen;
  plain.options.user = service_.options.user;
  plain.config = read_config(plain.options).value();
  ::setenv("RUNTIME_DIRECTORY", (directory_ / "run").c_str(), 1);
  ::setenv("STATE_DIRECTORY", (directory_ / "lib").c_str(), 1);
  const auto opened = open_service(plain);
  ::unsetenv("RUNTIME_DIRECTORY");
  ::unsetenv("STATE_DIRECTORY");
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_THAT(plain.successor, IsSupersetOf({"--control", "--state-dir"}));
  EXPECT_THAT(plain.successor, ::testing::Contains(directory_ / "lib"));
}

TEST_F(ServiceTest, AFolderWithOtherFilesInItKeepsItsOwner) {
  service_.options.user = "nobody";
  if (::geteuid() != 0) return expect_only_root();
  std::filesystem::create_directory(directory_ / "state");
  test::write_file(directory_ / "state/somebodys", "own");
  EXPECT_EQ(in_child([&] {
              const auto refused = open();
              if (refused) return 1;
              return refused.error().message().starts_with("as the user nobody: state dir") ? 0 : 2;
            }),
            0);
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "state").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(ServiceTest, RootBecomesTheServicesUserWhenAllIsOpen) {
  service_.options.user = "nobody";
  if (::geteuid() != 0) return expect_only_root();
  EXPECT_EQ(in_child([&] {
              if (!open()) return 1;
              if (::geteuid() == 0 || ::setuid(0) == 0) return 2;
              return ::access((directory_ / "state/server.key").c_str(), R_OK) == 0 ? 0 : 3;
            }),
            0);
}

TEST_F(ServiceTest, AFileThatOnlyRootCanReadIsRefusedAtOnce) {
  service_.options.user = "nobody";
  if (::geteuid() != 0) return expect_only_root();
  service_.options.config_file = directory_ / "chatd.toml";
  test::write_secret_file(directory_ / "password", "open sesame");
  test::write_file(service_.options.config_file,
                   "[room]\npassword_file = \"" + (directory_ / "password") + "\"\n");
  EXPECT_EQ(in_child([&] {
              const auto refused = open();
              if (refused) return 1;
              return refused.error().message().starts_with("as the user nobody: ") ? 0 : 2;
            }),
            0);
}

TEST_F(ServiceTest, ThePasswordsKeyIsMadeAtTheStartAndAtEachReload) {
  service_.options.config_file = directory_ / "chatd.toml";
  test::write_secret_file(directory_ / "password", "open sesame");
  const std::string with_password =
      "[room]\npassword_file = \"" + (directory_ / "password") + "\"\n";
  test::write_file(service_.options.config_file, with_password);
  ASSERT_TRUE(open());
  const auto key = [&](std::string_view password) {
    return crypto::password_key(password, service_.server.key.public_key).value().bytes();
  };
  ASSERT_TRUE(service_.password_key);
  EXPECT_EQ(service_.password_key->bytes(), key("open sesame"));
  test::write_secret_file(directory_ / "password", "open barley");
  ASSERT_TRUE(read_config_again(service_));
  EXPECT_EQ(service_.password_key->bytes(), key("open barley"));
  ASSERT_EQ(::chmod((directory_ / "password").c_str(), 0644), 0);
  ASSERT_FALSE(read_config_again(service_));
  EXPECT_EQ(service_.password_key->bytes(), key("open barley")) << "nothing has changed";
  test::write_file(service_.options.config_file, "");
  ASSERT_TRUE(read_config_again(service_));
  EXPECT_FALSE(service_.password_key);
}

TEST_F(ServiceTest, AUserThatDoesNotExistIsRefused) {
  service_.options.user = "no-such-user";
  EXPECT_THAT(open().error().message(), HasSubstr("there is no user no-such-user"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "state")) << "found before anything is made";
}

TEST_F(ServiceTest, AStartThatFailsForAnAddressInUseMakesNoKey) {
  const test::UdpClient occupant;
  service_.options.listen = {occupant.endpoint()};
  EXPECT_FALSE(open());
  EXPECT_FALSE(std::filesystem::exists(directory_ / "state/server.key"));
}

class SuccessorTest : public ServiceTest {
 protected:
  SuccessorTest() { EXPECT_TRUE(open()); }
  std::string why_not() {
    const auto done = check_successor(service_.options, service_.config);
    return done ? "" : done.error().message();
  }
  std::string key_ = directory_ / "state/server.key";
};

TEST_F(SuccessorTest, IsAcceptedWhenNothingHasChanged) { EXPECT_EQ(why_not(), ""); }

TEST_F(SuccessorTest, MustBeAbleToReadTheKey) {
  ASSERT_EQ(::chmod(key_.c_str(), 0640), 0);
  EXPECT_THAT(why_not(), HasSubstr("server.key is open to others (mode 0640)"));
  std::filesystem::remove(key_);
  EXPECT_THAT(why_not(), HasSubstr("open the key file " + key_ + ": No such file"));
  EXPECT_FALSE(std::filesystem::exists(key_)) << "a check makes nothing";
}

TEST_F(SuccessorTest, NeedsItsStateDirectory) {
  std::filesystem::remove_all(directory_ / "state");
  EXPECT_THAT(why_not(), HasSubstr("state directory: " + directory_ / "state"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "state"));
}

TEST_F(SuccessorTest, MustRunAsTheConfiguredUser) {
  EXPECT_EQ(in_child([&] {
              std::filesystem::permissions(directory_ / "state", std::filesystem::perms{0777});
              if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
              service_.options.user = "no-such-user";
              if (!why_not().starts_with("there is no user")) return 2;
              service_.options.user = "root";
              return why_not().starts_with("only root can") ? 0 : 3;
            }),
            0);
}

TEST_F(ServiceTest, OnlyRootCanBecomeAnotherUser) {
  service_.options.user = "root";
  EXPECT_EQ(in_child([&] {
              if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
              return open().error().message().starts_with("only root can") ? 0 : 2;
            }),
            0);
}

}  // namespace
}  // namespace chatd
