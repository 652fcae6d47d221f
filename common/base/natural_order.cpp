// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/natural_order.hpp"

#include <algorithm>
#include <cstddef>

namespace chatd {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool begins_with_digit(std::string_view text) {
  return !text.empty() && kDigits.contains(text.front());
}

// Takes the number at the front of the text, without its leading zeros.
std::string_view take_number(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  const std::size_t size = std::min(text.find_first_not_of(kDigits), text.size());
  const std::string_view number = text.substr(0, size);
  text.remove_prefix(size);
  return number;
}

// < 0: `one` is the smaller number.
int compare_numbers(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return one.size() < other.size() ? -1 : 1;
  return one.compare(other);
}

}  // namespace

bool is_before(std::string_view one, std::string_view other) noexcept {
  std::string_view a = one;
  std::string_view b = other;
  while (!a.empty() && !b.empty()) {
    int order = 0;
    if (begins_with_digit(a) && begins_with_digit(b)) {
      order = compare_numbers(take_number(a), take_number(b));
    } else {
      order = a.substr(0, 1).compare(b.substr(0, 1));
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
    if (order != 0) return order < 0;
  }
  if (a.empty() != b.empty()) return a.empty();
  return one < other;
}

}  // namespace chatd
