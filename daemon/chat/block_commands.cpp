// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/block_commands.hpp"

#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"

namespace chatd::chat {

using wire::Reason;

std::expected<Blocks::Listed, Reason> BlockCommands::carry_out(Slot session, std::string_view name,
                                                               const wire::BlockRequest& request,
                                                               std::span<char> out, WallTime now) {
  const Blocks::By by{
      .person = sessions_.person(session), .address = sessions_.where(session).address, .now = now};
  std::optional<Reason> refused;
  switch (request.act) {
    case wire::BlockAct::add:
      refused = add(by, name);
      break;
    case wire::BlockAct::remove:
      refused = remove(by.person, name);
      break;
    case wire::BlockAct::accept:
      refused = blocks_.choose(by, request.from);
      break;
    case wire::BlockAct::list:
      return blocks_.list(by.person, request.place, out);
  }
  if (refused) return std::unexpected{*refused};
  return Blocks::Listed{.bytes = 0, .next = std::nullopt};
}

// The number of a person is enough: the user may have left, and another one may have its name.
std::optional<Reason> BlockCommands::add(const Blocks::By& by, std::string_view name) {
  const auto named = wire::read_named(name);
  const auto checked = wire::check_name(named.name);
  if (!checked) return Reason::no_such_member;
  state::PersonId other{named.person};
  if (const auto member = sessions_.find_name(named.name); member && other == state::PersonId{}) {
    other = sessions_.person(*member);
  } else if (other == state::PersonId{}) {
    other = names_.owner(checked->key).value_or(state::PersonId{});
  }
  if (other == state::PersonId{} || other == by.person) return Reason::no_such_member;
  if (wire::is_text_person(static_cast<std::uint64_t>(other))) return Reason::not_native;
  return blocks_.add(by, other, checked->text);
}

// The name is the one under which the user was blocked; without such a block, that of a user.
std::optional<Reason> BlockCommands::remove(state::PersonId person, std::string_view name) {
  const auto named = wire::read_named(name);
  if (const auto other = blocks_.blocked(person, named.name)) {
    blocks_.remove(person, *other);
    return std::nullopt;
  }
  state::PersonId other{named.person};
  if (const auto member = sessions_.find_name(named.name); member && other == state::PersonId{}) {
    other = sessions_.person(*member);
  }
  if (blocks_.remove(person, other)) return std::nullopt;
  return Reason::not_blocked;
}

}  // namespace chatd::chat
