// SPDX-License-Identifier: GPL-3.0-or-later
// detached.hpp — the double fork: a process whose parent is init.
//
// Runs in:   any process. The child forks the grandchild and ends at once; the orphaned
//            grandchild gets init (or the nearest subreaper) as its parent, which reaps it.
// Owns:      nothing: there is no zombie to collect and nothing to join. The grandchild
//            outlives the caller; it is in a new session, without a terminal.
// Errors:    Result; the grandchild's own errors as in child.hpp.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace chatd::process {

struct DetachedOptions {
  std::string name{"detached"};
  // If set, the grandchild closes every descriptor except 0, 1, 2 and these.
  std::optional<std::vector<int>> keep_fds{};
};

// Returns the grandchild's pid when it is an orphan. `target` runs after that.
[[nodiscard]] Result<pid_t> start_detached(const std::function<int()>& target,
                                           const DetachedOptions& options = {});

}  // namespace chatd::process
