// SPDX-License-Identifier: GPL-3.0-or-later
// wipe.hpp — overwriting what nobody may find later.
//
// Runs in:   every process that speaks the native protocol.
// Invariant: the compiler does not leave it out, though nobody reads the bytes again.
#pragma once

#include <cstddef>
#include <span>

namespace chatd::crypto {

void wipe(std::span<std::byte> secret) noexcept;

}  // namespace chatd::crypto
