// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/invitations.hpp"

#include <algorithm>
#include <span>

#include "common/crypto/invitation_code.hpp"
#include "common/wire/name.hpp"

namespace chatd::chat {

using state::InvitationState;

namespace {

InvitationState state_of(const state::InvitationRow& row) {
  return row.state.load(std::memory_order_relaxed);
}

}  // namespace

void Invitations::adopt() {
  codes_.adopt();
  admissions_.adopt();
  by_id_.clear();
  by_hash_.clear();
  by_person_.clear();
  used_.clear();
  codes_.for_each([this](Index code, const state::InvitationRow& /*row*/) { list_code(code); });
  admissions_.for_each(
      [this](Index at, const state::AdmissionRow& /*row*/) { list_admission(at); });
}

// Of two rows with one id or one hash, which only a damaged database has, one stays.
void Invitations::list_code(Index code) {
  const state::InvitationRow& row = codes_.row(code);
  if (by_id_.contains(row.id) || by_hash_.contains(row.hash)) return codes_.remove(code);
  by_id_.emplace(row.id, code);
  by_hash_.emplace(row.hash, code);
}

void Invitations::unlist_code(Index code) {
  const state::InvitationRow& row = codes_.row(code);
  by_id_.erase(row.id);
  by_hash_.erase(row.hash);
}

void Invitations::list_admission(Index at) {
  const state::AdmissionRow& row = admissions_.row(at);
  const auto [place, is_new] = by_person_.try_emplace(Key{row.person, row.invitation}, at);
  if (!is_new) return admissions_.remove(at);
  ++used_[row.invitation];
}

// --- codes -------------------------------------------------------------------------

std::uint32_t Invitations::used(Id id) const {
  const auto at = used_.find(id);
  return at == used_.end() ? 0 : at->second;
}

bool Invitations::is_in_force(Index code, WallTime now) const {
  const state::InvitationRow& row = codes_.row(code);
  return state_of(row) == InvitationState::open && micros_of(now) < row.until_wall &&
         used(row.id) < row.uses;
}

// The row says nothing that an administrator needs.
bool Invitations::is_over(Index code, WallTime now) const {
  return !is_in_force(code, now) && used(codes_.row(code).id) == 0;
}

std::uint32_t Invitations::promised(WallTime now) const {
  std::uint32_t uses = admissions_.size();
  for (const auto& [id, code] : by_id_) {
    if (is_in_force(code, now)) uses += codes_.row(code).uses - used(id);
  }
  return uses;
}

std::uint32_t Invitations::space_for(std::uint32_t uses, WallTime now) const {
  std::uint32_t rows = codes_.capacity() - codes_.size();
  for (const auto& [id, code] : by_id_) rows += is_over(code, now) ? 1U : 0U;
  const std::uint32_t promised = this->promised(now);
  const std::uint32_t left = state::kAdmissionRows - std::min(promised, state::kAdmissionRows);
  return std::min(rows, left / std::max(uses, 1U));
}

bool Invitations::make_space(WallTime now) {
  if (!codes_.is_full()) return true;
  const auto oldest =
      std::ranges::find_if(by_id_, [&](const auto& entry) { return is_over(entry.second, now); });
  if (oldest == by_id_.end()) return false;
  const Index code = oldest->second;
  unlist_code(code);
  codes_.remove(code);
  return true;
}

std::optional<Invitations::Id> Invitations::add(const Making& making) {
  if (!make_space(making.now)) return std::nullopt;
  // Admissions stay when the row of their code was used again.
  const Id last = std::max(by_id_.empty() ? Id{} : by_id_.rbegin()->first,
                           used_.empty() ? Id{} : used_.rbegin()->first);
  const Id id{static_cast<std::uint32_t>(last) + 1};
  const auto code = codes_.add([&](state::InvitationRow& row) {
    row.id = id;
    row.hash = making.hash;
    row.made_wall = micros_of(making.now);
    row.until_wall = micros_of(making.until);
    row.uses = making.uses;
    row.room = making.room;
    row.by = making.by;
    row.state.store(InvitationState::open, std::memory_order_relaxed);
  });
  if (!code) return std::nullopt;
  list_code(*code);
  return id;
}

std::optional<Invitations::Index> Invitations::find_id(Id id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? std::nullopt : std::optional{at->second};
}

bool Invitations::is_open(Index code) const {
  return state_of(codes_.row(code)) == InvitationState::open;
}

bool Invitations::end(Index code, InvitationState state) {
  if (!is_open(code)) return false;
  codes_.change(code, [state](state::InvitationRow& row) {
    row.state.store(state, std::memory_order_relaxed);
  });
  return true;
}

// --- admissions --------------------------------------------------------------------

// A code that is not known, and one that is not valid any more, cost the same: one hash and one
// search in each index.
std::optional<Invitations::Found> Invitations::find(std::string_view secret, state::PersonId person,
                                                    WallTime now) const {
  const auto at = by_hash_.find(crypto::hash_of_invitation(std::as_bytes(std::span{secret})));
  const Id id = at == by_hash_.end() ? Id{} : codes_.row(at->second).id;
  const bool is_again = by_person_.contains(Key{person, id});
  if (at == by_hash_.end()) return std::nullopt;
  if (!is_again && !is_in_force(at->second, now)) return std::nullopt;
  return Found{.code = at->second, .is_again = is_again};
}

bool Invitations::admit(const Found& found, state::PersonId person, std::string_view name,
                        WallTime now) {
  if (found.is_again) return true;
  const state::InvitationRow& code = codes_.row(found.code);
  const auto at = admissions_.add([&](state::AdmissionRow& row) {
    row.invitation = code.id;
    row.person = person;
    row.made_wall = micros_of(now);
    row.room_due.store(code.room, std::memory_order_relaxed);
    assign(row.name, name);
  });
  if (at) list_admission(*at);
  return at.has_value();
}

void Invitations::settle_room(Index at) {
  admissions_.change(at, [](state::AdmissionRow& row) {
    row.room_due.store(state::kDefaultRoom, std::memory_order_relaxed);
  });
}

std::optional<Invitations::Id> Invitations::admitted_by(state::PersonId person) const {
  const auto at = by_person_.lower_bound(Key{person, Id{}});
  if (at == by_person_.end() || at->first.first != person) return std::nullopt;
  return at->first.second;
}

std::optional<state::PersonId> Invitations::admitted_as(std::string_view name) const {
  const state::AdmissionRow* latest = nullptr;
  admissions_.for_each([&](Index /*at*/, const state::AdmissionRow& row) {
    if (latest != nullptr && row.made_wall < latest->made_wall) return;
    if (wire::folded_name(view_of(row.name)) == name) latest = &row;
  });
  return latest == nullptr ? std::nullopt : std::optional{latest->person};
}

std::vector<Invitations::Id> Invitations::all_of(state::PersonId person) const {
  std::vector<Id> ids;
  for (auto at = by_person_.lower_bound(Key{person, Id{}});
       at != by_person_.end() && at->first.first == person; ++at) {
    ids.push_back(at->first.second);
  }
  return ids;
}

std::vector<state::PersonId> Invitations::remove_admissions(Id id) {
  std::vector<state::PersonId> gone;
  admissions_.for_each([&](Index at, const state::AdmissionRow& row) {
    if (row.invitation != id) return;
    by_person_.erase(Key{row.person, id});
    if (!admitted_by(row.person)) gone.push_back(row.person);
    admissions_.remove(at);
  });
  used_.erase(id);
  return gone;
}

}  // namespace chatd::chat
