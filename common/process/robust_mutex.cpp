// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/robust_mutex.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace chatd::process {
namespace {

// The number of attempts before a waiter sleeps. The critical sections of this folder copy a few
// bytes: sleeping and waking takes longer than most of them. But a waiter must not spin for long
// while the holder is not scheduled.
constexpr int kSpins = 100;

void pause_briefly() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void check(int code, const char* doing) noexcept {
  if (code == 0) return;
  (void)std::fprintf(stderr, "robust mutex: %s: error %d\n", doing, code);
  std::abort();
}

}  // namespace

RobustMutex::RobustMutex() noexcept {
  pthread_mutexattr_t attributes;
  check(::pthread_mutexattr_init(&attributes), "init");
  check(::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), "share");
  check(::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), "make robust");
  check(::pthread_mutex_init(&mutex_, &attributes), "init");
  ::pthread_mutexattr_destroy(&attributes);
}

RobustMutex::Outcome RobustMutex::acquire(const Deadline& deadline) noexcept {
  int code = EBUSY;
  for (int spin = 0; spin < kSpins && code == EBUSY; ++spin) {
    code = ::pthread_mutex_trylock(&mutex_);
    if (code == EBUSY) pause_briefly();
  }
  if (code == EBUSY && deadline.is_never()) {
    code = ::pthread_mutex_lock(&mutex_);
  } else if (code == EBUSY) {
    const timespec until = deadline.absolute();
    code = ::pthread_mutex_clocklock(&mutex_, CLOCK_MONOTONIC, &until);
  }
  if (code == EOWNERDEAD) return Outcome::inherited;
  if (code == ETIMEDOUT) return Outcome::timed_out;
  check(code, "lock");
  return Outcome::locked;
}

void RobustMutex::mark_repaired() noexcept {
  check(::pthread_mutex_consistent(&mutex_), "mark consistent");
}

void RobustMutex::unlock() noexcept { check(::pthread_mutex_unlock(&mutex_), "unlock"); }

}  // namespace chatd::process
