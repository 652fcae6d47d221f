// SPDX-License-Identifier: GPL-3.0-or-later
// kept_table_fields.hpp — the lists of the fields that the registry and a snapshot keep of the rows
// of kept tables.
//
// Runs in:   supervisor, archive. Pure.
// Invariant: as in snapshot_fields.hpp. Members are only ever added.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/handover/snapshot_fields.hpp"
#include "daemon/state/kept_list.hpp"

namespace chatd::handover {

// The members that every row has: a row that is kept is `made`, and its version is of this memory.
constexpr void list_row_head(auto& v, auto& row) {
  v("phase", NotKept{row.phase});
  v("version", NotKept{row.version});
}

template <>
struct KeptFields<state::OwnedNameRow> {
  static constexpr void fields(auto& v, auto& name) {
    list_row_head(v, name);
    v("name", name.name);
    v("person", name.person);
    v("since", name.since_wall);
    v("seen", Since{name.seen_wall, std::int64_t{0}});
    v("rests_until", Sparse{name.rests_until_wall, std::int64_t{0}});
    v("released", Sparse{name.is_released, false});
  }
};
template <>
struct KeptFields<state::NameKeyRow> {
  static constexpr void fields(auto& v, auto& key) {
    list_row_head(v, key);
    v("person", key.person);
    v("key", key.hash);
    v("since", key.since_wall);
    v("order", key.order);
    v("state", Sparse{key.state, state::NameKeyState::valid});
    v("label", Sparse{key.label, std::string_view{}});
  }
};
template <>
struct KeptFields<state::WaitingRow> {
  static constexpr void fields(auto& v, auto& message) {
    list_row_head(v, message);
    v("receiver", message.receiver);
    v("author", message.author);
    v("said", message.said_wall);
    v("epoch", message.epoch);
    v("sender_generation", message.sender_generation);
    v("command_end", message.command_end);
    v("sender_slot", message.sender_slot);
    v("placed_slot", Sparse{message.placed_slot, std::uint32_t{0}});
    v("placed_generation", Sparse{message.placed_generation, std::uint64_t{0}});
    v("placed_at", Sparse{message.placed_at, std::uint64_t{0}});
    v("placed_epoch", Sparse{message.placed_epoch, std::uint64_t{0}});
    v("network", Flat{message.network});
    v("is_local", message.is_local);
    v("is_proved", message.is_proved);
    v("name", message.name);
    v("text", Text{message.text, message.text_bytes});
  }
};
template <>
struct KeptFields<state::BlockRow> {
  static constexpr void fields(auto& v, auto& block) {
    list_row_head(v, block);
    v("person", block.person);
    v("other", Sparse{block.other, state::PersonId{}});
    v("since", block.since_wall);
    v("network", Flat{block.network});
    v("is_local", block.is_local);
    v("from", Sparse{block.from, wire::DirectFrom::unset});
    v("name", Sparse{block.name, std::string_view{}});
  }
};
template <>
struct KeptFields<state::InvitationRow> {
  static constexpr void fields(auto& v, auto& code) {
    list_row_head(v, code);
    v("id", code.id);
    v("hash", code.hash);
    v("made", code.made_wall);
    v("until", code.until_wall);
    v("uses", code.uses);
    v("room", Sparse{code.room, state::kDefaultRoom});
    v("by", Sparse{code.by, 0U});
    v("state", Sparse{code.state, state::InvitationState::open});
  }
};
template <>
struct KeptFields<state::AdmissionRow> {
  static constexpr void fields(auto& v, auto& admission) {
    list_row_head(v, admission);
    v("invitation", admission.invitation);
    v("person", admission.person);
    v("made", admission.made_wall);
    v("room_due", Sparse{admission.room_due, state::kDefaultRoom});
    v("name", Sparse{admission.name, std::string_view{}});
  }
};
template <>
struct KeptFields<state::KnownPersonRow> {
  static constexpr void fields(auto& v, auto& known) {
    list_row_head(v, known);
    v("person", known.person);
    v("first", known.first_wall);
    v("last", known.last_wall);
    v("network", Flat{known.network});
  }
};

}  // namespace chatd::handover
