// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/proved.hpp"

#include "daemon/chat/names.hpp"

namespace chatd::chat {

bool is_proved(const Sessions& sessions, Slot member) {
  const Names* const names = sessions.persons().names();
  return names != nullptr &&
         names->is_owner(sessions.person(member), sessions.roster().folded_name(member));
}

bool owns_name(const Sessions& sessions, Slot member) {
  const Names* const names = sessions.persons().names();
  return names != nullptr && names->owns(sessions.person(member));
}

bool is_in(const Sessions& sessions, state::PersonId person) {
  return !sessions_of(sessions, person).empty();
}

std::vector<Slot> sessions_of(const Sessions& sessions, state::PersonId person) {
  std::vector<Slot> found = sessions.with_mailbox();
  std::erase_if(found, [&](Slot slot) { return sessions.person(slot) != person; });
  return found;
}

std::vector<Slot> misnamed(const Sessions& sessions) {
  std::vector<Slot> found;
  const Names* const names = sessions.persons().names();
  if (names == nullptr) return found;
  for (const Slot slot : sessions.all()) {
    const bool has_other_key =
        sessions.has_mailbox(slot) &&
        sessions.persons().of_native(sessions.identity(slot)) != sessions.person(slot);
    const auto owner = names->owner(sessions.roster().folded_name(slot));
    if (has_other_key || (owner && *owner != sessions.person(slot))) found.push_back(slot);
  }
  return found;
}

void update_person(Sessions& sessions, const state::Identity& key) {
  for (const Slot slot : sessions.with_mailbox()) {
    if (sessions.identity(slot) == key) {
      sessions.session(slot).person = sessions.persons().of_native(key);
    }
  }
}

}  // namespace chatd::chat
