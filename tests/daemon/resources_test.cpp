// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/resources.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/unix_socket.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class ResourcesTest : public ::testing::Test {
 protected:
  ResourcesTest() {
    config_.network.listen = {parse_endpoint("127.0.0.1:0").value()};
    config_.control.path = directory_ / "control.sock";
    config_.state.directory = directory_ / "state";
    ::unsetenv("LISTEN_FDS");
    ::unsetenv("LISTEN_PID");
  }
  test::TempDir directory_;
  config::Config config_;
};

TEST_F(ResourcesTest, EachSocketHasTheEndpointThatItIsBoundTo) {
  config_.network.listen.push_back(parse_endpoint("127.0.0.2:0").value());
  auto resources = open_resources(config_, {});
  ASSERT_TRUE(resources.has_value()) << resources.error().message();
  ASSERT_THAT(resources->sockets, SizeIs(2));
  EXPECT_EQ(to_text(resources->sockets[1].where.address), "127.0.0.2");
  for (const auto& socket : resources->sockets) {
    EXPECT_NE(socket.where.port, 0);
    EXPECT_TRUE(socket.fd.is_open());
  }
}

TEST_F(ResourcesTest, OnlyTheGroupCanUseTheControlSocket) {
  auto resources = open_resources(config_, {});
  ASSERT_TRUE(resources.has_value()) << resources.error().message();
  struct stat file {};
  ASSERT_EQ(::stat(config_.control.path.c_str(), &file), 0);
  EXPECT_TRUE(S_ISSOCK(file.st_mode));
  EXPECT_EQ(file.st_mode & 07777U, 0660U);
  EXPECT_TRUE(io::connect_unix(config_.control.path, std::chrono::seconds{5}).has_value());
  resources = fail("gone");
  EXPECT_FALSE(std::filesystem::exists(config_.control.path)) << "its name goes with it";
}

TEST_F(ResourcesTest, APortInUseIsNamed) {
  const test::UdpClient occupant;
  config_.network.listen = {occupant.endpoint()};
  auto resources = open_resources(config_, {});
  ASSERT_FALSE(resources.has_value());
  EXPECT_THAT(resources.error().message(), HasSubstr(to_text(occupant.endpoint())));
  EXPECT_EQ(resources.error().code(), EADDRINUSE);
}

TEST_F(ResourcesTest, AnAddressThatThisMachineDoesNotHaveIsNamed) {
  config_.network.listen = {parse_endpoint("192.0.2.1:0").value()};
  auto resources = open_resources(config_, {});
  ASSERT_FALSE(resources.has_value());
  EXPECT_THAT(resources.error().message(), HasSubstr("192.0.2.1"));
}

TEST_F(ResourcesTest, AControlSocketInUseIsNotReplaced) {
  const auto first = open_resources(config_, {});
  ASSERT_TRUE(first.has_value());
  const auto second = open_resources(config_, {});
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().message(), HasSubstr("--control"));
  EXPECT_TRUE(io::connect_unix(config_.control.path, std::chrono::seconds{5}).has_value());
}

TEST_F(ResourcesTest, AControlSocketThatADeadDaemonLeftIsReplaced) {
  ASSERT_TRUE(io::listen_unix(config_.control.path).has_value());  // closed, its name left
  ASSERT_TRUE(std::filesystem::exists(config_.control.path));
  EXPECT_TRUE(open_resources(config_, {}).has_value());
}

TEST_F(ResourcesTest, TheStateDirectoryIsMadeAndClosedToOtherUsers) {
  ASSERT_TRUE(prepare_directories(config_).has_value());
  struct stat status {};
  ASSERT_EQ(::stat(config_.state.directory.c_str(), &status), 0);
  EXPECT_TRUE(S_ISDIR(status.st_mode));
  EXPECT_EQ(status.st_mode & 0007U, 0U);
  EXPECT_TRUE(prepare_directories(config_).has_value()) << "a second time it is there";
}

// As after su(1), or in a cron job.
TEST_F(ResourcesTest, WithoutARuntimeDirectoryTheErrorSaysWhatToDo) {
  config_.control.path.clear();
  std::filesystem::permissions(directory_.path(), std::filesystem::perms{0777});
  const pid_t child = ::fork();
  if (child == 0) {
    ::unsetenv("XDG_RUNTIME_DIR");
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(1);
    const auto done = prepare_directories(config_);
    const std::string why = done ? "" : done.error().message();
    ::_exit(why.find("$XDG_RUNTIME_DIR is not set") != std::string::npos ? 0 : 2);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(ResourcesTest, AMistypedStateDirectoryIsAnErrorAndNotATree) {
  config_.state.directory = directory_ / "no/such/place";
  const auto done = prepare_directories(config_);
  ASSERT_FALSE(done.has_value());
  EXPECT_THAT(done.error().message(), HasSubstr("--state-dir"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "no"));
}

TEST_F(ResourcesTest, ThePidFileIsInTheRuntimeDirectory) {
  ::setenv("RUNTIME_DIRECTORY", "/run/somewhere", 1);
  const auto path = default_pid_file();
  ::unsetenv("RUNTIME_DIRECTORY");
  ASSERT_TRUE(path.has_value()) << path.error().message();
  EXPECT_EQ(*path, "/run/somewhere/chatd.pid");
}

}  // namespace
}  // namespace chatd
