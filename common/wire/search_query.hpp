// SPDX-License-Identifier: GPL-3.0-or-later
// search_query.hpp — a query of a user, and whether a message matches it.
//
//   配置文件 error "not found" from:bob in:#lab since:2026-11-01
//
// Runs in:   archive; gateway and chatctl parse. Pure; the time is an argument.
// Invariant: a message is found if it has every term. A term stands in it letter by letter, without
//            regard to case and width; where it begins or ends with a word, a word of the message
//            begins or ends, so that "log" does not find "blog". Characters of scripts without
//            blanks are found anywhere. Nothing of a query has another meaning than these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

namespace chatd::wire {

inline constexpr std::size_t kMaxSearchBytes = 512;
inline constexpr std::size_t kMaxSearchTerms = 16;

struct SearchTerm {
  std::string text{};  // folded, not empty
  // The last word of a query, without quotes and of three letters or more: "conf" finds "config".
  bool is_prefix{false};
  friend bool operator==(const SearchTerm&, const SearchTerm&) = default;
};

struct SearchQuery {
  std::vector<SearchTerm> terms{};
  std::string from{};  // the folded name of the author; "": anybody
  std::string room{};  // its name, without '#'; "": any, also of in:all
  std::optional<WallTime> since{};
  friend bool operator==(const SearchQuery&, const SearchQuery&) = default;
};

enum class SearchFault : std::uint8_t {
  empty,
  too_long,
  too_many,
  not_utf8,
  not_a_name,
  not_a_time
};
// One sentence without a full stop.
[[nodiscard]] std::string_view words_of(SearchFault fault) noexcept;

// Words and "phrases", from:NAME, in:#ROOM, since:TIME, in any order; of several ones of a kind the
// last one counts. A word that begins with another name and a ':' is a word. empty: there is
// neither a term nor an author.
[[nodiscard]] std::expected<SearchQuery, SearchFault> parse_search(std::string_view text,
                                                                   WallTime now);

// A query without in:, and what the last in: of it says.
struct SearchPlace {
  std::string text{};
  std::optional<std::string> room{};  // in:NAME or in:#NAME: the name
  bool is_all{false};                 // in:all; a room of this name is in:#all
};
// For a client, which asks about one room, or about all of them.
[[nodiscard]] SearchPlace split_place(std::string_view text);

// "30s", "10m", "2h", "7d": so long before `now`. "10:30": that time of today. "2026-11-29",
// "2026-11-29T10:00", "2026-11-29T10:00:30": in UTC, or in another zone with its offset at the end,
// as "+08:00"; "Z" is UTC, too. nullopt: another form, or a time that does not exist.
[[nodiscard]] std::optional<WallTime> parse_search_time(std::string_view text, WallTime now);

[[nodiscard]] bool is_in(const SearchTerm& term, std::string_view folded) noexcept;
// True if the folded text of a message has all terms.
[[nodiscard]] bool has_terms(const SearchQuery& query, std::string_view folded) noexcept;

}  // namespace chatd::wire
