// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/erase_answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/wire/control/history_verbs.hpp"
#include "daemon/archive/answers.hpp"
#include "daemon/store/set_aside.hpp"

namespace chatd::archive {

namespace {

// Looked at in a step; all of them may be deleted in one transaction.
constexpr std::size_t kRowsOfAStep = 500;
// A full disk: the reserve is given up after the first one.
constexpr unsigned kMaxFailures = 3;

const wire::Verb& kRow = wire::verb::kErase.row;

std::string_view argument(const wire::ControlRequest& request, std::size_t at) {
  return at < request.args.size() ? std::string_view{request.args[at]} : std::string_view{};
}

// Where the search for the lines begins and ends.
Result<> find_end(HistoryDb& database, EraseAnswer::Task& task) {
  if (task.filter.number && task.filter.rooms && !task.filter.rooms->empty()) {
    constexpr WallTime kAnyTime = WallTime::max();
    const auto line = database.erasing().find(
        task.filter.rooms->back(), {.first = *task.filter.number, .last = *task.filter.number},
        kAnyTime, 1);
    if (!line) return fail(line.error());
    if (line->empty()) return {};
    task.begin = line->front().id - 1;
    task.end = line->front().id;
    return {};
  }
  const auto end = database.file().number("SELECT coalesce(max(id), 0) FROM message");
  if (!end) return fail(end.error());
  task.end = *end;
  return {};
}

}  // namespace

std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> EraseAnswer::make(
    History& history, const wire::ControlRequest& request, UniqueFd caller) {
  HistoryDb* const database = history.database();
  if (database == nullptr) {
    return refuse(wire::code::kFailed,
                  "what is on disk cannot be erased now, see chatctl archive; repeat it then");
  }
  Task task;
  task.is_dry_run = !text_in(request, kRow, "--dry-run").empty();
  task.waits = !text_in(request, kRow, "--now").empty();
  task.by = argument(request, kRow.all_args());
  const std::string_view in_memory = argument(request, kRow.all_args() + 1);
  (void)std::from_chars(in_memory.data(), in_memory.data() + in_memory.size(), task.in_memory);
  auto filter = LineFilter::of(database->erasing(), request, kRow);
  if (filter) {
    task.filter = std::move(*filter);
  } else if (filter.error().code == wire::code::kNotFound && task.in_memory != 0) {
    task.is_nothing_stored = true;
  } else {
    return std::unexpected{std::move(filter).error()};
  }
  if (auto done = find_end(*database, task); !done) {
    return refuse(wire::code::kFailed, done.error().message());
  }
  if (!task.is_dry_run) database->file().end_backups();
  return std::make_unique<EraseAnswer>(std::move(task), history.opened(), std::move(caller));
}

LongAnswer::Next EraseAnswer::step(History& history, MonoTime /*now*/) {
  if (is_deleted_) {
    if (is_clean(history)) return finish(history, true);
    history.await_clean();
    return is_hung_up() ? Next::done : Next::later;
  }
  if (history.database() == nullptr || history.opened() != opened_) {
    return reply(refuse(wire::code::kFailed,
                        fmt::format("the database was closed after {} lines were erased: see "
                                    "chatctl archive, and repeat it then",
                                    lines_)));
  }
  const bool is_over = task_.is_nothing_stored || at_ >= task_.end;
  if (!is_over) return scan(history);
  is_deleted_ = true;
  if (task_.is_dry_run) return finish(history, false);
  if (!task_.waits) return finish(history, is_clean(history));
  return Next::at_once;
}

// Direct messages that wait are in no room, and the gateway has removed those of the author.
bool EraseAnswer::is_clean(History& history) const {
  if (!history.is_clean()) return false;
  return task_.filter.rooms || history.is_registry_clean();
}

LongAnswer::Next EraseAnswer::scan(History& history) {
  EraseDb& database = history.database()->erasing();
  const auto rows = database.scan(at_, kRowsOfAStep);
  if (!rows) return reply(refuse(wire::code::kFailed, rows.error().message()));
  std::vector<EraseDb::Found> lines;
  std::int64_t last = task_.end;
  if (!rows->empty()) last = rows->back().id;
  for (const EraseDb::Found& row : *rows) {
    if (row.id <= task_.end && task_.filter.has(row)) lines.push_back(row);
  }
  if (!lines.empty() && !task_.is_dry_run) {
    if (const auto done = history.erase(lines, task_.by); !done) {
      if (++failures_ < kMaxFailures) return Next::later;
      return reply(
          refuse(wire::code::kFailed, fmt::format("{}; {} lines were erased: repeat it later",
                                                  done.error().message(), lines_)));
    }
    failures_ = 0;
  }
  lines_ += lines.size();
  at_ = last;
  return Next::at_once;
}

LongAnswer::Next EraseAnswer::finish(const History& history, bool is_gone) {
  // Most lines that are in memory are on disk as well.
  const std::uint64_t lines = std::max(lines_, task_.in_memory);
  if (lines == 0) return reply(refuse(wire::code::kNotFound, "there is no such line"));
  // Of lines that only memory had, a damaged database may still have the text.
  if (is_gone && !task_.is_dry_run) {
    if (const auto done = store::remove_set_aside(history.path()); !done) {
      return reply(refuse(wire::code::kFailed, done.error().message()));
    }
  }
  return reply(to_json(wire::ErasedReport{
      .lines = lines, .is_dry_run = task_.is_dry_run, .is_gone = is_gone && !task_.is_dry_run}));
}

}  // namespace chatd::archive
