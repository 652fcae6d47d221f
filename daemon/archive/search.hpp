// SPDX-License-Identifier: GPL-3.0-or-later
// search.hpp — looks for stored lines, the newest ones first, a page at a time.
//
// Runs in:   archive.
// Borrows:   the database of HistoryDb, which is an argument.
// Owns:      its statements.
// Invariant: a page has exactly the lines that wire::has_terms() is true for, of those that it has
//            looked through: the index only says where to look, and lines that are not in it yet
//            are looked through one by one. A page ends when its time is over, also without a
//            line; the next one goes on there.
// Errors:    those of daemon/store; Fault::index if the index has to be built anew.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/search_query.hpp"
#include "daemon/archive/search_index.hpp"
#include "daemon/archive/stored_line.hpp"

namespace chatd::archive {

struct SearchRoom {
  std::uint64_t room;     // its number in the database
  std::uint64_t from{0};  // lines from this number on
};

// A page takes about so much of the archive's time.
inline constexpr std::chrono::milliseconds kSearchTime{20};

struct SearchRequest {
  // Its `room` is not read: the caller has turned it into `rooms`.
  wire::SearchQuery query;
  std::optional<std::vector<SearchRoom>> rooms{};  // nullopt: all
  // `next` of the page before. It counts the lines of all rooms: a member must not see it as it is.
  std::uint64_t before{std::numeric_limits<std::int64_t>::max()};
  std::size_t lines{50};      // at most
  std::size_t bytes{32'768};  // of texts, about
  // Asked after each few lines that are looked at, and at least once.
  std::function<bool()> is_time_over;
};

struct SearchHit {
  std::uint64_t room{0};
  std::string room_name;
  StoredLine line;
};

struct SearchPage {
  std::vector<SearchHit> hits;  // the newest one first
  bool has_more{false};         // ask again with `next`; the next page may be empty
  std::uint64_t next{0};
  bool is_complete{true};  // false: the index is being built, and a search takes many pages
};

class Search {
 public:
  [[nodiscard]] static Result<Search> prepare(store::Database& database);
  [[nodiscard]] Result<SearchPage> page(const SearchRequest& request, std::int64_t indexed);

 private:
  // The first three give the same columns.
  enum class Query : std::uint8_t { range, one, matching, room, author, docs, window, ends };
  static constexpr std::size_t kQueries = static_cast<std::size_t>(Query::ends) + 1;
  friend class SearchRun;
  [[nodiscard]] store::Statement& query(Query which) noexcept {
    return statements_[static_cast<std::size_t>(which)];
  }
  std::array<store::Statement, kQueries> statements_;
};

}  // namespace chatd::archive
