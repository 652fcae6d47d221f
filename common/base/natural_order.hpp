// SPDX-License-Identifier: GPL-3.0-or-later
// natural_order.hpp — the order in which a person reads a list of names: numbers in names count as
// numbers.
//
// Runs in:   every process. Pure.
#pragma once

#include <string_view>

namespace chatd {

// "member2" is before "member10". A strict order of all texts: of two texts that differ in leading
// zeros only, the smaller one by bytes is the first.
[[nodiscard]] bool is_before(std::string_view one, std::string_view other) noexcept;

}  // namespace chatd
