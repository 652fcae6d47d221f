// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/log.hpp"

namespace chatd::ctl {

std::string duration_text(std::chrono::seconds duration) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  const auto whole = std::max(duration, std::chrono::seconds{0});
  const auto d = std::chrono::floor<days>(whole);
  const auto h = std::chrono::floor<hours>(whole - d);
  const auto m = std::chrono::floor<minutes>(whole - d - h);
  if (d.count() > 0) {
    const std::string text = count_text(static_cast<std::uint64_t>(d.count()), "day");
    return h.count() == 0 ? text : fmt::format("{} {} h", text, h.count());
  }
  if (h.count() > 0) {
    return m.count() == 0 ? fmt::format("{} h", h.count())
                          : fmt::format("{} h {} min", h.count(), m.count());
  }
  if (m.count() > 0) return fmt::format("{} min", m.count());
  return fmt::format("{} s", whole.count());
}

std::string age_text(WallTime then, WallTime now) {
  const auto age = std::chrono::floor<std::chrono::seconds>(now - then);
  return age.count() < 1 ? "now" : duration_text(age) + " ago";
}

std::string number_text(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

std::string labelled(std::string_view label, std::string_view value) {
  return fmt::format("  {:<10} {}\n", label, escape_controls(value));
}

std::string count_text(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

}  // namespace chatd::ctl
