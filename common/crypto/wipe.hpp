// SPDX-License-Identifier: GPL-3.0-or-later
// wipe.hpp — overwrites secrets in memory.
//
// Runs in:   every process that uses the native protocol.
// Invariant: the compiler does not remove the stores, though no code reads the bytes again.
#pragma once

#include <cstddef>
#include <span>

namespace chatd::crypto {

void wipe(std::span<std::byte> secret) noexcept;

}  // namespace chatd::crypto
