// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/unix_socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace chatd::io {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class UnixSocketTest : public ::testing::Test {
 protected:
  UnixSocketTest() {
    std::string pattern = ::testing::TempDir() + "chatd-unix-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    path_ = directory_ + "/control.sock";
  }
  ~UnixSocketTest() override { std::filesystem::remove_all(directory_); }

  // A socket file as a killed daemon leaves it.
  void leave_a_stale_socket() const { ASSERT_TRUE(listen_unix(path_)); }

  std::string directory_;
  std::string path_;
};

TEST_F(UnixSocketTest, WhoListensIsReached) {
  const auto listener = listen_unix(path_);
  ASSERT_TRUE(listener) << listener.error().message();
  const auto client = connect_unix(path_, seconds{10});
  ASSERT_TRUE(client) << client.error().message();
  const UniqueFd server{::accept(listener->get(), nullptr, nullptr)};
  ASSERT_TRUE(server.is_open());
  ASSERT_EQ(::send(client->get(), "x", 1, 0), 1);
  char c = 0;
  EXPECT_EQ(::recv(server.get(), &c, 1, 0), 1);
  EXPECT_EQ(c, 'x');
}

TEST_F(UnixSocketTest, TheFileHasItsModeWhateverTheUmask) {
  for (const mode_t umask : {mode_t{0}, mode_t{077}}) {
    const mode_t before = ::umask(umask);
    const auto listener = listen_unix(path_, {.mode = 0660, .group = ::getgid()});
    ::umask(before);
    ASSERT_TRUE(listener);
    struct stat info {};
    ASSERT_EQ(::stat(path_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0660U);
    EXPECT_EQ(info.st_gid, ::getgid());
  }
}

TEST_F(UnixSocketTest, DescriptorsDoNotLeakIntoOtherPrograms) {
  const auto listener = listen_unix(path_);
  const auto client = connect_unix(path_, seconds{10});
  ASSERT_TRUE(listener && client);
  EXPECT_NE(::fcntl(listener->get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(::fcntl(client->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(UnixSocketTest, NobodyThereIsToldApartFromNobodyAnyMore) {
  EXPECT_EQ(connect_unix(path_, seconds{10}).error().code(), ENOENT);
  leave_a_stale_socket();
  EXPECT_EQ(connect_unix(path_, seconds{10}).error().code(), ECONNREFUSED);
}

TEST_F(UnixSocketTest, AListenerThatNeverAcceptsTimesOut) {
  const auto listener = listen_unix(path_, {.backlog = 0});
  ASSERT_TRUE(listener);
  const auto queued = connect_unix(path_, seconds{10});
  ASSERT_TRUE(queued);
  const auto before = std::chrono::steady_clock::now();
  const auto refused = connect_unix(path_, milliseconds{30});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ETIMEDOUT) << refused.error().message();
  EXPECT_GE(std::chrono::steady_clock::now() - before, milliseconds{25});
}

TEST_F(UnixSocketTest, AStaleSocketIsReplaced) {
  leave_a_stale_socket();
  const auto listener = listen_unix(path_);
  ASSERT_TRUE(listener) << listener.error().message();
  EXPECT_TRUE(connect_unix(path_, seconds{10}));
}

TEST_F(UnixSocketTest, ALiveSocketIsNeverStolen) {
  const auto first = listen_unix(path_, {.backlog = 0});
  ASSERT_TRUE(first);
  for (int i = 0; i < 3; ++i) {  // the last ones find the queue full
    const auto second = listen_unix(path_);
    ASSERT_FALSE(second);
    if (i == 0) {
      EXPECT_NE(second.error().message().find("with pid " + std::to_string(::getpid())),
                std::string::npos);
    }
    EXPECT_EQ(second.error().code(), EADDRINUSE) << second.error().message();
    EXPECT_NE(second.error().message().find(path_), std::string::npos);
  }
  // The first one's file is still there, and it is its own.
  EXPECT_TRUE(UniqueFd{::accept(first->get(), nullptr, nullptr)}.is_open());
  EXPECT_TRUE(connect_unix(path_, seconds{10}));
}

TEST_F(UnixSocketTest, AFileThatIsNoSocketIsNeverTouched) {
  std::ofstream{path_} << "precious";
  const auto listener = listen_unix(path_);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code(), EEXIST);
  std::string kept;
  std::ifstream{path_} >> kept;
  EXPECT_EQ(kept, "precious");
}

TEST_F(UnixSocketTest, AnImpossiblePathIsRefusedBeforeTheKernelCutsIt) {
  EXPECT_EQ(listen_unix(path_ + std::string(108, 'x')).error().code(), ENAMETOOLONG);
  EXPECT_EQ(connect_unix("/" + std::string(106, 'x'), seconds{1}).error().code(), ENOENT);
  EXPECT_EQ(connect_unix("/" + std::string(107, 'x'), seconds{1}).error().code(), ENAMETOOLONG);
  EXPECT_EQ(connect_unix("", seconds{1}).error().code(), EINVAL);
  EXPECT_EQ(listen_unix(directory_ + "/missing/control.sock").error().code(), ENOENT);
}

TEST_F(UnixSocketTest, ThePeerIsWhoConnected) {
  const auto listener = listen_unix(path_);
  const auto client = connect_unix(path_, seconds{10});
  ASSERT_TRUE(listener && client);
  const UniqueFd server{::accept(listener->get(), nullptr, nullptr)};
  const auto peer = peer_credentials(server.get());
  ASSERT_TRUE(peer) << peer.error().message();
  EXPECT_EQ(peer->uid, ::geteuid());
  EXPECT_EQ(peer->gid, ::getegid());
  EXPECT_EQ(peer->pid, ::getpid());
  EXPECT_FALSE(peer_credentials(-1));
}

}  // namespace
}  // namespace chatd::io
