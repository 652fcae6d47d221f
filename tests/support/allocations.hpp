// SPDX-License-Identifier: GPL-3.0-or-later
// allocations.hpp — counts the allocations of a test program. The library chatd_counted_allocations
// replaces operator new.
//
// Runs in:   test programs that link chatd_counted_allocations.
#pragma once

#include <cstddef>

namespace chatd::test {

// The number of allocations since the program began. A test also adds the allocations of libraries
// that do not use operator new.
[[nodiscard]] std::size_t& allocations() noexcept;

}  // namespace chatd::test
