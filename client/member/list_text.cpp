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

std::string_view take_row(std::string_view& list) {
  const std::string_view row = list.substr(0, list.find('\n'));
  list.remove_prefix(std::min(row.size() + 1, list.size()));
  return row;
}

}  // namespace chatd::client
