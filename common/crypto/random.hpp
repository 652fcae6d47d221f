// SPDX-License-Identifier: GPL-3.0-or-later
// random.hpp — random bytes for keys.
//
// Runs in:   every process that uses the native protocol.
// Invariant: from the kernel each time: a forked process never repeats its parent's bytes.
// Errors:    ends the process if the kernel has none.
#pragma once

#include <cstddef>
#include <span>

namespace chatd::crypto {

// Fills `out` by getrandom(2).
void fill_random(std::span<std::byte> out) noexcept;

}  // namespace chatd::crypto
