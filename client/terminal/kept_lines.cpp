// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/kept_lines.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "client/words/text.hpp"

namespace chatd::client {

void KeptLines::add(Kept line) {
  bytes_ += line.text.size();
  lines_.push_back(std::move(line));
  while (lines_.size() > kMaxLines || bytes_ > kMaxBytes) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
  }
}

std::vector<KeptLines::Kept> KeptLines::last(std::size_t count) const {
  const std::size_t before = lines_.size() - std::min(lines_.size(), count);
  return {lines_.begin() + static_cast<std::ptrdiff_t>(before), lines_.end()};
}

std::vector<KeptLines::Kept> KeptLines::with(std::string_view text) const {
  const std::string wanted = folded_text(text);
  std::vector<Kept> found;
  for (const Kept& line : lines_ | std::views::reverse) {
    if (!folded_text(line.text).contains(wanted)) continue;
    found.push_back(line);
    if (found.size() == kFound) break;
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace chatd::client
