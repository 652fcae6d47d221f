// SPDX-License-Identifier: GPL-3.0-or-later
// stored_line.hpp — a line of the history as a reader gets it.
//
// Runs in:   archive. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/time.hpp"

namespace chatd::archive {

struct StoredLine {
  std::uint64_t sequence{0};  // goes on over all histories of the default room
  WallTime at;
  std::uint16_t kind{0};
  std::string name;
  std::vector<std::byte> key;  // empty: not known, or none
  std::string text;
  std::uint64_t last{0};  // of a gap: the last number; 0: not known
};

}  // namespace chatd::archive
