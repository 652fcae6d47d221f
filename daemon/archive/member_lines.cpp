// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/member_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "common/wire/native/native_history.hpp"
#include "daemon/archive/member_search.hpp"
#include "daemon/archive/room_lines.hpp"

namespace chatd::archive {

namespace {

using wire::HistoryWay;

constexpr const char* kBefore =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence >= ?2 AND m.sequence < ?3 ORDER BY m.sequence DESC LIMIT ?4";
constexpr const char* kFrom =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence >= ?2 ORDER BY m.sequence LIMIT ?3";
constexpr const char* kBelow =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence < ?2 ORDER BY m.sequence DESC LIMIT 1";
constexpr const char* kTime =
    "SELECT sequence, at FROM message WHERE room = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT 1";

// The lines of one room, from the first one that the member may read.
class Lines {
 public:
  Lines(store::Database& database, std::int64_t room, std::uint64_t from)
      : database_{database}, room_{room}, from_{from} {}
  // Looks for a gap that begins below the first line and ends behind it.
  [[nodiscard]] Result<> find_gap();

  // Adds the newest lines below `end`, at most `most`, in front of those that are there.
  [[nodiscard]] Result<> add_before(std::uint64_t end, std::size_t most, sys::Answer& answer);
  // Adds the oldest lines from `begin` on, at most `most`.
  [[nodiscard]] Result<> add_from(std::uint64_t begin, std::size_t most, sys::Answer& answer);
  // The number of the first line since a time. Times grow with the numbers, except for lines from
  // before a clock was corrected.
  [[nodiscard]] Result<std::uint64_t> first_since(std::int64_t time);

 private:
  // Reads rows until there are `most`, or about kMaxMemberBytes. True: there is another row.
  [[nodiscard]] Result<bool> read(store::Statement& statement, std::size_t most,
                                  std::vector<sys::StoredLine>& lines) const;

  store::Database& database_;
  std::int64_t room_;
  std::uint64_t from_;
  std::optional<sys::StoredLine> gap_;  // its part from from_ on
};

Result<> Lines::find_gap() {
  if (from_ == 0) return {};
  auto below = database_.prepare(kBelow);
  if (!below) return fail(std::move(below).error());
  below->bind(room_, as_number(from_));
  const auto row = below->step();
  if (!row) return fail(row.error());
  if (!*row) return {};
  sys::StoredLine line = line_of(*below);
  if (line.kind != kGap || line.last < from_) return {};
  line.number = from_;
  gap_ = std::move(line);
  return {};
}

Result<std::uint64_t> Lines::first_since(std::int64_t time) {
  if (gap_ && gap_->at >= time) return from_;
  auto finder = NumberFinder::prepare(database_, kTime);
  if (!finder) return fail(std::move(finder).error());
  auto first = finder->find({.room = static_cast<std::uint64_t>(room_), .from = from_}, time);
  // Not the gap, which is older.
  if (first && gap_) first = std::max(*first, from_ + 1);
  return first;
}

Result<bool> Lines::read(store::Statement& statement, std::size_t most,
                         std::vector<sys::StoredLine>& lines) const {
  std::size_t bytes = 0;
  for (std::size_t read = 0;; ++read) {
    const auto row = statement.step();
    if (!row) return fail(row.error());
    if (!*row) return false;
    if (read == most || bytes >= kMaxMemberBytes) return true;
    lines.push_back(line_of(statement));
    bytes += lines.back().text.size();
  }
}

Result<> Lines::add_before(std::uint64_t end, std::size_t most, sys::Answer& answer) {
  auto statement = database_.prepare(kBefore);
  if (!statement) return fail(std::move(statement).error());
  statement->bind(room_, as_number(from_), as_number(end), static_cast<std::int64_t>(most) + 1);
  std::vector<sys::StoredLine> lines;
  const auto has_more = read(*statement, most, lines);
  if (!has_more) return fail(has_more.error());
  answer.has_older = *has_more;
  if (!*has_more && gap_ && end > from_) {
    answer.has_older = lines.size() == most;
    if (!answer.has_older) lines.push_back(*gap_);
  }
  std::ranges::reverse(lines);
  answer.lines.insert(answer.lines.begin(), std::make_move_iterator(lines.begin()),
                      std::make_move_iterator(lines.end()));
  return {};
}

Result<> Lines::add_from(std::uint64_t begin, std::size_t most, sys::Answer& answer) {
  auto statement = database_.prepare(kFrom);
  if (!statement) return fail(std::move(statement).error());
  if (gap_ && begin <= from_ && most > 0) {
    answer.lines.push_back(*gap_);
    --most;
  }
  statement->bind(room_, as_number(std::max(begin, from_)), static_cast<std::int64_t>(most) + 1);
  const auto has_more = read(*statement, most, answer.lines);
  if (!has_more) return fail(has_more.error());
  answer.has_newer = *has_more;
  return {};
}

// `from`: the first number in the database that the member may read.
Result<> read_lines(Lines& lines, const sys::Question& question, std::uint64_t from,
                    sys::Answer& answer) {
  const std::size_t most = most_of(question);
  switch (static_cast<HistoryWay>(question.way)) {
    case HistoryWay::before:
      answer.has_newer = question.value <= kMaxNumber;
      return lines.add_before(question.value, most, answer);
    case HistoryWay::after:
      answer.has_older = question.value >= from;
      return question.value < kMaxNumber ? lines.add_from(question.value + 1, most, answer)
                                         : Result<>{};
    case HistoryWay::around: {
      const std::size_t half = most / 2;
      if (auto done = lines.add_from(question.value, most - half, answer); !done) return done;
      return lines.add_before(question.value, half, answer);
    }
    case HistoryWay::since: {
      const auto first = lines.first_since(as_number(question.value));
      if (!first) return fail(first.error());
      answer.has_older = *first > from;
      answer.first = answer.last = *first;
      return lines.add_from(*first, most, answer);
    }
    case HistoryWay::search:
    case HistoryWay::search_all:
      break;
  }
  return {};
}

Result<> read_room(HistoryDb& history, const sys::Question& question, sys::Answer& answer) {
  const auto room = stored_room(history, question.room);
  if (!room) return fail(room.error());
  if (!*room) return {};  // nothing was stored of it
  answer.base = (*room)->base;
  Lines lines{history.file(), static_cast<std::int64_t>((*room)->lines.room), (*room)->lines.from};
  if (auto done = lines.find_gap(); !done) return done;
  return read_lines(lines, question, (*room)->lines.from, answer);
}

// Where a client goes on: at the lines, or where it has asked.
void set_ends(const sys::Question& question, sys::Answer& answer) {
  if (!answer.lines.empty()) {
    const sys::StoredLine& last = answer.lines.back();
    answer.first = answer.lines.front().number;
    answer.last = std::max(last.number, last.last);
    return;
  }
  const bool is_time = static_cast<HistoryWay>(question.way) == HistoryWay::since;
  if (!is_time) answer.first = answer.last = question.value;
}

}  // namespace

sys::Answer answer_question(HistoryDb* database, const sys::Question& question) {
  sys::Answer answer{.id = question.id, .is_read = database != nullptr};
  if (database == nullptr) return answer;
  const bool searches = is_search(static_cast<HistoryWay>(question.way));
  const auto done =
      searches ? search_rooms(*database, question, answer) : read_room(*database, question, answer);
  if (!done) return {.id = question.id, .is_read = false};
  if (!searches) set_ends(question, answer);
  return answer;
}

}  // namespace chatd::archive
