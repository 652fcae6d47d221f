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

template <>
struct KeptFields<state::OwnedNameRow> {
  static constexpr void fields(auto& v, auto& name) {
    v("phase", NotKept{name.phase});      // `made`
    v("version", NotKept{name.version});  // of this memory
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
    v("phase", NotKept{key.phase});      // `made`
    v("version", NotKept{key.version});  // of this memory
    v("person", key.person);
    v("key", key.hash);
    v("since", key.since_wall);
    v("order", key.order);
    v("state", Sparse{key.state, state::NameKeyState::valid});
    v("label", Sparse{key.label, std::string_view{}});
  }
};

}  // namespace chatd::handover
