// SPDX-License-Identifier: GPL-3.0-or-later
// The calls that hostile code in web could try. Each is made in a process of its own: a test that
// is run as root fails if the sandbox lets it through.
#include "daemon/web/sandbox.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

#include <gtest/gtest.h>
#include <sched.h>

#include "common/base/unique_fd.hpp"

namespace chatd::web {
namespace {

constexpr int kNoSandbox = 250;

class SandboxTest : public ::testing::Test {
 protected:
  // The wait status of a process that has made the call in the sandbox: it exits with the errno of
  // a call that has failed, or with 0.
  static int status_of(const std::function<long()>& call) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (!enter_sandbox()) ::_exit(kNoSandbox);
      errno = 0;
      ::_exit(call() == -1 ? errno : 0);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  }
  static int error_of(const std::function<long()>& call) {
    const int status = status_of(call);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  static void expect_refused(const char* what, const std::function<long()>& call) {
    EXPECT_EQ(error_of(call), EPERM) << what;
  }
  static void expect_done(const char* what, const std::function<long()>& call) {
    EXPECT_EQ(error_of(call), 0) << what;
  }

  SandboxTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends.data()), 0);
    one_.reset(ends[0]);
    other_.reset(ends[1]);
  }
  UniqueFd bell_{::eventfd(0, EFD_NONBLOCK)};
  UniqueFd page_{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
  UniqueFd one_;
  UniqueFd other_;
};

TEST_F(SandboxTest, NoOtherProcessIsReached) {
  const pid_t parent = ::getpid();
  expect_refused("kill", [=] { return ::kill(parent, 0); });
  expect_refused("kill of all", [] { return ::kill(-1, 0); });
  expect_refused("tgkill", [=] { return ::syscall(SYS_tgkill, parent, parent, 0); });
  expect_refused("tkill", [=] { return ::syscall(SYS_tkill, parent, 0); });
  expect_refused("pidfd_open", [=] { return ::syscall(SYS_pidfd_open, parent, 0); });
  expect_refused("ptrace", [=] { return ::ptrace(PTRACE_ATTACH, parent, nullptr, nullptr); });
  expect_refused("process_vm_writev", [=] {
    return ::syscall(SYS_process_vm_writev, parent, nullptr, 0, nullptr, 0, 0);
  });
  expect_refused("prlimit", [=] {
    rlimit limit{};
    return ::prlimit(parent, RLIMIT_NOFILE, nullptr, &limit);
  });
  expect_refused("setpriority", [=] { return ::setpriority(PRIO_PROCESS, 0, 0); });
  expect_refused("prctl", [] { return ::prctl(PR_SET_PDEATHSIG, 0); });
}

TEST_F(SandboxTest, NoProgramProcessFileOrSocketIsBegun) {
  expect_refused("fork", [] { return ::fork(); });
  expect_refused("clone",
                 [] { return ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0); });
  expect_refused("execve", [] {
    std::array<char*, 2> arguments{::strdup("/bin/true"), nullptr};
    return ::execv(arguments[0], arguments.data());
  });
  expect_refused("open", [] { return ::open("/dev/null", O_RDONLY); });
  expect_refused("memfd", [] { return ::memfd_create("x", 0); });
  expect_refused("socket", [] { return ::socket(AF_UNIX, SOCK_DGRAM, 0); });
  expect_refused("connect", [this] {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    return ::connect(page_.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where);
  });
  expect_refused("listen", [this] { return ::listen(page_.get(), 1); });
}

