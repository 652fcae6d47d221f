// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/search_query.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/rfc3339.hpp"
#include "common/wire/search_text.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {

namespace {

// The first character; a byte that is not UTF-8 is taken for a separator.
SearchClass first_class(std::string_view text) noexcept {
  const auto character = take_character(text);
  return character ? search_class(*character) : SearchClass::separator;
}

SearchClass last_class(std::string_view text) noexcept {
  std::size_t at = text.size() - 1;
  while (at > 0 && text.size() - at < 4 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) {
    --at;
  }
  return first_class(text.substr(at));
}

bool ends_in_word(std::string_view text) noexcept {
  return !text.empty() && last_class(text) == SearchClass::word;
}

// A word, or a phrase in quotes.
struct Piece {
  std::string_view text;
  bool is_quoted;
};

void skip_blanks(std::string_view& rest) noexcept {
  for (std::string_view next = rest; !next.empty(); rest = next) {
    const auto character = take_character(next);
    if (!character || !is_white_space(*character)) return;
  }
  rest = {};
}

// The next piece; nullopt: there is none. A quote without its end goes up to the end.
std::optional<Piece> take_piece(std::string_view& rest) noexcept {
  skip_blanks(rest);
  if (rest.empty()) return std::nullopt;
  if (rest.front() == '"') {
    const std::size_t end = std::min(rest.find('"', 1), rest.size());
    const std::string_view text = rest.substr(1, end - 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return Piece{.text = text, .is_quoted = true};
  }
  std::string_view next = rest;
  std::size_t length = 0;
  while (!next.empty()) {
    const auto character = take_character(next);
    if (character && is_white_space(*character)) break;
    if (!character) next.remove_prefix(1);
    length = rest.size() - next.size();
  }
  const std::string_view text = rest.substr(0, length);
  rest.remove_prefix(length);
  return Piece{.text = text, .is_quoted = false};
}

// Removes the name of a filter from the front, if a value follows.
bool take_filter(std::string_view& text, std::string_view name) noexcept {
  if (!text.starts_with(name) || text.size() == name.size()) return false;
  text.remove_prefix(name.size());
  return true;
}

// The value of in:; nullopt: the piece is none. "": all rooms.
std::optional<std::string_view> room_filter(const Piece& piece) noexcept {
  std::string_view value = piece.text;
  if (piece.is_quoted || !take_filter(value, "in:") || value == "#") return std::nullopt;
  if (value == "all") return std::string_view{};
  return value.substr(value.starts_with('#') ? 1 : 0);
}

class SearchParser {
 public:
  explicit SearchParser(WallTime now) : now_{now} {}

  std::expected<SearchQuery, SearchFault> parse(std::string_view text) {
    if (text.size() > kMaxSearchBytes) return std::unexpected{SearchFault::too_long};
    if (!is_utf8(text)) return std::unexpected{SearchFault::not_utf8};
    while (const auto piece = take_piece(text)) {
      if (const auto fault = take(*piece)) return std::unexpected{*fault};
    }
    if (query_.terms.size() > kMaxSearchTerms) return std::unexpected{SearchFault::too_many};
    if (query_.terms.empty() && query_.from.empty()) return std::unexpected{SearchFault::empty};
    if (!query_.terms.empty()) mark_prefix(query_.terms.back());
    return std::move(query_);
  }

 private:
  std::optional<SearchFault> take(Piece piece) {
    if (!piece.is_quoted) {
      std::string_view value = piece.text;
      if (take_filter(value, "from:")) return take_name(value);
      if (take_filter(value, "since:")) return take_time(value);
    }
    if (const auto room = room_filter(piece)) {
      query_.room = *room;
      return std::nullopt;
    }
    std::string folded = folded_text(piece.text);
    is_last_quoted_ = piece.is_quoted;
    if (!folded.empty()) query_.terms.push_back({.text = std::move(folded)});
    return std::nullopt;
  }
  std::optional<SearchFault> take_name(std::string_view name) {
    query_.from = folded_name(name);
    return query_.from.empty() ? std::optional{SearchFault::not_a_name} : std::nullopt;
  }
  std::optional<SearchFault> take_time(std::string_view time) {
    query_.since = parse_search_time(time, now_);
    return query_.since ? std::nullopt : std::optional{SearchFault::not_a_time};
  }
  void mark_prefix(SearchTerm& last) const {
    std::string_view word;
    take_tokens(last.text, {.word =
                                [&](std::string_view token, bool at_end) {
                                  if (at_end) word = token;
                                },
                            .pair = [](std::string_view /*token*/) {}});
    last.is_prefix = !is_last_quoted_ && !prefix_token(word).empty();
  }

  WallTime now_;
  SearchQuery query_;
  bool is_last_quoted_{false};
};

// Removes "Z", or an offset as "+08:00", from the end. nullopt: the offset is none.
std::optional<std::chrono::minutes> take_zone(std::string_view& text) noexcept {
  constexpr std::string_view kOffset = "+00:00";
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
    return std::chrono::minutes{0};
  }
  if (text.size() <= std::string_view{"0000-00-00T00:00"}.size()) return std::chrono::minutes{0};
  const std::string_view offset = text.substr(text.size() - kOffset.size());
  if (offset[0] != '+' && offset[0] != '-') return std::chrono::minutes{0};
  const auto number = [](std::string_view digits) {
    int value = -1;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return end.ptr == digits.data() + digits.size() ? value : -1;
  };
  const int hours = number(offset.substr(1, 2));
  const int minutes = number(offset.substr(4));
  if (offset[3] != ':' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
    return std::nullopt;
  }
  text.remove_suffix(kOffset.size());
  return (offset[0] == '-' ? -1 : 1) * std::chrono::minutes{(hours * 60) + minutes};
}

// "2h"
std::optional<std::chrono::seconds> time_before(std::string_view text) noexcept {
  constexpr std::uint32_t kLargest = 1'000'000;
  std::uint32_t count = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), count);
  if (end.ec != std::errc{} || end.ptr + 1 != text.data() + text.size() || count > kLargest) {
    return std::nullopt;
  }
  switch (*end.ptr) {
    case 's':
      return std::chrono::seconds{count};
    case 'm':
      return std::chrono::minutes{count};
    case 'h':
      return std::chrono::hours{count};
    case 'd':
      return std::chrono::days{count};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string_view words_of(SearchFault fault) noexcept {
  switch (fault) {
    case SearchFault::empty:
      return "there is nothing to search for";
    case SearchFault::too_long:
      return "a search has at most 512 bytes";
    case SearchFault::too_many:
      return "a search has at most 16 words";
    case SearchFault::not_utf8:
      return "a search is a text in UTF-8";
    case SearchFault::not_a_name:
      return "no member can have the name behind from:";
    case SearchFault::not_a_time:
      return "since: takes a date as 2026-11-29, a time as 2026-11-29T10:00, or 10m, 2h or 7d";
  }
  return {};
}

std::expected<SearchQuery, SearchFault> parse_search(std::string_view text, WallTime now) {
  return SearchParser{now}.parse(text);
}

SearchPlace split_place(std::string_view text) {
  SearchPlace place;
  std::string_view rest = text;
  for (std::string_view before = rest; const auto piece = take_piece(rest); before = rest) {
    const auto room = room_filter(*piece);
    if (!room) {
      place.text += before.substr(0, before.size() - rest.size());
      continue;
    }
    place.is_all = room->empty();
    place.room = room->empty() ? std::nullopt : std::optional{std::string{*room}};
  }
  place.text.erase(0, place.text.find_first_not_of(' '));
  return place;
}

std::optional<WallTime> parse_search_time(std::string_view text, WallTime now) {
  if (const auto before = time_before(text)) return now - *before;
  constexpr std::string_view kWhole = "0000-00-00T00:00:00";
  constexpr std::size_t kDay = kWhole.find('T');
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  std::string whole{text};
  if (text.size() == std::string_view{"00:00"}.size()) {
    whole.insert(0, to_rfc3339(now).substr(0, kDay) + 'T');
  }
  const bool is_known =
      whole.size() == kWhole.size() || whole.size() == kDay || whole.size() == kWhole.rfind(':');
  if (!is_known) return std::nullopt;
  const auto time = parse_rfc3339(whole.append(kWhole.substr(whole.size())).append("Z"));
  if (!time) return std::nullopt;
  return *time - *zone;
}

bool is_in(const SearchTerm& term, std::string_view folded) noexcept {
  const std::string_view text = term.text;
  const bool begins_in_word = first_class(text) == SearchClass::word;
  const bool must_end = !term.is_prefix && ends_in_word(text);
  for (std::size_t at = folded.find(text); at != std::string_view::npos;
       at = folded.find(text, at + 1)) {
    const std::string_view behind = folded.substr(at + text.size());
    const bool begins = !begins_in_word || !ends_in_word(folded.substr(0, at));
    if (begins && (!must_end || first_class(behind) != SearchClass::word)) return true;
  }
  return false;
}

bool has_terms(const SearchQuery& query, std::string_view folded) noexcept {
  return std::ranges::all_of(query.terms,
                             [&](const SearchTerm& term) { return is_in(term, folded); });
}

}  // namespace chatd::wire
