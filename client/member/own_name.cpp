// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/own_name.hpp"

#include <algorithm>

#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

OwnName::OwnName(std::string_view name) : name_{name}, folded_{wire::folded_name(name)} {}

// Folding takes long, and each line of a room is asked for: a name of ASCII characters keeps its
// size, so that most names need no folding.
bool OwnName::is(std::string_view name) const {
  if (name_.empty() || name.empty()) return false;
  if (name == name_) return true;
  if (name.size() != folded_.size() && is_ascii(name)) return false;
  return wire::folded_name(name) == folded_ && !folded_.empty();
}

bool OwnName::has_sent(const Line& line) const {
  switch (line.record) {
    case wire::RecordKind::say:
    case wire::RecordKind::action:
    case wire::RecordKind::direct:
    case wire::RecordKind::topic:
    case wire::RecordKind::set:
    case wire::RecordKind::moderated:
      return !line.replay && is(line.name);
    default:
      return false;  // the line does not name its sender
  }
}

}  // namespace chatd::client
