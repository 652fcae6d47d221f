// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/search.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/search_text.hpp"
#include "daemon/archive/batch.hpp"

namespace chatd::archive {

namespace {

// By Query. CROSS JOIN: the index first, in its order.
constexpr std::array kSearchSql{
    "SELECT id, room, sequence, at, kind, author, text FROM message"
    " WHERE id < ?1 AND id >= ?2 ORDER BY id DESC",
    "SELECT id, room, sequence, at, kind, author, text FROM message WHERE id = ?1",
    "SELECT m.id, m.room, m.sequence, m.at, m.kind, m.author, m.text FROM found"
    " CROSS JOIN message m ON m.id = found.rowid WHERE found MATCH ?1 AND found.rowid < ?2"
    " ORDER BY found.rowid DESC",
    "SELECT name FROM room WHERE id = ?1", "SELECT name, key FROM author WHERE id = ?1",
    "SELECT doc FROM temp.found_token WHERE term >= ?1 AND term < ?2 LIMIT ?3",
    "SELECT last_at FROM search_window WHERE id = ?1",
    // The ids of the first and the last line. Two queries, because SQLite then reads one row for
    // each of them, by the primary key. Gaps of deleted lines are passed over: they are at the
    // beginning, one for each room.
    "SELECT coalesce((SELECT id FROM message WHERE kind != 0 ORDER BY id LIMIT 1), 1),"
    " coalesce((SELECT max(id) FROM message), 0)"};

// Tokens with at most so many lines are rare: these lines are looked at, without a comparison with
// other tokens.
constexpr std::size_t kRareLines = 1024;
// So few that no rarer token is looked for.
constexpr std::size_t kFewLines = 64;
constexpr std::size_t kMaxProbes = 24;
// More rooms are not compared by the index.
constexpr std::size_t kMaxRoomTokens = 64;
// Between two looks at the clock.
constexpr unsigned kLinesBetweenLooks = 32;

// "文件": a text of FTS5's language. No token has a quote.
std::string in_quotes(std::string_view token) { return fmt::format("\"{}\"", token); }

}  // namespace

// The search for one page.
class SearchRun {
 public:
  using Query = Search::Query;
  SearchRun(Search& search, const SearchRequest& request)
      : search_{search},
        request_{request},
        before_{static_cast<std::int64_t>(
            std::min<std::uint64_t>(request.before, std::numeric_limits<std::int64_t>::max()))} {
    for (const SearchRoom& room : request.rooms.value_or(std::vector<SearchRoom>{})) {
      rooms_[room.room] = room.from;
    }
  }

  Result<SearchPage> run(std::int64_t indexed);

 private:
  enum class Step : std::uint8_t { go_on, end };
  // A token that each line has; or the beginning of one.
  struct Token {
    std::string text;
    bool is_prefix{false};
  };

  [[nodiscard]] store::Statement& query(Query which) noexcept { return search_.query(which); }
  Result<Step> look_through(store::Statement& rows);
  Result<Step> look_at_windows(std::int64_t first);
  Result<Step> look_at(const std::vector<std::int64_t>& lines);
  Result<Step> consider(const store::Statement& row);
  Step end_at(std::int64_t next);
  Result<bool> is_hit(const store::Statement& row);
  Result<bool> is_from(std::int64_t author);
  Result<> add_hit(const store::Statement& row);
  Result<bool> may_have_hits(std::int64_t window);
  void collect_tokens();
  Result<std::optional<std::vector<std::int64_t>>> rare_lines();
  Result<std::vector<std::int64_t>> lines_with(const Token& token);
  [[nodiscard]] std::string expression(std::int64_t window) const;

