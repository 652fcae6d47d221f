// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/member_lines.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_history.hpp"
#include "common/wire/search_query.hpp"

namespace chatd::archive {

namespace {

using wire::HistoryWay;

constexpr auto kMaxNumber = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

std::int64_t as_number(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min(value, kMaxNumber));
}

// The base is that which the room has, or gets when its next line is stored, see history_db.cpp.
constexpr const char* kRoom =
    "SELECT id, CASE WHEN memory = ?3 THEN base WHEN base + sequence <= ?4 THEN 0"
    " ELSE base + sequence END FROM room WHERE epoch = ?1 AND number = ?2";
constexpr const char* kBefore =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence >= ?2 AND m.sequence < ?3 ORDER BY m.sequence DESC LIMIT ?4";
constexpr const char* kFrom =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence >= ?2 ORDER BY m.sequence LIMIT ?3";
constexpr const char* kTime =
    "SELECT sequence, at FROM message WHERE room = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT 1";
constexpr const char* kOne =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence = ?2";
// The ids of the lines of a room grow with their numbers.
constexpr const char* kIdBelow =
    "SELECT id FROM message WHERE room = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT 1";
constexpr const char* kId =
    "SELECT sequence, id FROM message WHERE room = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT 1";
constexpr const char* kLast = "SELECT coalesce(max(sequence), -1) FROM message WHERE room = ?1";

sys::StoredLine line_of(const store::Statement& row) {
  sys::StoredLine line{.number = static_cast<std::uint64_t>(row.number(0)),
                       .at = row.number(1),
                       .kind = static_cast<std::uint16_t>(row.number(2)),
                       .person = static_cast<std::uint64_t>(row.number(3)),
                       .name = std::string{row.text(4)},
                       .text = std::string{row.text(5)}};
  if (line.kind != kGap) return line;
  // The text of a gap is its last number.
  (void)std::from_chars(line.text.data(), line.text.data() + line.text.size(), line.last);
  line.text.clear();
  return line;
}

// The lines of one room, from the first one that the member may read.
class Lines {
 public:
  Lines(store::Database& database, std::int64_t room, std::uint64_t from)
      : database_{database}, room_{room}, from_{from} {}

  // Adds the newest lines below `end`, at most `most`, in front of those that are there.
  [[nodiscard]] Result<> add_before(std::uint64_t end, std::size_t most, sys::Answer& answer);
  // Adds the oldest lines from `begin` on, at most `most`.
  [[nodiscard]] Result<> add_from(std::uint64_t begin, std::size_t most, sys::Answer& answer);
  // The number of the first line since a time. Times grow with the numbers, except for lines from
  // before a clock was corrected.
  [[nodiscard]] Result<std::uint64_t> first_since(std::int64_t time) { return first(kTime, time); }
  // The number of the first line whose id is not below `id`.
  [[nodiscard]] Result<std::uint64_t> first_of_id(std::int64_t id) { return first(kId, id); }
  // The id of the last line below a number; 0: there is none.
  [[nodiscard]] Result<std::int64_t> id_below(std::uint64_t end);
  [[nodiscard]] Result<> add_one(std::uint64_t number, sys::Answer& answer);

 private:
  // The number of the first line of which `query` gives `value` or more, which grows with numbers.
  [[nodiscard]] Result<std::uint64_t> first(const char* query, std::int64_t value);
  // Reads rows until there are `most`, or about kMaxMemberBytes. True: there is another row.
  [[nodiscard]] Result<bool> read(store::Statement& statement, std::size_t most,
                                  std::vector<sys::StoredLine>& lines) const;

  store::Database& database_;
  std::int64_t room_;
  std::uint64_t from_;
};

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
  std::ranges::reverse(lines);
  answer.lines.insert(answer.lines.begin(), std::make_move_iterator(lines.begin()),
                      std::make_move_iterator(lines.end()));
  return {};
}

Result<> Lines::add_from(std::uint64_t begin, std::size_t most, sys::Answer& answer) {
  auto statement = database_.prepare(kFrom);
  if (!statement) return fail(std::move(statement).error());
  statement->bind(room_, as_number(std::max(begin, from_)), static_cast<std::int64_t>(most) + 1);
  const auto has_more = read(*statement, most, answer.lines);
  if (!has_more) return fail(has_more.error());
  answer.has_newer = *has_more;
  return {};
}

Result<std::int64_t> Lines::id_below(std::uint64_t end) {
  auto statement = database_.prepare(kIdBelow);
  if (!statement) return fail(std::move(statement).error());
  statement->bind(room_, as_number(end));
  const auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->number(0) : 0;
}

