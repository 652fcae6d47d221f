// SPDX-License-Identifier: GPL-3.0-or-later
// search_fuzz.cpp — fuzz target for searching: the first line is a query, the second one a message.
// A message that a query finds has all tokens of the query, so that the index finds it, too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "common/wire/search_query.hpp"
#include "common/wire/search_text.hpp"
#include "common/wire/unicode.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::wire {
namespace {

std::set<std::string, std::less<>> tokens_of(std::string_view folded) {
  std::string text;
  add_tokens(folded, text);
  std::set<std::string, std::less<>> tokens;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' ', 1), text.size());
    tokens.insert(text.substr(1, end - 1));
    text.erase(0, end);
  }
  return tokens;
}

void require_harmless(std::string_view token) {
  require(!token.empty() && token.size() <= kMaxTokenBytes);
  require(token.find_first_of("\"*() ") == std::string_view::npos);
  require(token.find('\0') == std::string_view::npos);
}

// A query that is cut out of the message is found in it.
void require_found(std::string_view message, const SearchQuery& query) {
  const std::string folded = folded_text(message);
  const auto has = tokens_of(folded);
  for (const SearchTerm& term : query.terms) {
    const bool found = is_in(term, folded);
    const auto require_token = [&](std::string_view token) {
      require_harmless(token);
      require(!found || has.contains(token));
    };
    take_tokens(term.text, {.word =
                                [&](std::string_view word, bool at_end) {
                                  const bool is_prefix = at_end && term.is_prefix;
                                  require_token(is_prefix ? prefix_token(word) : std::string{word});
                                },
                            .pair = require_token});
  }
}

void fuzz_search(std::string_view data) {
  const std::size_t end = data.find('\n');
  const std::string_view text = data.substr(0, end);
  const std::string_view message = end == std::string_view::npos ? "" : data.substr(end + 1);
  const auto query = parse_search(text, WallTime{});
  if (query) {
    const SearchPlace place = split_place(text);
    const auto rest = parse_search(place.text, WallTime{});
    require(rest && rest->room.empty() && rest->terms.size() == query->terms.size());
    require(query->room == place.room.value_or(""));
  }
  if (!query) return require(!words_of(query.error()).empty());
  require(query->terms.size() <= kMaxSearchTerms);
  require(!query->terms.empty() || !query->from.empty());
  if (!is_utf8(message)) return;  // stored texts are UTF-8
  require_found(message, *query);
  require_found(text, *query);
}

}  // namespace
}  // namespace chatd::wire

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::wire::fuzz_search({reinterpret_cast<const char*>(data), size});
  return 0;
}
