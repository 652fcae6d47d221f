// SPDX-License-Identifier: GPL-3.0-or-later
// nearest.hpp — finds the word that is most likely meant by a mistyped one.
//
// Runs in:   processes that read the configuration, and chatctl. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace chatd {

// The number of letters that must be changed, added, left out or swapped with their neighbour
// (optimal string alignment); upper and lower case count as the same.
[[nodiscard]] std::size_t edit_distance(std::string_view one, std::string_view other);

// The first of the nearest words. nullopt if even that one is too different to be a typing error:
// by more than a third of the word, but one letter is always allowed.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view wrong,
                                                      std::span<const std::string_view> right);

// The nearest word; if none is near, the only one that begins with `wrong` or with its first three
// letters: "/who" is meant as "/whois".
[[nodiscard]] std::optional<std::string_view> nearest_or_begun(
    std::string_view wrong, std::span<const std::string_view> right);

}  // namespace chatd
