// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/room_rules.hpp"

namespace chatd::test {

using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;

RoomRole RoomRules::role(std::string_view name) const {
  const auto found = roles_.find(name);
  return found == roles_.end() ? RoomRole::none : found->second;
}

RoomRules::Names RoomRules::with_role() const {
  Names names;
  for (const auto& [name, role] : roles_) names.insert(name);
  return names;
}

RoomRules::Names RoomRules::on_list() const {
  Names names = with_role();
  names.insert(invited_.begin(), invited_.end());
  return names;
}

void RoomRules::apply(const Heard& record) {
  switch (record.kind) {
    case RecordKind::join:
      members_.insert(record.name);
      break;
    case RecordKind::leave:
    case RecordKind::kick:
      members_.erase(record.name);
      break;
    case RecordKind::set:
      if (const auto setting = wire::read_setting(record.text)) apply_setting(*setting);
      break;
    case RecordKind::moderated:
      if (const auto change = wire::read_moderation(record.text)) apply_moderation(*change);
      break;
    default:
      break;
  }
}

// The members of a room that becomes one for invited members are invited.
void RoomRules::apply_setting(const wire::RoomSetting& setting) {
  if (setting.value == 0) {
    on_.erase(setting.property);
    return;
  }
  on_.insert(setting.property);
  if (setting.property != RoomProperty::invited) return;
  for (const std::string& name : members_) {
    if (!is_on_list(name)) invited_.insert(name);
  }
}

void RoomRules::apply_moderation(const wire::Moderation& moderation) {
  const std::string name{moderation.name};
  // Otherwise the user may have had no session, so that the rule is for its name.
  const bool has_key = is_member(name) || role(name) != RoomRole::none;
  switch (moderation.action) {
    case ModerateAction::kick:
    case ModerateAction::uninvite:
      invited_.erase(name);
      break;
    case ModerateAction::ban:
      banned_.insert(name);
      if (has_key) banned_keys_.insert(name);
      invited_.erase(name);
      roles_.erase(name);
      break;
    case ModerateAction::unban:
      banned_.erase(name);
      banned_keys_.erase(name);
      break;
    case ModerateAction::mute:
      muted_.insert(name);
      if (has_key) muted_keys_.insert(name);
      break;
    case ModerateAction::unmute:
      muted_.erase(name);
      muted_keys_.erase(name);
      break;
    case ModerateAction::invite:
      invited_.insert(name);
      break;
    case ModerateAction::moderator:
      roles_.insert_or_assign(name, RoomRole::moderator);
      break;
    case ModerateAction::owner:
      roles_.insert_or_assign(name, RoomRole::owner);
      break;
    case ModerateAction::no_role:
      roles_.erase(name);
      break;
  }
}

}  // namespace chatd::test
