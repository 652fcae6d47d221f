// SPDX-License-Identifier: GPL-3.0-or-later
// names.hpp — the owned names: which name belongs to which person, and which keys the person has.
//
// Runs in:   gateway.
// Owns:      indexes of the rows by name, by person and by key. Borrows: the StateView.
// Pure:      no descriptor, no clock, no log.
// Invariant: a name has one owner, and a person at most one name. A key belongs to one person, also
//            when the name is gone: a ban or a mute of the person stays in force. The person of a
//            key that was dropped is never again that of the name. A gateway that is killed at any
//            instruction of a change leaves it undone or done.
// Hot path:  owner(), owns() and person_of() do not allocate.
// See:       name_row.hpp for the rows, name_commands.hpp for the members' commands.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"
#include "common/wire/name.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/chat/person.hpp"
#include "daemon/state/kept_table.hpp"

namespace chatd::chat {

// How long a name rests before somebody else can have it.
inline constexpr Micros kNameRest = std::chrono::hours{24 * 30};

class Names {
 public:
  using NameIndex = std::uint32_t;

  // `expire`: after so long without its owner a name rests. 0: never. `persons`: without names.
  Names(const state::StateView& state, const Persons& persons, Micros expire);
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // Reads the rows that a predecessor made, or that were restored.
  void adopt();

  // The person that alone may have the name: it is owned, or rests. nullopt: the name is free.
  [[nodiscard]] std::optional<state::PersonId> owner(std::string_view folded_name) const;
  [[nodiscard]] std::optional<state::PersonId> owner(const wire::Name& name) const {
    return owner(name.key);
  }
  // True: a name belongs to the person, and does not rest.
  [[nodiscard]] bool owns(state::PersonId person) const;
  // The person's name as it was shown, also while it rests. Valid until the name changes.
  [[nodiscard]] std::optional<std::string_view> name_of(state::PersonId person) const;
  // True: the session of that person is proved under this name.
  [[nodiscard]] bool is_owner(state::PersonId person, std::string_view folded_name) const;

  // The person of the key with this SHA-256, if a name says so; see Persons.
  struct KeyPerson {
    state::PersonId person;
    bool is_dropped;  // the key must never be this person
  };
  [[nodiscard]] std::optional<KeyPerson> person_of(const crypto::Hash& key) const;

  struct Claim {
    const wire::Name& name;
    state::PersonId person;
    const crypto::Hash& key;
    std::string_view label{};  // at most state::kMaxDeviceLabelBytes
  };
  // The name belongs to the person, who has the key. Nothing changes if it does so already.
  std::expected<void, wire::Reason> claim(const Claim& claim, WallTime now);
  // Of own_has_one, name_owned, own_look_alike, own_other_name and names_full.
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_claim(const Claim& claim) const;
  // Only the names that the administrator alone gives are left: a sixteenth of all.
  [[nodiscard]] bool is_full_for_members() const noexcept {
    constexpr std::uint32_t kAdministratorsShare = 16;
    return names_.capacity() - names_.size() <= names_.capacity() / kAdministratorsShare;
  }

  // The keys of the person's name, the oldest first.
  [[nodiscard]] std::vector<const state::NameKeyRow*> keys(state::PersonId person) const;
  // Nothing changes if the key is one of them already. Errors: own_none, own_keys_full,
  // own_other_name (the key belongs to a name, or was dropped from one), names_full.
  std::expected<void, wire::Reason> add_key(state::PersonId person, const crypto::Hash& key,
                                            std::string_view label, WallTime now);
  // `by`: the key of who asks. Errors: own_none, own_no_such_key, own_younger, own_last_key.
  std::expected<void, wire::Reason> drop_key(state::PersonId person, const crypto::Hash& by,
                                             const crypto::Hash& key);
  // The name rests, and is owned again only if the person claims it. Its keys stay those of the
  // person until the name is free.
  std::expected<void, wire::Reason> release(state::PersonId person, WallTime now);

  // A session with a key of the person is in. A name that rests, and was not released, is owned
  // again.
  void seen(state::PersonId person, WallTime now);
  // Names that were not seen for `expire` rest; those that have rested are free. A call looks at a
  // few hundred rows, the next call at the next ones. `is_in`: a session of the person is in.
  // Returns true if a name is free from now on.
  bool tick(WallTime now, const std::function<bool(state::PersonId)>& is_in);

  // For the administrator.
  [[nodiscard]] std::optional<NameIndex> find(std::string_view folded_name) const;
  [[nodiscard]] const state::OwnedNameRow& row(NameIndex name) const { return names_.row(name); }
  [[nodiscard]] std::optional<NameIndex> next(NameIndex from) const;
  void take(NameIndex name);                // it is free at once; its keys stay one person
  void revoke(NameIndex name);              // the same, and no key is that of the person any more
  void rest(NameIndex name, WallTime now);  // its keys stay: its owner has it again when it comes
  [[nodiscard]] std::uint32_t size() const noexcept { return names_.size(); }

 private:
  using KeyIndex = std::uint32_t;

  [[nodiscard]] std::optional<NameIndex> name_row_of(state::PersonId person) const;
  [[nodiscard]] bool has_look_alike(const wire::Name& name) const;
  [[nodiscard]] bool is_own_key(const crypto::Hash& key, state::PersonId person) const;
  // False: no row is free.
  bool make_key(state::PersonId person, const crypto::Hash& key, std::string_view label,
                WallTime now);
  bool make_space_for_key();
  void remove_key(KeyIndex key);
  void unlist_key(KeyIndex key);
  void set_rest(NameIndex name, WallTime until, bool is_released);
  void list_name(NameIndex name);
  void list_key(KeyIndex key);
  void unlist_name(NameIndex name);

  Persons persons_;
  Micros expire_;
  state::KeptTable<state::OwnedNameRow> names_;
  state::KeptTable<state::NameKeyRow> keys_;
  std::map<std::string, NameIndex, std::less<>> by_name_;  // folded
  std::multimap<std::string, NameIndex> by_look_;          // its skeleton
  std::map<state::PersonId, NameIndex> by_person_;
  std::map<crypto::Hash, KeyIndex> valid_;
  std::map<crypto::Hash, KeyIndex> dropped_;
  std::multimap<state::PersonId, KeyIndex> keys_of_;  // valid ones
  NameIndex next_tick_{0};
};

}  // namespace chatd::chat
