// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <utf8proc.h>

namespace chatd::ctl {

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    utf8proc_int32_t character = 0;
    const auto taken = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                        static_cast<utf8proc_ssize_t>(text.size()), &character);
    // A byte that is not UTF-8 shows as one replacement character.
    width += taken > 0 ? static_cast<std::size_t>(utf8proc_charwidth(character)) : 1;
    text.remove_prefix(taken > 0 ? static_cast<std::size_t>(taken) : 1);
  }
  return width;
}

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

std::string count_text(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

}  // namespace chatd::ctl
