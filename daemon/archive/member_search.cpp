// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/member_search.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_history.hpp"
#include "common/wire/search_query.hpp"
#include "daemon/archive/member_lines.hpp"
#include "daemon/archive/room_lines.hpp"

namespace chatd::archive {

namespace {

// The ids of the lines of a room grow with their numbers.
constexpr const char* kLineFrom =
    "SELECT sequence, id FROM message WHERE room = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT 1";
constexpr const char* kNewestBelow =
    "SELECT id FROM message WHERE room = ?1 AND sequence >= ?2 AND sequence < ?3"
    " ORDER BY sequence DESC LIMIT 1";
constexpr const char* kLineOf =
    "SELECT m.sequence, m.at, m.kind, coalesce(a.person, 0), coalesce(a.name, ''), m.text"
    " FROM message m LEFT JOIN author a ON a.id = m.author"
    " WHERE m.room = ?1 AND m.sequence = ?2";

constexpr std::int64_t kBehindAll = std::numeric_limits<std::int64_t>::max();

struct AskedRoom {
  std::uint32_t id;  // in the memory
  StoredRoom stored;
};
// A line of one of the rooms.
struct LinePlace {
  std::uint32_t room;
  std::uint64_t number;
  std::int64_t id;
};

// The rooms of a question, as one list of lines in the order of their ids.
class AskedRooms {
 public:
  [[nodiscard]] static Result<AskedRooms> of(HistoryDb& history, const sys::Question& question);

  [[nodiscard]] bool is_empty() const noexcept { return rooms_.empty(); }
  // The id of the line that the question is about; a member asks for lines before it.
  [[nodiscard]] Result<std::int64_t> limit(const sys::Question& question);
  // The newest line below the id; nullopt: there is none.
  [[nodiscard]] Result<std::optional<std::int64_t>> newest_below(std::int64_t id);
  // The oldest line from the id on.
  [[nodiscard]] Result<std::optional<LinePlace>> oldest_from(std::int64_t id);
  [[nodiscard]] Result<> add(const SearchHit& hit, sys::Answer& answer);
  [[nodiscard]] std::vector<SearchRoom> as_search() const;
  [[nodiscard]] const std::vector<AskedRoom>& rooms() const noexcept { return rooms_; }

 private:
  AskedRooms(std::vector<AskedRoom> rooms, NumberFinder ids, store::Statement newest,
             store::Statement one)
      : rooms_{std::move(rooms)},
        ids_{std::move(ids)},
        newest_{std::move(newest)},
        one_{std::move(one)} {}

