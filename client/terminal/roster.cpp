// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/roster.hpp"

#include <algorithm>

#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string lowered{text};
  std::ranges::transform(lowered, lowered.begin(), [](char c) { return lower(c); });
  return lowered;
}

bool is_word(char c) {
  const char low = lower(c);
  return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

void Roster::add(std::string_view name) {
  std::string folded = wire::folded_name(name);
  if (folded.empty() || names_.size() >= kMaxNames) return;
  names_.insert_or_assign(std::move(folded), std::string{name});
}

void Roster::remove(std::string_view name) { names_.erase(wire::folded_name(name)); }

std::vector<std::string> Roster::beginning_with(std::string_view prefix) const {
  const std::string folded = wire::folded_name(prefix);
  std::vector<std::string> found;
  for (auto at = names_.lower_bound(folded); at != names_.end(); ++at) {
    if (!at->first.starts_with(folded)) break;
    found.push_back(at->second);
  }
  return found;
}

bool mentions(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  const std::string in = lower(text);
  const std::string what = lower(name);
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + 1)) {
    const auto end = at + what.size();
    const bool goes_on_before = at > 0 && is_word(in[at - 1]) && is_word(what.front());
    const bool goes_on_behind = end < in.size() && is_word(in[end]) && is_word(what.back());
    if (!goes_on_before && !goes_on_behind) return true;
  }
  return false;
}

}  // namespace chatd::client
