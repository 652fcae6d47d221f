// SPDX-License-Identifier: GPL-3.0-or-later
// umask.hpp — a umask for one scope: files made in it get exactly the mode that the code names.
//
// Runs in:   the supervisor, before any fork.
// Invariant: the old umask is restored at the end of the scope.
//
// The umask belongs to the process: not for a program that has threads.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

namespace chatd {

class [[nodiscard]] ScopedUmask {
 public:
  explicit ScopedUmask(mode_t mask) noexcept : before_{::umask(mask)} {}
  ScopedUmask(const ScopedUmask&) = delete;
  ScopedUmask(ScopedUmask&&) = delete;
  ScopedUmask& operator=(const ScopedUmask&) = delete;
  ScopedUmask& operator=(ScopedUmask&&) = delete;
  ~ScopedUmask() { ::umask(before_); }

 private:
  mode_t before_;
};

}  // namespace chatd
