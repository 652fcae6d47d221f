// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/list_text.hpp"

#include <algorithm>

namespace chatd::client {

bool append_part(std::string& list, std::string_view part) {
  const std::string_view between = list.empty() || part.empty() ? "" : "\n";
  if (list.size() + between.size() + part.size() > kMaxListBytes) return false;
  list.append(between).append(part);
  return true;
}

namespace {

// Removes the text up to the first `end`, with it, and returns the text.
std::string_view take_until(char end, std::string_view& text) {
  const std::string_view first = text.substr(0, text.find(end));
  text.remove_prefix(std::min(first.size() + 1, text.size()));
  return first;
}

}  // namespace

std::string_view take_row(std::string_view& list) { return take_until('\n', list); }
std::string_view take_field(std::string_view& row) { return take_until('\t', row); }

UserRow take_user(std::string_view& list) {
  std::string_view fields = take_row(list);
  UserRow user{.name = std::string{take_field(fields)}};
  while (!fields.empty()) {
    const std::string_view field = take_field(fields);
    user.is_text = user.is_text || field == "text";
    user.is_away = user.is_away || field == "away";
    user.is_owner = user.is_owner || field == "owned";
  }
  user.is_owner = user.is_owner && !user.is_text;
  return user;
}

}  // namespace chatd::client