  Search& search_;
  const SearchRequest& request_;
  std::int64_t before_;                           // all lines from it on were looked at
  std::map<std::uint64_t, std::uint64_t> rooms_;  // number and first line
  std::map<std::int64_t, bool> authors_;          // whether they have the name
  std::vector<Token> tokens_;
  std::string folded_;
  SearchPage page_;
  std::size_t bytes_{0};
  unsigned looked_at_{0};
};

// --- lines -------------------------------------------------------------------------

SearchRun::Step SearchRun::end_at(std::int64_t next) {
  page_.has_more = true;
  page_.next = static_cast<std::uint64_t>(next);
  return Step::end;
}

Result<SearchRun::Step> SearchRun::consider(const store::Statement& row) {
  const std::int64_t line = row.number(0);
  const auto hit = is_hit(row);
  if (!hit) return fail(hit.error());
  if (*hit) {
    if (page_.hits.size() >= request_.lines || bytes_ >= request_.bytes) return end_at(line + 1);
    if (auto done = add_hit(row); !done) return fail(std::move(done).error());
  }
  before_ = line;
  if (++looked_at_ % kLinesBetweenLooks == 0 && request_.is_time_over()) return end_at(line);
  return Step::go_on;
}

Result<bool> SearchRun::is_hit(const store::Statement& row) {
  if (row.number(4) == kGap) return false;
  if (request_.rooms) {
    const auto room = rooms_.find(static_cast<std::uint64_t>(row.number(1)));
    if (room == rooms_.end() || static_cast<std::uint64_t>(row.number(2)) < room->second) {
      return false;
    }
  }
  const wire::SearchQuery& wanted = request_.query;
  if (wanted.since && WallTime{Micros{row.number(3)}} < *wanted.since) return false;
  if (!wanted.terms.empty()) {
    wire::fold_text(row.text(6), folded_);
    if (!has_terms(wanted, folded_)) return false;
  }
  if (wanted.from.empty()) return true;
  return is_from(row.number(5));
}

Result<bool> SearchRun::is_from(std::int64_t author) {
  if (const auto known = authors_.find(author); known != authors_.end()) return known->second;
  auto& row = query(Query::author).bind(author);
  const auto found = row.step();
  if (!found) return fail(found.error());
  const bool is_him = *found && wire::folded_name(row.text(0)) == request_.query.from;
  row.reset();
  return authors_[author] = is_him;
}

Result<> SearchRun::add_hit(const store::Statement& row) {
  SearchHit hit;
  hit.room = static_cast<std::uint64_t>(row.number(1));
  hit.line.sequence = static_cast<std::uint64_t>(row.number(2));
  hit.line.at = WallTime{Micros{row.number(3)}};
  hit.line.kind = static_cast<std::uint16_t>(row.number(4));
  hit.line.text = row.text(6);
  auto& author = query(Query::author).bind(row.number(5));
  const auto has_author = author.step();
  if (!has_author) return fail(has_author.error());
  if (*has_author) {
    hit.line.name = author.text(0);
    const store::Blob key = author.blob(1);
    hit.line.key.assign(key.begin(), key.end());
  }
  author.reset();
  auto& room = query(Query::room).bind(row.number(1));
  const auto has_room = room.step();
  if (!has_room) return fail(has_room.error());
  if (*has_room) hit.room_name = room.text(0);
  room.reset();
  bytes_ += hit.line.text.size() + hit.line.name.size();
  page_.hits.push_back(std::move(hit));
  return {};
}

// All rows of a statement.
Result<SearchRun::Step> SearchRun::look_through(store::Statement& rows) {
  for (;;) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return Step::go_on;
    const auto step = consider(rows);
    if (!step || *step == Step::end) {
      rows.reset();
      return step;
    }
  }
}

// --- the index ---------------------------------------------------------------------

void SearchRun::collect_tokens() {
  for (const wire::SearchTerm& term : request_.query.terms) {
    const auto take_word = [&](std::string_view word, bool at_end) {
      tokens_.push_back({.text = std::string{word}, .is_prefix = at_end && term.is_prefix});
    };
    const auto take_pair = [&](std::string_view pair) {
      tokens_.push_back({.text = std::string{pair}});
    };
    wire::take_tokens(term.text, {.word = take_word, .pair = take_pair});
  }
  if (!request_.query.from.empty()) tokens_.push_back({.text = name_token(request_.query.from)});
  if (rooms_.size() == 1) tokens_.push_back({.text = room_token(rooms_.begin()->first)});
}

// The lines with a token: at most one more than kRareLines of them.
Result<std::vector<std::int64_t>> SearchRun::lines_with(const Token& token) {
  // Behind all tokens that begin with this one, or behind this one.
  const std::string end = token.text + (token.is_prefix ? "\xF4\x8F\xBF\xBF" : " ");
  std::vector<std::int64_t> lines;
  auto& rows = query(Query::docs)
                   .bind(std::string_view{token.text}, std::string_view{end},
                         static_cast<std::int64_t>(kRareLines) + 1);
  for (;;) {
    const auto row = rows.step();
    if (!row) return fail(row.error());
    if (!*row) return lines;
    lines.push_back(rows.number(0));
  }
}