TEST_F(SandboxTest, MemoryIsNeitherSharedNorRun) {
  constexpr std::size_t kSize = 4096;
  void* const own =
      ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const auto map = [](int protection, int flags) {
    return reinterpret_cast<long>(::mmap(nullptr, kSize, protection, flags, -1, 0)) == -1 ? -1L
                                                                                          : 0L;
  };
  expect_refused("code", [=] { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS); });
  expect_refused("shared", [=] { return map(PROT_READ, MAP_SHARED | MAP_ANONYMOUS); });
  expect_refused("mprotect", [=] { return ::mprotect(own, kSize, PROT_READ | PROT_EXEC); });
  expect_refused("mremap", [=] {
    return ::mremap(own, kSize, 2 * kSize, MREMAP_MAYMOVE) == MAP_FAILED ? -1L : 0L;
  });
  expect_refused("MADV_REMOVE", [=] { return ::madvise(own, kSize, MADV_REMOVE); });
  expect_refused("a lock with a priority",
                 [=] { return ::syscall(SYS_futex, own, FUTEX_LOCK_PI, 0, nullptr, nullptr, 0); });
  expect_done("malloc", [=] { return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS); });
  expect_done("free", [=] { return ::madvise(own, kSize, MADV_DONTNEED); });
  expect_done("wake", [=] {
    return ::syscall(SYS_futex, own, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
  });
  ::munmap(own, kSize);
}

// The bell, and the sockets of the page, are the same open files in other processes.
TEST_F(SandboxTest, AnOpenFileOfOtherProcessesIsNotChanged) {
  const int bell = bell_.get();
  for (const int flags : {0, O_NONBLOCK | O_ASYNC, O_ASYNC}) {
    expect_refused("F_SETFL", [=] { return ::fcntl(bell, F_SETFL, flags); });
  }
  expect_refused("F_SETOWN", [=] { return ::fcntl(bell, F_SETOWN, ::getpid()); });
  expect_refused("FIONBIO", [=] {
    int off = 0;
    return ::ioctl(bell, FIONBIO, &off);
  });
  expect_refused("FIOASYNC", [this] {
    int on = 1;
    return ::ioctl(one_.get(), FIOASYNC, &on);
  });
  const auto set = [this](int level, int name) {
    const int one = 1;
    return ::setsockopt(page_.get(), level, name, &one, sizeof one);
  };
  for (const int name : {SO_ATTACH_FILTER, SO_LOCK_FILTER, SO_RCVBUF, SO_REUSEADDR, SO_REUSEPORT,
                         SO_KEEPALIVE, SO_PASSCRED, SO_LINGER}) {
    expect_refused("setsockopt", [=] { return set(SOL_SOCKET, name); });
  }
  expect_refused("TCP_DEFER_ACCEPT", [=] { return set(IPPROTO_TCP, TCP_DEFER_ACCEPT); });
  expect_done("TCP_NODELAY", [=] { return set(IPPROTO_TCP, TCP_NODELAY); });
  expect_done("SO_SNDBUF", [=] { return set(SOL_SOCKET, SO_SNDBUF); });
}

TEST_F(SandboxTest, AMessageHasNoAddressAndNoDescriptor) {
  expect_refused("sendto", [this] {
    sockaddr_storage where{};
    where.ss_family = AF_UNIX;
    return ::sendto(one_.get(), "x", 1, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&where),
                    sizeof(sa_family_t));
  });
  expect_refused("sendmsg", [this] {
    char byte = 'x';
    iovec part{.iov_base = &byte, .iov_len = 1};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    return ::sendmsg(one_.get(), &header, 0);
  });
  expect_done("send", [this] { return ::send(one_.get(), "x", 1, MSG_DONTWAIT); });
  char byte = 0;
  EXPECT_EQ(::recv(other_.get(), &byte, 1, MSG_DONTWAIT), 1);
}

TEST_F(SandboxTest, TheCallsOfWebAreDone) {
  expect_done("a large allocation", [] {
    const std::vector<char> large(std::size_t{8} << 20U, 'x');
    return large.back() == 'x' ? 0 : -1;
  });
  expect_done("a descriptor in place of another", [this] {
    const int copy = ::fcntl(bell_.get(), F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? -1 : ::dup3(copy, one_.get(), O_CLOEXEC);
  });
  const int status = status_of([]() -> long { std::abort(); });
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
}

}  // namespace
}  // namespace chatd::web
