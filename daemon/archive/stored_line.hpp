// SPDX-License-Identifier: GPL-3.0-or-later
// stored_line.hpp — a line of the history as a reader gets it, and a page of them.
//
// Runs in:   archive. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

struct StoredPage {
  std::uint64_t room{0};
  std::string name;
  std::vector<StoredLine> lines;  // the oldest one first
  bool has_more{false};           // older ones; of a page after a line: newer ones
};
struct StoredPageRequest {
  std::string_view room;
  std::uint64_t before;                  // lines below this number
  std::optional<std::uint64_t> after{};  // in place of `before`: the first ones above this number
  std::size_t lines;                     // at most
  std::size_t bytes;                     // of texts, about
};

}  // namespace chatd::archive
