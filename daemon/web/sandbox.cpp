// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/sandbox.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
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
// program with sanitizers tests by a pipe whether memory can be read.
constexpr int kCalls[] = {
    SCMP_SYS(accept4),       SCMP_SYS(brk),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),         SCMP_SYS(dup3),
    SCMP_SYS(epoll_ctl),     SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_wait),    SCMP_SYS(exit),
    SCMP_SYS(exit_group),    SCMP_SYS(futex),
    SCMP_SYS(getpeername),   SCMP_SYS(getpid),
    SCMP_SYS(getrandom),     SCMP_SYS(getsockname),
    SCMP_SYS(getsockopt),    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),  SCMP_SYS(madvise),
    SCMP_SYS(munmap),        SCMP_SYS(pipe),
    SCMP_SYS(pipe2),         SCMP_SYS(poll),
    SCMP_SYS(ppoll),         SCMP_SYS(read),
    SCMP_SYS(readv),         SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),       SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(sched_yield),
    SCMP_SYS(sendmsg),       SCMP_SYS(sendto),
    SCMP_SYS(setsockopt),    SCMP_SYS(shutdown),
    SCMP_SYS(sigaltstack),   SCMP_SYS(write),
    SCMP_SYS(writev),
};

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

void add_rules(Rules& rules) {
  for (const int call : kCalls) rules.allow(call);
  // Private memory of its own, which is never code.
  constexpr unsigned kProtection = 2;
  constexpr unsigned kFlags = 3;
  rules.allow(
      SCMP_SYS(mmap), masked(kProtection, PROT_EXEC, 0),
      masked(kFlags, MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS, MAP_PRIVATE | MAP_ANONYMOUS));
  rules.allow(SCMP_SYS(ioctl), equal(1, FIONREAD));
  for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC}) {
    rules.allow(SCMP_SYS(fcntl), equal(1, static_cast<std::uint64_t>(command)));
  }
  // abort(): to itself only.
  const auto self = static_cast<std::uint64_t>(::getpid());
  rules.allow(SCMP_SYS(tgkill), equal(0, self));
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
