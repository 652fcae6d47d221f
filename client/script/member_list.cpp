// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/member_list.hpp"

#include <algorithm>
#include <utility>

#include "client/member/list_text.hpp"
#include "client/member/programs.hpp"
#include "client/words/own_words.hpp"
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
    MemberRow member{.name = std::string{name}};
    while (!row.empty()) {
      const std::string_view mark = take_field(row);
      member.is_text_member = member.is_text_member || mark == "text";
      member.is_away = member.is_away || mark == "away";
      member.is_owner = member.is_owner || mark == "owned";
    }
    // A text member has no key that could own a name.
    member.is_owner = member.is_owner && !member.is_text_member;
    if (!name.empty() && !is_this) members.push_back(std::move(member));
  }
  std::ranges::sort(members);
  return members;
}

std::string as_text(const std::vector<MemberRow>& members, wire::Language language) {
  std::string text;
  for (const MemberRow& member : members) {
    text += safe_text(shown_name(member.name, member.is_text_member));
    if (member.is_owner) text.append(" ").append(kUserOwns.in(language));
    if (member.is_away) text.append(" ").append(kUserAway.in(language));
    text += '\n';
  }
  return text;
}

}  // namespace chatd::client
