// SPDX-License-Identifier: GPL-3.0-or-later
// record_name.hpp — the names of the kinds of records.
//
// Runs in:   uchat (JSON); tests. Pure.
// See:       chatd-protocol(7), which has the same names.
#pragma once

#include <string_view>

#include "common/wire/native/native_record.hpp"

namespace chatd::wire {

// "say". "": the kind is not known.
[[nodiscard]] std::string_view name_of(RecordKind kind) noexcept;

}  // namespace chatd::wire
