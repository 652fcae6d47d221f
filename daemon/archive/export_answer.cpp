// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/export_answer.hpp"

#include <utility>

#include "common/base/log.hpp"
#include "common/wire/control/history_verbs.hpp"
#include "daemon/archive/answers.hpp"

namespace chatd::archive {

namespace {

// Of a piece: looked at, and sent, about.
constexpr std::int64_t kRowsOfAPiece = 1000;
constexpr std::size_t kBytesOfAStep = std::size_t{64} << 10U;

constexpr const char* kSelect =
    "SELECT m.id, m.room, m.sequence, m.author, m.at, m.kind, m.text, coalesce(a.name, ''),"
    " coalesce(a.key, x''), coalesce(r.name, '') FROM message m"
    " LEFT JOIN author a ON a.id = m.author LEFT JOIN room r ON r.id = m.room"
    " WHERE m.id > ?1 AND m.id <= ?2 ORDER BY m.id LIMIT ?3";

wire::ExportRow exported(const store::Statement& row) {
  HistoryDb::StoredLine line;
  line.sequence = static_cast<std::uint64_t>(row.number(2));
  line.at = WallTime{Micros{row.number(4)}};
  line.kind = static_cast<std::uint16_t>(row.number(5));
  line.name = row.text(7);
  const store::Blob key = row.blob(8);
  line.key.assign(key.begin(), key.end());
  line.text = row.text(6);
  if (line.kind == kGap) {
    line.last = last_of_gap(line.text);
    line.text.clear();
  }
  return wire::export_row(std::string{row.text(9)}, static_cast<std::uint64_t>(row.number(1)),
                          archive::row_of(line));
}

}  // namespace

std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> ExportAnswer::make(
    History& history, const wire::ControlRequest& request, UniqueFd caller) {
  HistoryDb* const database = history.database();
  if (database == nullptr) {
    return refuse(wire::code::kFailed, "the history cannot be read now, see chatctl archive");
  }
  auto filter = LineFilter::of(database->erasing(), request, wire::verb::kExport.row);
  if (!filter) return std::unexpected{std::move(filter).error()};
  const auto end = database->file().number("SELECT coalesce(max(id), 0) FROM message");
  if (!end) return refuse(wire::code::kFailed, end.error().message());
  return std::make_unique<ExportAnswer>(std::move(*filter), *end, history.opened(),
                                        std::move(caller));
}

ExportAnswer::ExportAnswer(LineFilter filter, std::int64_t end, std::uint64_t opened,
                           UniqueFd caller)
    : LongAnswer{std::move(caller)}, filter_{std::move(filter)}, end_{end}, opened_{opened} {
  const wire::ExportReport report{.rows = static_cast<std::uint64_t>(end)};
  output() = wire::encode(wire::ControlReply{to_json(report)}) + '\n';
}

LongAnswer::Next ExportAnswer::step(History& history, MonoTime now) {
  const Next sent = flush(now);
  if (sent != Next::at_once || is_over_) return sent == Next::at_once ? Next::done : sent;
  HistoryDb* const database = history.database();
  // Without its last line, the caller sees that it is cut.
  if (database == nullptr || history.opened() != opened_) return Next::done;
  if (at_ < end_) {
    if (const auto read = read_piece(*database); !read) {
      log(LogLevel::warning, "history: an export was cut: " + read.error().message(),
          {{"CHATD_EVENT", "history"}});
      return Next::done;
    }
  } else {
    output() = wire::with_schema(to_json(wire::ExportEnd{.end = true, .lines = lines_})) + '\n';
    is_over_ = true;
  }
  return flush(now);
}

Result<> ExportAnswer::read_piece(HistoryDb& database) {
  // A statement that lives for longer would keep a database open that is damaged.
  auto query = database.file().prepare(kSelect);
  if (!query) return fail(std::move(query).error());
  query->bind(at_, end_, kRowsOfAPiece);
  std::int64_t last = end_;
  std::int64_t rows = 0;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    last = query->number(0);
    ++rows;
    const EraseDb::Found line{.id = last,
                              .room = query->number(1),
                              .sequence = static_cast<std::uint64_t>(query->number(2)),
                              .author = query->number(3),
                              .at = WallTime{Micros{query->number(4)}}};
    if (!filter_.has(line)) continue;
    output() += to_json(exported(*query));
    output() += '\n';
    ++lines_;
    if (output().size() >= kBytesOfAStep) break;
  }
  const bool is_cut = rows == kRowsOfAPiece || output().size() >= kBytesOfAStep;
  at_ = is_cut ? last : end_;
  return {};
}

}  // namespace chatd::archive
