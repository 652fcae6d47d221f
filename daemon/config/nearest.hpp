// SPDX-License-Identifier: GPL-3.0-or-later
// nearest.hpp — what somebody who mistyped a word most likely meant.
//
// Runs in:   whoever reads the configuration.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace chatd::config {

// How many letters must be changed, added, left out or swapped with their neighbour
// (optimal string alignment); upper and lower case count as the same.
[[nodiscard]] std::size_t edit_distance(std::string_view one, std::string_view other);

// The first of the nearest words, unless even that one is too far to be a typing error:
// more than a third of the word, but one letter is always forgiven.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view wrong,
                                                      std::span<const std::string_view> right);

}  // namespace chatd::config