// The lines with the rarest token; nullopt: none is rare.
Result<std::optional<std::vector<std::int64_t>>> SearchRun::rare_lines() {
  std::optional<std::vector<std::int64_t>> rarest;
  for (std::size_t i = 0; i < std::min(tokens_.size(), kMaxProbes); ++i) {
    auto lines = lines_with(tokens_[i]);
    if (!lines) return fail(std::move(lines).error());
    if (lines->size() > kRareLines || (rarest && rarest->size() <= lines->size())) continue;
    rarest = std::move(*lines);
    if (rarest->size() <= kFewLines) break;
  }
  if (rarest) {
    std::ranges::sort(*rarest, std::greater{});
    const auto same = std::ranges::unique(*rarest);
    rarest->erase(same.begin(), same.end());
  }
  return rarest;
}

Result<SearchRun::Step> SearchRun::look_at(const std::vector<std::int64_t>& lines) {
  for (const std::int64_t line : lines) {
    if (line >= before_) continue;
    const auto step = look_through(query(Query::one).bind(line));
    if (!step || *step == Step::end) return step;
  }
  return Step::go_on;
}

// The lines of a window that have all tokens. The window stands in front, so that FTS5 compares no
// others.
std::string SearchRun::expression(std::int64_t window) const {
  std::string text = in_quotes(window_token(window));
  for (const Token& token : tokens_) {
    text += " AND " + in_quotes(token.is_prefix ? wire::prefix_token(token.text) : token.text);
  }
  if (rooms_.size() < 2 || rooms_.size() > kMaxRoomTokens) return text;
  std::string_view between = " AND (";
  for (const auto& [room, from] : rooms_) {
    (text += std::exchange(between, " OR ")) += in_quotes(room_token(room));
  }
  return text += ')';
}

// False: all of its lines are older than those that are looked for.
Result<bool> SearchRun::may_have_hits(std::int64_t window) {
  if (!request_.query.since) return true;
  auto& row = query(Query::window).bind(window);
  const auto found = row.step();
  if (!found) return fail(found.error());
  const bool may = !*found || WallTime{Micros{row.number(0)}} >= *request_.query.since;
  row.reset();
  return may;
}

// Down to the line `first`.
Result<SearchRun::Step> SearchRun::look_at_windows(std::int64_t first) {
  const bool is_any = tokens_.empty() && (rooms_.empty() || rooms_.size() > kMaxRoomTokens);
  for (std::int64_t window = window_of(before_ - 1); window >= window_of(first); --window) {
    const auto may = may_have_hits(window);
    if (!may) return fail(may.error());
    const std::int64_t begin = window * kLinesOfAWindow;
    if (*may) {
      const std::string match = expression(window);
      auto& rows = is_any ? query(Query::range).bind(before_, begin)
                          : query(Query::matching).bind(std::string_view{match}, before_);
      const auto step = look_through(rows);
      if (!step || *step == Step::end) return step;
    }
    before_ = begin;
    if (begin > first && request_.is_time_over()) return end_at(begin);
  }
  return Step::go_on;
}

Result<SearchPage> SearchRun::run(std::int64_t indexed) {
  if (request_.rooms && rooms_.empty()) return std::move(page_);
  auto& ends = query(Query::ends);
  const auto row = ends.step();
  if (!row) return fail(row.error());
  const std::int64_t first = ends.number(0);
  const std::int64_t last = ends.number(1);
  ends.reset();
  before_ = std::min(before_, last + 1);
  auto step = look_through(query(Query::range).bind(before_, std::max(indexed + 1, first)));
  before_ = std::min(before_, indexed + 1);
  if (step && *step == Step::go_on && before_ > first) {
    collect_tokens();
    const auto rare = rare_lines();
    if (!rare) return fail(rare.error());
    step = *rare ? look_at(**rare) : look_at_windows(first);
  }
  if (!step) return fail(std::move(step).error());
  return std::move(page_);
}

Result<Search> Search::prepare(store::Database& database) {
  static_assert(kSearchSql.size() == kQueries);
  // The tokens of the index, in their order.
  auto made = database.run(
      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.found_token USING fts5vocab(main, found, instance)");
  if (!made) return fail(std::move(made).error());
  Search search;
  for (std::size_t i = 0; i < kSearchSql.size(); ++i) {
    auto statement = database.prepare(kSearchSql[i]);
    if (!statement) return fail(std::move(statement).error());
    search.statements_[i] = std::move(*statement);
  }
  return search;
}

Result<SearchPage> Search::page(const SearchRequest& request, std::int64_t indexed) {
  return SearchRun{*this, request}.run(indexed);
}

}  // namespace chatd::archive
