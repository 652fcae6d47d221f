// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/nearest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace chatd {
namespace {

// Longer words are not compared: no setting name is that long, and a file full of long names must
// not cost a minute.
constexpr std::size_t kLongest{64};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  const std::size_t width = other.size() + 1;
  // Three rows of the table: the swap of two neighbours uses the row before the last one.
  std::vector<std::size_t> before_last(width);
  std::vector<std::size_t> last(width);
  std::vector<std::size_t> row(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const char a = lower(one[i - 1]);
      const char b = lower(other[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a == b ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a == lower(other[j - 2]) && lower(one[i - 2]) == b;
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[other.size()];
}

std::optional<std::string_view> nearest(std::string_view wrong,
                                        std::span<const std::string_view> right) {
  if (wrong.empty() || wrong.size() > kLongest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t smallest = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  for (const std::string_view word : right) {
    const std::size_t distance = edit_distance(wrong, word);
    if (distance >= smallest) continue;
    smallest = distance;
    best = word;
  }
  return best;
}

std::optional<std::string_view> nearest_or_begun(std::string_view wrong,
                                                 std::span<const std::string_view> right) {
  constexpr std::size_t kLetters = 3;
  if (auto found = nearest(wrong, right)) return found;
  if (wrong.size() < kLetters || wrong.size() > kLongest) return std::nullopt;
  std::optional<std::string_view> only;
  for (const std::string_view word : right) {
    if (edit_distance(word.substr(0, kLetters), wrong.substr(0, kLetters)) != 0) continue;
    if (only) return std::nullopt;
    only = word;
  }
  return only;
}

}  // namespace chatd
