// SPDX-License-Identifier: GPL-3.0-or-later
// allocations.hpp — counts the allocations of a test program: chatd_counted_allocations replaces
// its operator new.
//
// Runs in:   test programs that link chatd_counted_allocations.
#pragma once

#include <cstddef>

namespace chatd::test {

// So far. A test that counts those of a library adds them.
[[nodiscard]] std::size_t& allocations() noexcept;

}  // namespace chatd::test
