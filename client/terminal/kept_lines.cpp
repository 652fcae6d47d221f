// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/kept_lines.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

// The text in the form in which it is compared. It is folded in pieces, because normalize() takes
// no long ones.
std::string folded(std::string_view text) {
  constexpr std::size_t kPiece = 256;
  std::string whole;
  wire::NormalBuffer buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (!text.empty()) {
    std::string_view piece = wire::cut_to(text, kPiece);
    if (piece.empty()) piece = text.substr(0, 1);  // not UTF-8
    text.remove_prefix(piece.size());
    whole += wire::normalize(piece, wire::Form::nfkc_casefold, buffer).value_or(piece);
  }
  return whole;
}

}  // namespace

void KeptLines::add(Kept line) {
  bytes_ += line.text.size();
  lines_.push_back(std::move(line));
  while (lines_.size() > kMaxLines || bytes_ > kMaxBytes) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
  }
}

std::vector<KeptLines::Kept> KeptLines::last() const {
  const std::size_t before = lines_.size() - std::min(lines_.size(), kLast);
  return {lines_.begin() + static_cast<std::ptrdiff_t>(before), lines_.end()};
}

std::vector<KeptLines::Kept> KeptLines::with(std::string_view text) const {
  const std::string wanted = folded(text);
  std::vector<Kept> found;
  for (const Kept& line : lines_ | std::views::reverse) {
    if (!folded(line.text).contains(wanted)) continue;
    found.push_back(line);
    if (found.size() == kFound) break;
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace chatd::client
