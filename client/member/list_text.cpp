// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/list_text.hpp"

namespace chatd::client {

bool append_part(std::string& list, std::string_view part) {
  const std::string_view between = list.empty() || part.empty() ? "" : "\n";
  if (list.size() + between.size() + part.size() > kMaxListBytes) return false;
  list.append(between).append(part);
  return true;
}

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
