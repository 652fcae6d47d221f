// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/unix_socket.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/eventually.hpp"

namespace {

std::function<void()>& after_bind() {
  static std::function<void()> hook;
  return hook;
}

}  // namespace

// Replaces the C library's bind(2), so that a test can run code between bind() and the next call.
extern "C" int bind(int fd, const sockaddr* address, socklen_t length) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_bind, fd, address, length));
  if (const auto hook = std::exchange(after_bind(), nullptr)) hook();  // once
  return result;
}

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
  ~UnixSocketTest() override {
    after_bind() = nullptr;
    std::filesystem::remove_all(directory_);
  }

  // Leaves a socket file as a killed daemon does.
  void leave_a_stale_socket() const { ASSERT_TRUE(listen_unix(path_)); }

  std::string directory_;
  std::string path_;
};

TEST_F(UnixSocketTest, AListenerIsReached) {
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
  for (const mode_t umask : {mode_t{0}, mode_t{077}, mode_t{0777}}) {
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

TEST_F(UnixSocketTest, DescriptorsAreNotInheritedByOtherPrograms) {
  const auto listener = listen_unix(path_);
  const auto client = connect_unix(path_, seconds{10});
  ASSERT_TRUE(listener && client);
  EXPECT_NE(::fcntl(listener->get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(::fcntl(client->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(UnixSocketTest, AMissingSocketAndADeadListenerHaveDifferentErrors) {
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

TEST_F(UnixSocketTest, ALiveSocketIsNeverReplaced) {
  const auto first = listen_unix(path_, {.backlog = 0});
  ASSERT_TRUE(first);
  for (int i = 0; i < 3; ++i) {  // for the last ones the queue is full
    const auto second = listen_unix(path_);
    ASSERT_FALSE(second);
    if (i == 0) {
      EXPECT_NE(second.error().message().find("with pid " + std::to_string(::getpid())),
                std::string::npos);
    }
    EXPECT_EQ(second.error().code(), EADDRINUSE) << second.error().message();
    EXPECT_NE(second.error().message().find(path_), std::string::npos);
  }
  // The first listener's file is still there, and still its own.
  EXPECT_TRUE(UniqueFd{::accept(first->get(), nullptr, nullptr)}.is_open());
  EXPECT_TRUE(connect_unix(path_, seconds{10}));
}

// The folder's owner can put a link in the socket's place at any moment while root starts.
TEST_F(UnixSocketTest, AFileThatReplacesTheSocketIsNotChanged) {
  const std::string victim = directory_ + "/victim";
  std::ofstream{victim} << "private";
  ASSERT_EQ(::chmod(victim.c_str(), 0600), 0);
  const gid_t other_group = ::getgid() + 1;
  for (const gid_t group : {static_cast<gid_t>(-1), other_group}) {
    for (const bool is_hard : {false, true}) {
      after_bind() = [&] {
        std::filesystem::remove(path_);
        if (is_hard) {
          std::filesystem::create_hard_link(victim, path_);
        } else {
          std::filesystem::create_symlink(victim, path_);
        }
      };
      const auto listener = listen_unix(path_, {.mode = 0660, .group = group});
      if (group == other_group) {
        ASSERT_FALSE(listener);
        EXPECT_NE(listener.error().message().find("another file came"), std::string::npos);
      }
      struct stat info {};
      ASSERT_EQ(::stat(victim.c_str(), &info), 0);
      EXPECT_EQ(info.st_mode & 07777U, 0600U);
      EXPECT_NE(info.st_gid, other_group);
      std::filesystem::remove(path_);
    }
  }
}

TEST_F(UnixSocketTest, RootGivesTheFileToItsGroup) {
  const gid_t other_group = ::getgid() + 1;
  const auto listener = listen_unix(path_, {.mode = 0660, .group = other_group});
  if (::geteuid() != 0) {
    ASSERT_FALSE(listener);
    EXPECT_EQ(listener.error().code(), EPERM);
    return;
  }
  ASSERT_TRUE(listener) << listener.error().message();
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_gid, other_group);
  EXPECT_EQ(info.st_uid, ::geteuid());
}

// A process that can only read the folder can lock it with flock(2), for any time.
TEST_F(UnixSocketTest, ALockOfTheFolderDoesNotBlockTheStart) {
  const UniqueFd folder{::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  ASSERT_EQ(::flock(folder.get(), LOCK_EX), 0);
  EXPECT_TRUE(listen_unix(path_));
}

TEST_F(UnixSocketTest, TheLockFileIsForItsOwnerOnlyAndIsRemoved) {
  mode_t mode = 0;
  after_bind() = [&] {
    struct stat info {};
    EXPECT_EQ(::stat((path_ + ".lock").c_str(), &info), 0);
    mode = info.st_mode & 07777U;
  };
  const mode_t before = ::umask(0);
  EXPECT_TRUE(listen_unix(path_));
  ::umask(before);
  EXPECT_EQ(mode, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".lock"));
}

TEST_F(UnixSocketTest, ASecondStartAtTheSameTimeIsRefused) {
  const UniqueFd lock{::open((path_ + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
  const auto listener = listen_unix(path_);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().code(), EADDRINUSE);
  EXPECT_NE(listener.error().message().find("it holds " + path_ + ".lock"), std::string::npos)
      << listener.error().message();
}

// After a daemon's double fork: the process that called listen_unix() is not the one that has the
// socket.
TEST_F(UnixSocketTest, TheLastListeningProcessIsNamedAndADeadOneIsNot) {
  const auto listener = listen_unix(path_);
  ASSERT_TRUE(listener);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  UniqueFd hold{ends[1]};
  const pid_t child = ::fork();
  if (child == 0) {
    hold.reset();
    const bool done = listen_as_this_process(listener->get()).has_value();
    char end = 0;
    ::_exit(done && ::read(ends[0], &end, 1) == 0 ? 0 : 1);
  }
  ::close(ends[0]);
  const std::string named = "with pid " + std::to_string(child);
  EXPECT_TRUE(test::eventually(
      [&] { return listen_unix(path_).error().message().find(named) != std::string::npos; }));
  hold.reset();
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(listen_unix(path_).error().message(), path_ + ": another process listens there");
}

TEST_F(UnixSocketTest, AFileThatIsNoSocketIsNeverChanged) {
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

TEST_F(UnixSocketTest, ThePeerIsTheProcessThatConnected) {
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
