// SPDX-License-Identifier: GPL-3.0-or-later
// fault.hpp — the kinds of errors of a database, by what can be done about them.
//
// Runs in:   archive. Pure.
// Invariant: Error::code() of an error of this folder is an errno, or minus SQLite's extended
//            result code, or kNewerSchema.
#pragma once

#include <cstdint>

#include "common/base/result.hpp"

namespace chatd::store {

enum class Fault : std::uint8_t {
  full,     // no space on the disk, or the limit of the database's size: deleting rows helps
  locked,   // another process has the database open
  damaged,  // the file is no database, or its contents contradict each other
  index,    // only a virtual table is damaged, which can be made anew from the others
  newer,    // the schema is of a later version of this program
  other,    // reading or writing failed
};

inline constexpr int kNewerSchema = -1'000'000;

[[nodiscard]] Fault fault_of(const Error& error) noexcept;

}  // namespace chatd::store
