// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/member_list.hpp"

#include <algorithm>
#include <utility>

#include "client/member/list_text.hpp"
#include "client/member/programs.hpp"
#include "client/words/shown_words.hpp"
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

std::optional<std::vector<MemberRow>> MemberList::take(const Users& users,
                                                       std::string_view own_name) {
  (void)append_part(users_, users.list);
  if (users.more) return std::nullopt;
  const std::string own = wire::folded_name(own_name);
  std::vector<MemberRow> members;
  for (std::string_view rest = users_; !rest.empty();) {
    std::string_view row = take_row(rest);
    const std::string_view name = take_field(row);
    const bool is_this = is_only_program_ && wire::folded_name(name) == own;
    std::string_view mark = take_field(row);
    const bool is_text_member = mark == "text";
    if (is_text_member) mark = take_field(row);
    if (!name.empty() && !is_this) {
      members.push_back(
          {.name = std::string{name}, .is_text_member = is_text_member, .is_away = mark == "away"});
    }
  }
  std::ranges::sort(members);
  return members;
}

std::string as_text(const std::vector<MemberRow>& members, wire::Language language) {
  std::string text;
  for (const MemberRow& member : members) {
    text += safe_text(shown_name(member.name, member.is_text_member));
    if (member.is_away) text.append(" ").append(kUserAway.in(language));
    text += '\n';
  }
  return text;
}

}  // namespace chatd::client
