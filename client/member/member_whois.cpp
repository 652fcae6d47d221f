// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about users.
#include "client/member/member_impl.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

// The question is about whoever has the name now: the user wants to see who that is.
std::uint64_t Member::Impl::ask_member(std::string_view name) {
  PartialList list{.kind = wire::CommandKind::whois,
                   .member = std::string{wire::cut_to(name, wire::kMaxNameBytes)}};
  const bool is_possible = name.size() <= wire::kMaxNameBytes;
  const std::uint64_t number =
      is_possible ? uplink.add(wire::CommandKind::whois, name, {}) : uplink.skip_number();
  lists.emplace(number, std::move(list));
  if (!is_possible) refuse(number, wire::Reason::no_such_member);
  return number;
}

}  // namespace chatd::client
