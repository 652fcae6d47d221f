// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/sandbox.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include <seccomp.h>

namespace chatd::web {

namespace {

struct Releaser {
  void operator()(void* filter) const noexcept { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Releaser>;

// Calls whose arguments do not matter: they act on descriptors and memory of this process. A
// program with sanitizers tests by a pipe whether memory can be read. shutdown(2) of a socket that
// listens ends it for the successors, too: each web lets it listen again.
constexpr int kCalls[] = {
    SCMP_SYS(accept4),       SCMP_SYS(brk),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),         SCMP_SYS(dup3),
    SCMP_SYS(epoll_ctl),     SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_wait),    SCMP_SYS(exit),
    SCMP_SYS(exit_group),    SCMP_SYS(getpeername),
    SCMP_SYS(getpid),        SCMP_SYS(getrandom),
    SCMP_SYS(getsockname),   SCMP_SYS(getsockopt),
    SCMP_SYS(gettid),        SCMP_SYS(gettimeofday),
    SCMP_SYS(munmap),        SCMP_SYS(pipe),
    SCMP_SYS(pipe2),         SCMP_SYS(poll),
    SCMP_SYS(ppoll),         SCMP_SYS(read),
    SCMP_SYS(readv),         SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),       SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(sched_yield),
    SCMP_SYS(shutdown),      SCMP_SYS(sigaltstack),
    SCMP_SYS(write),         SCMP_SYS(writev),
};

// The options that this process sets. Others of a socket that listens would stay for its
// successors: a filter of packets, for example.
struct SocketOption {
  int level;
  int name;
};
constexpr SocketOption kSocketOptions[] = {
    {IPPROTO_TCP, TCP_NODELAY},
    {IPPROTO_TCP, TCP_USER_TIMEOUT},
    {SOL_SOCKET, SO_SNDBUF},
};

// The advices of malloc() and of sanitizers, for memory of this process.
constexpr int kAdvices[] = {MADV_DONTNEED, MADV_FREE, MADV_HUGEPAGE, MADV_NOHUGEPAGE,
                            MADV_DONTDUMP};

// No other operation: a lock with the priority of its waiters, for example.
constexpr int kFutexCalls[] = {FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET};

// The first error of all rules.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_{filter} {}
  template <class... Conditions>
  void allow(int call, Conditions... conditions) {
    if (error_ != 0) return;
    error_ = seccomp_rule_add(filter_, SCMP_ACT_ALLOW, call, sizeof...(Conditions), conditions...);
  }
  [[nodiscard]] int error() const noexcept { return error_; }

 private:
  scmp_filter_ctx filter_;
  int error_{0};
};

constexpr scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
  return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}
constexpr scmp_arg_cmp equal(unsigned argument, std::uint64_t value) {
  return {argument, SCMP_CMP_EQ, value, 0};
}

constexpr std::uint64_t in_call(int number) { return static_cast<std::uint32_t>(number); }

// Private memory of its own, which is never code.
void allow_memory(Rules& rules) {
  constexpr unsigned kProtection = 2;
  constexpr unsigned kFlags = 3;
  rules.allow(
      SCMP_SYS(mmap), masked(kProtection, PROT_EXEC, 0),
      masked(kFlags, MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS, MAP_PRIVATE | MAP_ANONYMOUS));
  for (const int advice : kAdvices) rules.allow(SCMP_SYS(madvise), equal(2, in_call(advice)));
  for (const int call : kFutexCalls) {
    rules.allow(SCMP_SYS(futex), masked(1, in_call(FUTEX_CMD_MASK), in_call(call)));
  }
}

// The flags of an open file are not on the list: the bell of this process is the same open file in
// the gateway, which would wait for ever without O_NONBLOCK.
void allow_descriptors(Rules& rules) {
  rules.allow(SCMP_SYS(ioctl), equal(1, FIONREAD));
  for (const int command : {F_GETFD, F_GETFL, F_DUPFD_CLOEXEC}) {
    rules.allow(SCMP_SYS(fcntl), equal(1, in_call(command)));
  }
  for (const SocketOption& option : kSocketOptions) {
    rules.allow(SCMP_SYS(setsockopt), equal(1, in_call(option.level)),
                equal(2, in_call(option.name)));
  }
  // To the other end only. sendmsg(2) could name an address, and pass descriptors on.
  constexpr unsigned kAddress = 4;
  rules.allow(SCMP_SYS(sendto), equal(kAddress, 0));
}

void add_rules(Rules& rules) {
  for (const int call : kCalls) rules.allow(call);
  allow_memory(rules);
  allow_descriptors(rules);
  // abort(): to itself only.
  rules.allow(SCMP_SYS(tgkill), equal(0, in_call(::getpid())));
}

}  // namespace

Result<> enter_sandbox() {
  const Filter filter{seccomp_init(SCMP_ACT_ERRNO(EPERM))};
  if (!filter) return fail("seccomp: no memory for the filter");
  Rules rules{filter.get()};
  add_rules(rules);
  if (rules.error() != 0) return fail(Error::from_errno("seccomp_rule_add", -rules.error()));
  // Also sets no_new_privs.
  const int error = seccomp_load(filter.get());
  if (error != 0) return fail(Error::from_errno("seccomp_load", -error));
  return {};
}

}  // namespace chatd::web
