// SPDX-License-Identifier: GPL-3.0-or-later
// random.hpp — bytes that nobody can guess.
//
// Runs in:   every process that speaks the native protocol.
// Invariant: from the kernel each time: a forked process never repeats its parent's bytes.
// Errors:    ends the process if the kernel has none.
#pragma once

#include <cstddef>
#include <span>

namespace chatd::crypto {

void fill_random(std::span<std::byte> out) noexcept;

}  // namespace chatd::crypto