  std::vector<AskedRoom> rooms_;
  NumberFinder ids_;
  store::Statement newest_;
  store::Statement one_;
};

// The rooms of the question in which something is stored.
Result<std::vector<AskedRoom>> stored_rooms_of(HistoryDb& history, const sys::Question& question) {
  std::vector<sys::QuestionRoom> asked{question.rooms};
  if (static_cast<wire::HistoryWay>(question.way) == wire::HistoryWay::search) {
    asked = {question.room};
  }
  std::vector<AskedRoom> rooms;
  for (const sys::QuestionRoom& one : asked) {
    const auto stored = stored_room(history, one);
    if (!stored) return fail(stored.error());
    if (*stored) rooms.push_back({.id = one.id, .stored = **stored});
  }
  return rooms;
}

Result<AskedRooms> AskedRooms::of(HistoryDb& history, const sys::Question& question) {
  auto rooms = stored_rooms_of(history, question);
  if (!rooms) return fail(std::move(rooms).error());
  store::Database& database = history.file();
  auto ids = NumberFinder::prepare(database, kLineFrom);
  if (!ids) return fail(std::move(ids).error());
  auto newest = database.prepare(kNewestBelow);
  if (!newest) return fail(std::move(newest).error());
  auto one = database.prepare(kLineOf);
  if (!one) return fail(std::move(one).error());
  return AskedRooms{std::move(*rooms), std::move(*ids), std::move(*newest), std::move(*one)};
}

Result<std::int64_t> AskedRooms::limit(const sys::Question& question) {
  const auto room = std::ranges::find(rooms_, question.room.id, &AskedRoom::id);
  if (question.value > kMaxNumber || room == rooms_.end()) return kBehindAll;
  // A number below the first line that the member may read is replaced by that line: an answer by
  // the time of an earlier line would tell the member when that was said.
  const std::uint64_t number = std::max(question.value, room->stored.lines.from);
  const auto found = ids_.look(room->stored.lines, number);
  if (!found) return fail(found.error());
  return *found ? ids_.row().number(1) : kBehindAll;
}

Result<std::optional<std::int64_t>> AskedRooms::newest_below(std::int64_t id) {
  std::optional<std::int64_t> newest;
  for (const AskedRoom& room : rooms_) {
    const SearchRoom& lines = room.stored.lines;
    const auto end = id == kBehindAll ? Result<std::uint64_t>{kMaxNumber} : ids_.find(lines, id);
    if (!end) return fail(end.error());
    newest_.bind(static_cast<std::int64_t>(lines.room), as_number(lines.from), as_number(*end));
    const auto row = newest_.step();
    if (!row) return fail(row.error());
    if (*row) newest = std::max(newest.value_or(0), newest_.number(0));
    newest_.reset();
  }
  return newest;
}

Result<std::optional<LinePlace>> AskedRooms::oldest_from(std::int64_t id) {
  std::optional<LinePlace> oldest;
  for (const AskedRoom& room : rooms_) {
    const auto number = ids_.find(room.stored.lines, id);
    if (!number) return fail(number.error());
    const auto row = ids_.look(room.stored.lines, *number);
    if (!row) return fail(row.error());
    if (!*row || (oldest && oldest->id <= ids_.row().number(1))) continue;
    oldest = LinePlace{.room = room.id,
                       .number = static_cast<std::uint64_t>(ids_.row().number(0)),
                       .id = ids_.row().number(1)};
  }
  return oldest;
}

Result<> AskedRooms::add(const SearchHit& hit, sys::Answer& answer) {
  const auto room = std::ranges::find(rooms_, hit.room,
                                      [](const AskedRoom& one) { return one.stored.lines.room; });
  if (room == rooms_.end()) return {};
  one_.bind(static_cast<std::int64_t>(hit.room), as_number(hit.line.sequence));
  const auto row = one_.step();
  if (!row) return fail(row.error());
  if (*row) {
    answer.lines.push_back(line_of(one_));
    answer.lines.back().room = room->id;
    answer.lines.back().base = room->stored.base;
  }
  one_.reset();
  return {};
}

std::vector<SearchRoom> AskedRooms::as_search() const {
  std::vector<SearchRoom> rooms;
  for (const AskedRoom& room : rooms_) rooms.push_back(room.stored.lines);
  return rooms;
}

// Lines of several rooms were stored a room after the other, up to a quarter of a second late.
// Lines of one room keep their order also if the clock was set back between them.
void sort_by_time(std::vector<sys::StoredLine>& lines) {
  struct Timed {
    std::int64_t at;
    std::size_t place;
    sys::StoredLine line;
  };
  std::map<std::uint32_t, std::int64_t> last;
  std::vector<Timed> timed;
  for (sys::StoredLine& line : lines) {
    std::int64_t& at = last.try_emplace(line.room, line.at).first->second;
    at = std::max(at, line.at);
    timed.push_back({.at = at, .place = timed.size(), .line = std::move(line)});
  }
  std::ranges::sort(timed, {}, [](const Timed& one) { return std::pair{one.at, one.place}; });
  std::ranges::transform(timed, lines.begin(), [](Timed& one) { return std::move(one.line); });
}

// Where the next question goes on. `next`: no line from this id on is left to look at.
Result<> set_next(AskedRooms& lines, std::uint64_t next, sys::Answer& answer) {
  const auto place = lines.oldest_from(as_number(next));
  if (!place) return fail(place.error());
  if (!*place) return {};
  const auto older = lines.newest_below((*place)->id);
  if (!older) return fail(older.error());
  answer.room = (*place)->room;
  answer.first = (*place)->number;
  answer.has_older = older->has_value();
  return {};
}

// Fills the answer with the lines of a page of hits.
Result<> fill(const SearchPage& page, AskedRooms& lines, sys::Answer& answer) {
  for (const SearchHit& hit : page.hits) {
    if (auto done = lines.add(hit, answer); !done) return done;
  }
  std::ranges::reverse(answer.lines);
  if (!answer.lines.empty()) {
    answer.room = answer.lines.front().room;
    answer.first = answer.lines.front().number;
    answer.last = answer.lines.back().number;
    sort_by_time(answer.lines);
  }
  return page.has_more ? set_next(lines, page.next, answer) : Result<>{};
}

}  // namespace

Result<> search_rooms(HistoryDb& history, const sys::Question& question, sys::Answer& answer) {
  answer.room = question.room.id;
  answer.first = answer.last = question.value;
  auto query = wire::parse_search(question.text, wall_now());
  if (!query) return {};  // the gateway has refused it
  auto lines = AskedRooms::of(history, question);
  if (!lines) return fail(std::move(lines).error());
  if (lines->is_empty()) return {};
  answer.base = lines->rooms().front().stored.base;
  const auto limit = lines->limit(question);
  if (!limit) return fail(limit.error());
  const auto newest = lines->newest_below(*limit);
  if (!newest) return fail(newest.error());
  if (!*newest) return {};
  const auto page = history.search(
      {.query = std::move(*query),
       .rooms = lines->as_search(),
       .before = static_cast<std::uint64_t>(**newest) + 1,
       .lines = most_of(question),
       .bytes = kMaxMemberBytes,
       .is_time_over = [end = mono_now() + kSearchTime] { return mono_now() >= end; }});
  if (!page) return fail(page.error());
  return fill(*page, *lines, answer);
}

}  // namespace chatd::archive
