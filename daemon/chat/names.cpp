// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/names.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/skeleton.hpp"
#include "daemon/chat/types.hpp"

namespace chatd::chat {

using state::NameKeyRow;
using state::NameKeyState;
using state::OwnedNameRow;
using state::PersonId;
using wire::Reason;

namespace {

bool is_valid(const NameKeyRow& row) {
  return row.state.load(std::memory_order_relaxed) == NameKeyState::valid;
}

std::int64_t rests_until(const OwnedNameRow& row) {
  return row.rests_until_wall.load(std::memory_order_relaxed);
}

}  // namespace

Names::Names(const state::StateView& state, const Persons& persons, Micros expire)
    : persons_{persons}, expire_{expire}, names_{state}, keys_{state} {}

// --- adoption ----------------------------------------------------------------------

// Of two rows for one name, one person or one key the first one stays.
void Names::adopt() {
  names_.adopt();
  keys_.adopt();
  names_.for_each([this](NameIndex at, const OwnedNameRow& row) {
    const std::string folded = wire::folded_name(view_of(row.name));
    const bool is_usable =
        !folded.empty() && !by_name_.contains(folded) && !by_person_.contains(row.person);
    if (is_usable) {
      list_name(at);
    } else {
      names_.remove(at);
    }
  });
  keys_.for_each([this](KeyIndex at, const NameKeyRow& row) {
    const auto& same = is_valid(row) ? valid_ : dropped_;
    if (same.contains(row.hash)) {
      keys_.remove(at);
    } else {
      list_key(at);
    }
  });
}

void Names::list_name(NameIndex name) {
  const OwnedNameRow& row = names_.row(name);
  std::string folded = wire::folded_name(view_of(row.name));
  by_look_.emplace(wire::skeleton(folded), name);
  by_person_.emplace(row.person, name);
  by_name_.emplace(std::move(folded), name);
}

void Names::unlist_name(NameIndex name) {
  const OwnedNameRow& row = names_.row(name);
  const std::string folded = wire::folded_name(view_of(row.name));
  const auto [begin, end] = by_look_.equal_range(wire::skeleton(folded));
  const auto look = std::find_if(begin, end, [&](const auto& all) { return all.second == name; });
  if (look != end) by_look_.erase(look);
  by_person_.erase(row.person);
  by_name_.erase(folded);
}

void Names::list_key(KeyIndex key) {
  const NameKeyRow& row = keys_.row(key);
  if (!is_valid(row)) {
    dropped_.emplace(row.hash, key);
    return;
  }
  valid_.emplace(row.hash, key);
  keys_of_.emplace(row.person, key);
}

// --- search ------------------------------------------------------------------------

std::optional<Names::NameIndex> Names::find(std::string_view folded_name) const {
  const auto found = by_name_.find(folded_name);
  return found == by_name_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Names::NameIndex> Names::name_row_of(PersonId person) const {
  const auto found = by_person_.find(person);
  return found == by_person_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Names::NameIndex> Names::next(NameIndex from) const {
  for (; from < names_.used(); ++from) {
    if (names_.is_made(from)) return from;
  }
  return std::nullopt;
}

std::optional<PersonId> Names::owner(std::string_view folded_name) const {
  const auto name = find(folded_name);
  return name ? std::optional{names_.row(*name).person} : std::nullopt;
}

bool Names::owns(PersonId person) const {
  const auto name = name_row_of(person);
  return name && rests_until(names_.row(*name)) == 0;
}

std::optional<std::string_view> Names::name_of(PersonId person) const {
  const auto name = name_row_of(person);
  return name ? std::optional{view_of(names_.row(*name).name)} : std::nullopt;
}

bool Names::is_owner(PersonId person, std::string_view folded_name) const {
  const auto name = find(folded_name);
  return name && names_.row(*name).person == person && rests_until(names_.row(*name)) == 0;
}

std::optional<Names::KeyPerson> Names::person_of(const crypto::Hash& key) const {
  if (const auto found = valid_.find(key); found != valid_.end()) {
    return KeyPerson{.person = keys_.row(found->second).person, .is_dropped = false};
  }
  if (const auto found = dropped_.find(key); found != dropped_.end()) {
    return KeyPerson{.person = keys_.row(found->second).person, .is_dropped = true};
  }
  return std::nullopt;
}

std::vector<const NameKeyRow*> Names::keys(PersonId person) const {
  std::vector<const NameKeyRow*> rows;
  const auto [begin, end] = keys_of_.equal_range(person);
  for (auto at = begin; at != end; ++at) rows.push_back(&keys_.row(at->second));
  std::ranges::sort(rows, {}, &NameKeyRow::order);
  return rows;
}

// --- claims ------------------------------------------------------------------------

bool Names::has_look_alike(const wire::Name& name) const {
  const auto [begin, end] = by_look_.equal_range(wire::skeleton(name.key));
  return std::any_of(begin, end, [&](const auto& other) {
    return wire::folded_name(view_of(names_.row(other.second).name)) != name.key;
  });
}

std::optional<Reason> Names::reason_not_to_claim(const Claim& claim) const {
  const auto own = name_row_of(claim.person);
  const auto same = find(claim.name.key);
  if (same && own != same) return Reason::name_owned;
  if (own && own != same) return Reason::own_has_one;
  const auto known = person_of(claim.key);
  if (known && (known->is_dropped || known->person != claim.person)) return Reason::own_other_name;
  if (same) return std::nullopt;
  if (has_look_alike(claim.name)) return Reason::own_look_alike;
  if (names_.is_full()) return Reason::names_full;
  return std::nullopt;
}

// The key is first: a name without a key has an owner that cannot come.
std::expected<void, Reason> Names::claim(const Claim& claim, WallTime now) {
  if (const auto reason = reason_not_to_claim(claim)) return std::unexpected{*reason};
  const bool has_key = valid_.contains(claim.key);
  if (!has_key && !make_key(claim.person, claim.key, claim.label, now)) {
    return std::unexpected{Reason::names_full};
  }
  if (const auto same = find(claim.name.key)) {
    if (rests_until(names_.row(*same)) != 0) set_rest(*same, WallTime{}, false);
    return {};
  }
  const auto made = names_.add([&](OwnedNameRow& row) {
    row.person = claim.person;
    row.since_wall = micros_of(now);
    row.seen_wall.store(micros_of(now), std::memory_order_relaxed);
    assign(row.name, claim.name.text);
  });
  if (!made) return std::unexpected{Reason::names_full};
  list_name(*made);
  return {};
}

// --- keys --------------------------------------------------------------------------

bool Names::make_key(PersonId person, const crypto::Hash& key, std::string_view label,
                     WallTime now) {
  if (keys_.is_full() && !make_space_for_key()) return false;
  std::uint32_t order = 0;
  for (const NameKeyRow* row : keys(person)) order = std::max(order, row->order + 1);
  const auto made = keys_.add([&](NameKeyRow& row) {
    row.person = person;
    row.since_wall = micros_of(now);
    row.hash = key;
    row.order = order;
    assign(row.label, label);
  });
  list_key(*made);
  return true;
}

// Of the keys of names that are gone, the one that was added first.
bool Names::make_space_for_key() {
  std::optional<KeyIndex> oldest;
  keys_.for_each([&](KeyIndex at, const NameKeyRow& row) {
    if (by_person_.contains(row.person)) return;
    if (!oldest || row.since_wall < keys_.row(*oldest).since_wall) oldest = at;
  });
  if (!oldest) return false;
  const NameKeyRow& row = keys_.row(*oldest);
  if (is_valid(row)) {
    unlist_key(*oldest);
  } else {
    dropped_.erase(row.hash);
  }
  keys_.remove(*oldest);
  return true;
}

std::expected<void, Reason> Names::add_key(PersonId person, const crypto::Hash& key,
                                           std::string_view label, WallTime now) {
  if (!owns(person)) return std::unexpected{Reason::own_none};
  if (const auto known = person_of(key)) {
    if (known->person == person && !known->is_dropped) return {};
    return std::unexpected{Reason::own_other_name};
  }
  // The key is that of a name without any other key.
  if (by_person_.contains(persons_.of_fingerprint(key)) && !is_own_key(key, person)) {
    return std::unexpected{Reason::own_other_name};
  }
  if (keys_of_.count(person) >= state::kMaxKeysOfName) {
    return std::unexpected{Reason::own_keys_full};
  }
  if (!make_key(person, key, label, now)) return std::unexpected{Reason::names_full};
  return {};
}

// The person of the name is the one that was calculated from this key.
bool Names::is_own_key(const crypto::Hash& key, PersonId person) const {
  return persons_.of_fingerprint(key) == person;
}

std::expected<void, Reason> Names::drop_key(PersonId person, const crypto::Hash& by,
                                            const crypto::Hash& key) {
  const auto own = valid_.find(by);
  if (!name_row_of(person) || own == valid_.end()) return std::unexpected{Reason::own_none};
  const auto found = valid_.find(key);
  if (found == valid_.end() || keys_.row(found->second).person != person) {
    return std::unexpected{Reason::own_no_such_key};
  }
  const KeyIndex at = found->second;
  if (keys_.row(at).order < keys_.row(own->second).order) {
    return std::unexpected{Reason::own_younger};
  }
  if (keys_of_.count(person) < 2) return std::unexpected{Reason::own_last_key};
  remove_key(at);
  return {};
}

// A key whose own person is that of the name stays as a dropped one.
void Names::remove_key(KeyIndex key) {
  const NameKeyRow& row = keys_.row(key);
  unlist_key(key);
  if (!is_own_key(row.hash, row.person)) return keys_.remove(key);
  keys_.change(key, [](NameKeyRow& kept) {
    kept.state.store(NameKeyState::dropped, std::memory_order_relaxed);
  });
  dropped_.emplace(row.hash, key);
}

void Names::unlist_key(KeyIndex key) {
  const NameKeyRow& row = keys_.row(key);
  const auto [begin, end] = keys_of_.equal_range(row.person);
  const auto of = std::find_if(begin, end, [&](const auto& all) { return all.second == key; });
  if (of != end) keys_of_.erase(of);
  valid_.erase(row.hash);
}

// --- rest and end ------------------------------------------------------------------

// A name that was released and does not rest is owned: a command that was cut off is sent again.
void Names::set_rest(NameIndex name, WallTime until, bool is_released) {
  names_.change(name, [=](OwnedNameRow& row) {
    row.is_released.store(is_released, std::memory_order_relaxed);
    state::crash_point();
    row.rests_until_wall.store(micros_of(until), std::memory_order_relaxed);
  });
}

void Names::rest(NameIndex name, WallTime now) {
  set_rest(name, now + kNameRest, names_.row(name).is_released.load(std::memory_order_relaxed));
}

std::expected<void, Reason> Names::release(PersonId person, WallTime now) {
  const auto name = name_row_of(person);
  if (!name) return std::unexpected{Reason::own_none};
  if (!names_.row(*name).is_released || rests_until(names_.row(*name)) == 0) {
    set_rest(*name, now + kNameRest, true);
  }
  return {};
}

void Names::take(NameIndex name) {
  unlist_name(name);
  names_.remove(name);
}

// A gateway that is killed in between leaves a name with fewer keys, which is revoked once more.
void Names::revoke(NameIndex name) {
  const PersonId person = names_.row(name).person;
  for (auto key = keys_of_.find(person); key != keys_of_.end(); key = keys_of_.find(person)) {
    remove_key(key->second);
    state::crash_point();
  }
  take(name);
}

void Names::seen(PersonId person, WallTime now) {
  constexpr Micros kExact = std::chrono::hours{1};
  const auto name = name_row_of(person);
  if (!name) return;
  const OwnedNameRow& row = names_.row(*name);
  if (rests_until(row) != 0 && row.is_released.load(std::memory_order_relaxed)) return;
  const std::int64_t seen = row.seen_wall.load(std::memory_order_relaxed);
  const bool is_due = micros_of(now) - seen >= kExact.count() || rests_until(row) != 0;
  if (!is_due) return;
  names_.change(*name, [now](OwnedNameRow& changed) {
    changed.seen_wall.store(micros_of(now), std::memory_order_relaxed);
    state::crash_point();
    changed.rests_until_wall.store(0, std::memory_order_relaxed);
  });
}

bool Names::tick(WallTime now, const std::function<bool(PersonId)>& is_in) {
  constexpr NameIndex kRowsAtOnce = 256;
  if (next_tick_ >= names_.used()) next_tick_ = 0;
  const NameIndex end = std::min(names_.used(), next_tick_ + kRowsAtOnce);
  bool is_free = false;
  for (; next_tick_ < end; ++next_tick_) {
    if (!names_.is_made(next_tick_)) continue;
    const OwnedNameRow& row = names_.row(next_tick_);
    const std::int64_t until = rests_until(row);
    if (until != 0) {
      if (until > micros_of(now)) continue;
      take(next_tick_);
      is_free = true;
      continue;
    }
    const std::int64_t silent = micros_of(now) - row.seen_wall.load(std::memory_order_relaxed);
    if (expire_ == Micros{0} || silent < expire_.count()) continue;
    if (is_in(row.person)) {
      seen(row.person, now);
    } else {
      rest(next_tick_, now);
    }
  }
  return is_free;
}

}  // namespace chatd::chat