Result<> Lines::add_one(std::uint64_t number, sys::Answer& answer) {
  auto statement = database_.prepare(kOne);
  if (!statement) return fail(std::move(statement).error());
  statement->bind(room_, as_number(number));
  const auto row = statement->step();
  if (!row) return fail(row.error());
  if (*row) answer.lines.push_back(line_of(*statement));
  return {};
}

Result<std::uint64_t> Lines::first(const char* query, std::int64_t value) {
  auto last = database_.prepare(kLast);
  if (!last) return fail(std::move(last).error());
  last->bind(room_);
  if (const auto row = last->step(); !row) return fail(row.error());
  auto low = as_number(from_);
  std::int64_t high = last->number(0) + 1;
  auto at = database_.prepare(query);
  if (!at) return fail(std::move(at).error());
  // Each line below `low` has less, and each from `high` on has not.
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    at->bind(room_, middle);
    const auto row = at->step();
    if (!row) return fail(row.error());
    if (*row && at->number(0) < high && at->number(1) < value) {
      low = at->number(0) + 1;
    } else {
      high = middle;
    }
  }
  return static_cast<std::uint64_t>(low);
}

std::size_t most_of(const sys::Question& question) {
  return question.lines == 0 ? kMaxMemberLines
                             : std::min<std::size_t>(question.lines, kMaxMemberLines);
}

// A search whose time is over goes on where the next question says, also if nothing was found.
Result<> search_lines(HistoryDb& history, const SearchRoom& room, const sys::Question& question,
                      sys::Answer& answer) {
  answer.first = answer.last = question.value;
  auto query = wire::parse_search(question.text, wall_now());
  if (!query) return {};  // the gateway has refused it
  Lines lines{history.file(), static_cast<std::int64_t>(room.room), room.from};
  const auto newest = lines.id_below(question.value);
  if (!newest) return fail(newest.error());
  if (*newest == 0) return {};
  const auto page = history.search(
      {.query = std::move(*query),
       .rooms = std::vector{room},
       .before = static_cast<std::uint64_t>(*newest) + 1,
       .lines = most_of(question),
       .bytes = kMaxMemberBytes,
       .is_time_over = [end = mono_now() + kSearchTime] { return mono_now() >= end; }});
  if (!page) return fail(page.error());
  for (const SearchHit& hit : page->hits) {
    if (auto done = lines.add_one(hit.line.sequence, answer); !done) return done;
  }
  std::ranges::reverse(answer.lines);
  if (!answer.lines.empty()) {
    answer.first = answer.lines.front().number;
    answer.last = answer.lines.back().number;
  }
  if (!page->has_more) return {};
  const auto next = lines.first_of_id(static_cast<std::int64_t>(page->next));
  if (!next) return fail(next.error());
  answer.first = *next;
  answer.has_older = *next > room.from;
  return {};
}

Result<> read_lines(Lines& lines, const sys::Question& question, sys::Answer& answer) {
  const std::size_t most = most_of(question);
  switch (static_cast<HistoryWay>(question.way)) {
    case HistoryWay::before:
      answer.has_newer = question.value <= kMaxNumber;
      return lines.add_before(question.value, most, answer);
    case HistoryWay::after:
      answer.has_older = question.value >= question.from;
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
      answer.has_older = *first > question.from;
      answer.first = answer.last = *first;
      return lines.add_from(*first, most, answer);
    }
    case HistoryWay::search:
      break;
  }
  return {};
}

Result<> read_room(HistoryDb& history, const sys::Question& question, sys::Answer& answer) {
  store::Database& database = history.file();
  auto room = database.prepare(kRoom);
  if (!room) return fail(std::move(room).error());
  room->bind(history.birth(state::RoomId{question.room}, question.born),
             std::int64_t{question.room}, history.epoch(), as_number(question.begin));
  const auto row = room->step();
  if (!row) return fail(row.error());
  if (!*row) return {};  // nothing was stored of it
  answer.base = static_cast<std::uint64_t>(room->number(1));
  const std::uint64_t from = question.from == 0 ? 0 : question.from + answer.base;
  if (static_cast<HistoryWay>(question.way) == HistoryWay::search) {
    return search_lines(history,
                        {.room = static_cast<std::uint64_t>(room->number(0)), .from = from},
                        question, answer);
  }
  Lines lines{database, room->number(0), from};
  return read_lines(lines, question, answer);
}

// Where a client goes on: at the lines, or where it has asked.
void set_ends(const sys::Question& question, sys::Answer& answer) {
  if (static_cast<HistoryWay>(question.way) == HistoryWay::search) return;
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
  if (const auto done = read_room(*database, question, answer); !done) {
    return {.id = question.id, .is_read = false};
  }
  set_ends(question, answer);
  return answer;
}

}  // namespace chatd::archive
