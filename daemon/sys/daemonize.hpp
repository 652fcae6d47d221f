// SPDX-License-Identifier: GPL-3.0-or-later
// daemonize.hpp — the double fork of daemon(7), with a truthful exit status.
//
// Runs in:   the process that the user started, then its grandchild, the daemon.
// Owns:      a StartupReport owns the daemon's end of the channel to the first process.
// Invariant: the first process ends with 0 only after ready(); whatever else happens to
//            the daemon before that, it ends with another status, 1 unless the daemon says
//            which, and says why on its standard error.
// Errors:    daemonize() returns an error only to the first process, before any fork.
//            A later error is sent through the channel and ends the daemon.
//
// Call daemonize() before threads and event loops exist: fork() copies only the calling
// thread, and an epoll set made earlier would stay shared.
#pragma once

#include <cstdlib>
#include <string_view>
#include <utility>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::sys {

// The report of the daemon while it starts. Its destruction before ready() counts as failure.
// Children of the daemon must not keep its descriptor: otherwise the first process does not see the
// death of the daemon until they die as well.
class [[nodiscard]] StartupReport {
 public:
  // Without a first process that waits: both calls do nothing. For a start in the foreground.
  StartupReport() noexcept = default;
  explicit StartupReport(UniqueFd channel) noexcept
      : channel_{std::move(channel)}, awaited_{true} {}

  // Error: the first process has ended, since its user interrupted the start and saw it fail.
  Result<> ready();
  // The first process ends with `status`.
  void failed(std::string_view why, int status = EXIT_FAILURE);

 private:
  UniqueFd channel_;
  bool awaited_{false};
};

// Closes every descriptor above standard error, and opens /dev/null for each missing one up to it.
// The first thing in main() when daemonizing: the daemon keeps no terminal in descriptor 7, and no
// socket becomes its standard output.
Result<> keep_standard_descriptors_only();

// Returns only in the daemon: own session but not its leader, "/" as working directory,
// /dev/null as 0, 1 and 2, umask 027, signals at their defaults, none blocked.
[[nodiscard]] Result<StartupReport> daemonize();

}  // namespace chatd::sys
