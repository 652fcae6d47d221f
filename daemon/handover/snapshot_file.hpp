// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_file.hpp — the memory file that holds a snapshot between a service and its successor.
//
// Runs in:   supervisor.
// Owns:      nothing; the caller gets the file, or a mapping of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/sys/memory_file.hpp"

namespace chatd::handover {

// Writes a snapshot into a new memory file. One call of pwrite(2) writes at most `step` bytes, and
// never more than 2 GiB: a larger snapshot takes several calls.
[[nodiscard]] Result<UniqueFd> store_snapshot(
    std::span<const std::uint8_t> snapshot,
    std::size_t step = std::numeric_limits<std::size_t>::max());

// Maps the whole file. To read the file into a buffer would take the same memory once more.
[[nodiscard]] Result<sys::Mapping> map_snapshot(int fd);
// The bytes of a mapped snapshot.
[[nodiscard]] std::span<const std::uint8_t> snapshot_in(const sys::Mapping& file);

}  // namespace chatd::handover
