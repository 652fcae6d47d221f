// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/member_list.hpp"

#include <algorithm>
#include <utility>

#include "client/member/list_text.hpp"
#include "client/member/programs.hpp"
#include "client/words/presence_words.hpp"
#include "client/words/text.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

// A server that does not know the question allows one program.
std::optional<Order> MemberList::take(const ProgramList& programs) {
  (void)append_part(programs_, programs.list);
  if (programs.more) return std::nullopt;
  is_only_program_ = read_programs(programs_).size() < 2;
  return AskUsers{.room = room_};
}

std::optional<std::vector<UserRow>> MemberList::take(const Users& users,
                                                     std::string_view own_name) {
  (void)append_part(users_, users.list);
  if (users.more) return std::nullopt;
  const std::string own = wire::folded_name(own_name);
  std::vector<UserRow> members;
  for (std::string_view rest = users_; !rest.empty();) {
    UserRow member = take_user(rest);
    const bool is_this = is_only_program_ && wire::folded_name(member.name) == own;
    if (!member.name.empty() && !is_this) members.push_back(std::move(member));
  }
  std::ranges::sort(members);
  return members;
}

std::string as_text(const std::vector<UserRow>& members, wire::Language language) {
  std::string text;
  for (const UserRow& member : members) {
    text += safe_text(user_text(language, member)) + '\n';
  }
  return text;
}

}  // namespace chatd::client
