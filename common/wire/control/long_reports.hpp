// SPDX-License-Identifier: GPL-3.0-or-later
// long_reports.hpp — the answers that take time: `export`, `backup` and `erase`.
//
// Runs in:   archive and gateway (write), chatctl (reads).
// Invariant: members are only ever added.
// See:       common/base/fields.hpp, for fields().
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/history_reports.hpp"

namespace chatd::wire {

// The {} let a caller name only some members: without them g++ warns of the others.
// NOLINTBEGIN(readability-redundant-member-init)
// A line of `export`, and of `history --follow --json`.
struct ExportRow {
  std::string room{};
  std::uint64_t room_number{0};  // in the archive; never used again
  std::uint64_t number{0};       // these are those of a HistoryRow
  WallTime time{};
  std::string kind{};
  std::string name{};
  std::string key{};
  std::string text{};
  std::uint64_t last{0};
  friend bool operator==(const ExportRow&, const ExportRow&) = default;

  static constexpr void fields(auto& visit, auto& row) {
    visit("room", row.room);
    visit("room_number", row.room_number);
    line_fields(visit, row);
    visit("last", row.last);
  }
};
[[nodiscard]] inline ExportRow export_row(std::string room, std::uint64_t room_number,
                                          HistoryRow line) {
  return {.room = std::move(room),
          .room_number = room_number,
          .number = line.number,
          .time = line.time,
          .kind = std::move(line.kind),
          .name = std::move(line.name),
          .key = std::move(line.key),
          .text = std::move(line.text),
          .last = line.last};
}
[[nodiscard]] inline HistoryRow line_of(ExportRow row) {
  return {.number = row.number,
          .time = row.time,
          .kind = std::move(row.kind),
          .name = std::move(row.name),
          .key = std::move(row.key),
          .text = std::move(row.text),
          .last = row.last};
}

// The answer to `export`: the lines follow it, each as an ExportRow, and then an ExportEnd.
struct ExportReport {
  std::uint64_t rows{0};  // that are looked at, about
  friend bool operator==(const ExportReport&, const ExportReport&) = default;

  static constexpr void fields(auto& visit, auto& report) { visit("rows", report.rows); }
};

// The last line of an export: without it, the export was cut.
struct ExportEnd {
  bool end{true};
  std::uint64_t lines{0};
  friend bool operator==(const ExportEnd&, const ExportEnd&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("end", report.end);
    visit("lines", report.lines);
  }
};

// The answer to `backup`: so many bytes of a tar archive follow it.
struct BackupReport {
  std::uint64_t bytes{0};
  std::vector<std::string> files{};
  friend bool operator==(const BackupReport&, const BackupReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("bytes", report.bytes);
    visit("files", report.files);
  }
};

// The answer to `erase`.
struct ErasedReport {
  std::uint64_t lines{0};
  bool is_dry_run{false};  // nothing was erased
  bool is_gone{false};     // no file of the state directory has the text any more
  friend bool operator==(const ErasedReport&, const ErasedReport&) = default;

  static constexpr void fields(auto& visit, auto& report) {
    visit("lines", report.lines);
    visit("dry_run", report.is_dry_run);
    visit("gone", report.is_gone);
  }
};
// NOLINTEND(readability-redundant-member-init)

}  // namespace chatd::wire
