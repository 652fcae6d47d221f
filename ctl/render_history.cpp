// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of `history`, `search`, `erase`, `backup` and `archive`.
#include <fmt/format.h>

#include "ctl/render.hpp"
#include "ctl/text.hpp"

namespace chatd::ctl {

namespace {

// "<bob> hello", behind the time and the number of a line.
template <class Row>
std::string said_text(std::string_view begin, const Row& row) {
  const std::string& name = row.name.empty() ? "admin" : row.name;
  if (row.kind == "action") return line_of("{}* {} {}", begin, name, row.text);
  if (row.kind == "announce") return line_of("{}[admin] {}", begin, row.text);
  if (row.kind == "topic") return line_of("{}-- {} set the topic: {}", begin, name, row.text);
  return line_of("{}<{}> {}", begin, name, row.text);
}

// "2026-11-30T06:47:00.000Z #12 <bob> hello"
std::string line_text(const wire::HistoryRow& row) {
  const std::string begin = fmt::format("{} #{} ", to_rfc3339(row.time), row.number);
  if (row.kind == "gap") {
    const std::string to = row.last == 0 ? " on" : fmt::format(" to {}", row.last);
    return line_of("{}-- from line {}{} nothing is stored --", begin, row.number, to);
  }
  return said_text(begin, row);
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMebi = std::uint64_t{1} << 20U;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(kMebi));
}

}  // namespace

std::string render(const wire::HistoryReport& report) {
  std::string out;
  if (report.more && !report.lines.empty()) {
    out += line_of("(older lines: chatctl history {} --before {})", report.room,
                   report.lines.front().number);
  }
  for (const auto& row : report.lines) out += line_text(row);
  return out;
}

// The newest line last, as in the history.
std::string render(const wire::SearchReport& report) {
  std::string out;
  if (report.more) out += line_of("(older lines: the same search with --before {})", report.next);
  if (!report.complete) out += "(the index is being built, searching takes longer)\n";
  for (auto row = report.lines.rbegin(); row != report.lines.rend(); ++row) {
    out +=
        said_text(fmt::format("{} {} #{} ", to_rfc3339(row->time), row->room, row->number), *row);
  }
  return out;
}

namespace {

// Rules, kept rooms and properties. "": the daemon is older.
std::string registry_text(const wire::ArchiveReport& report) {
  if (report.registry.empty()) return "";
  std::string out = labelled("registry", report.registry);
  if (report.registry_behind.count() != 0) {
    out += labelled("  behind", duration_text(report.registry_behind));
  }
  if (report.registry_set_aside != 0) {
    out += labelled("  damaged", number_text(report.registry_set_aside));
  }
  if (!report.registry_error.empty()) out += labelled("  error", report.registry_error);
  return out;
}

}  // namespace

std::string render(const wire::HistoryRow& row) { return line_text(row); }

std::string render(const wire::ErasedReport& report) {
  const std::string lines =
      fmt::format("{} line{}", number_text(report.lines), report.lines == 1 ? "" : "s");
  if (report.is_dry_run) return line_of("{} would be erased", lines);
  if (report.is_gone) {
    return line_of("erased {}: no file of the state directory has the text any more", lines);
  }
  return line_of("erased {}: the text leaves the files of the state directory within a minute",
                 lines);
}

std::string render(const wire::BackupReport& report, std::string_view file) {
  std::string names;
  for (const std::string& name : report.files) names += (names.empty() ? "" : ", ") + name;
  return line_of("{}: {} ({})", file, names, bytes_text(report.bytes));
}

std::string render(const wire::ArchiveReport& report) {
  std::string out = labelled("state", report.state);
  if (report.state == "off") return out + registry_text(report);
  out += labelled("stored", fmt::format("{} lines, {} of {}", number_text(report.lines),
                                        bytes_text(report.bytes), bytes_text(report.max_bytes)));
  out += labelled("indexed",
                  fmt::format("{} of {}", number_text(report.indexed), number_text(report.lines)));
  out += labelled("kept", report.max_age.count() == 0 ? "without a limit of time"
                                                      : duration_text(report.max_age));
  out += labelled("behind", report.behind.count() == 0 ? "no" : duration_text(report.behind));
  out += labelled("gaps", number_text(report.gaps));
  if (report.set_aside != 0) out += labelled("damaged", number_text(report.set_aside));
  if (!report.error.empty()) out += labelled("error", report.error);
  return out + registry_text(report);
}

}  // namespace chatd::ctl
