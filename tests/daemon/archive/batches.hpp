// SPDX-License-Identifier: GPL-3.0-or-later
// batches.hpp — batches for tests of the archive, and what a database has of them.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/archive/history_db.hpp"

namespace chatd::test {

inline constexpr std::uint64_t kLargeDatabase = std::uint64_t{1} << 30U;

inline archive::Line line(std::uint64_t sequence, std::string text, std::string name = "ada",
                          std::int64_t at = 1'000'000) {
  return {.sequence = sequence,
          .at = at,
          .kind = static_cast<std::uint16_t>(wire::RecordKind::say),
          .author = {.person = 7, .name = std::move(name), .key = {}},
          .text = std::move(text)};
}

// Of the numbers from `first` to `last`. `last` 0: its end is not known.
inline archive::Line gap(std::uint64_t first, std::uint64_t last = 0) {
  return {.sequence = first,
          .at = 1'000'000,
          .kind = archive::kGap,
          .author = {},
          .text = {},
          .last = last};
}

inline archive::Batch batch(std::vector<archive::Line> lines,
                            state::RoomId room = state::kDefaultRoom, std::string name = "chat") {
  const std::uint64_t next = lines.empty() ? 0 : lines.back().sequence + 1;
  archive::Batch batch;
  batch.lines = lines.size();
  batch.rooms.push_back({.room = room,
                         .name = std::move(name),
                         .place = {.offset = 100 * next, .sequence = next},
                         .lines = std::move(lines)});
  return batch;
}

// "3 ada hello", "5 gap 9", for each line of the room that is stored.
inline std::vector<std::string> stored(archive::HistoryDb& database,
                                       std::string_view room = "chat") {
  const auto page = database.page(
      {.room = room, .before = ~std::uint64_t{0}, .lines = 10'000, .bytes = 1U << 30U});
  EXPECT_TRUE(page) << page.error().message();
  std::vector<std::string> lines;
  if (!*page) return lines;
  for (const auto& one : (*page)->lines) {
    lines.push_back(one.kind == archive::kGap
                        ? fmt::format("{} gap {}", one.sequence, one.last)
                        : fmt::format("{} {} {}", one.sequence, one.name, one.text));
  }
  return lines;
}

}  // namespace chatd::test
