// SPDX-License-Identifier: GPL-3.0-or-later
// cold_start.hpp — a start that has nothing of a predecessor in memory: what was saved on disk
// comes back, and the log says what.
//
// Runs in:   main(), before any role is forked.
#pragma once

#include <expected>

#include "common/base/result.hpp"
#include "daemon/options.hpp"
#include "daemon/service.hpp"

namespace chatd {

// Why the service does not start.
struct Failure {
  Error error;
  int status{kExitFailed};
};

// Fills the new region from the state directory. Failure: nothing of the registry can be read
// (kExitConfig, unless registry.required is false), or the disk does not answer.
[[nodiscard]] std::expected<void, Failure> load_from_disk(const Service& service, int region);

}  // namespace chatd
