// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_block.hpp"

#include <algorithm>
#include <charconv>

#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"
#include "common/wire/native/native_argument.hpp"

namespace chatd::wire {

namespace {

// Names by the number of the value.
constexpr std::array<std::string_view, 4> kDirectFrom{"default", "anyone", "same-room", "owned"};

bool is_possible(const BlockRequest& request) {
  const bool is_accept = request.act == BlockAct::accept;
  if (request.act < BlockAct::add || request.act > BlockAct::accept) return false;
  if (name_of(request.from).empty()) return false;
  if (!is_accept && request.from != DirectFrom::unset) return false;
  return request.act == BlockAct::list || request.place == 0;
}

}  // namespace

std::string_view name_of(DirectFrom from) noexcept {
  const auto at = static_cast<std::size_t>(from);
  return at < kDirectFrom.size() ? kDirectFrom[at] : std::string_view{};
}

std::optional<DirectFrom> direct_from_of(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kDirectFrom, name);
  if (found == kDirectFrom.end()) return std::nullopt;
  return static_cast<DirectFrom>(found - kDirectFrom.begin());
}

std::optional<BlockRequest> read_block(std::string_view text) noexcept {
  const auto request = read_argument<BlockRequest>(text);
  return request && is_possible(*request) ? request : std::nullopt;
}

std::optional<BlockedUser> read_blocked(std::string_view line) noexcept {
  const auto tab = line.rfind('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  const NamedPerson named = read_named(line.substr(0, tab));
  if (named.person == 0 || named.name.empty() || named.name.size() > kMaxNameBytes) {
    return std::nullopt;
  }
  const std::string_view digits = line.substr(tab + 1);
  BlockedUser user{.name = named.name, .person = named.person, .since = 0};
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), user.since);
  if (end.ec != std::errc{} || end.ptr != digits.data() + digits.size() || user.since < 0) {
    return std::nullopt;
  }
  return user;
}

}  // namespace chatd::wire
