// SPDX-License-Identifier: GPL-3.0-or-later
// search_text.hpp — the text of a message as it is searched: its folded form, and the tokens of it
// that the index of the archive has.
//
//   "打开文件 Config.txt" has the tokens 打开 开文 文件 config __con txt __txt
//
// Runs in:   archive. Pure.
// Invariant: a text that has a folded term at the borders of words (search_query.hpp) has each
//            token of this term, so that the index finds all lines, and perhaps some more, which a
//            look at the line itself sorts out. Tokens have no white space, and of ASCII only a to
//            z, digits and '_'; a '_' stands only in front.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace chatd::wire {

// Of the folded form and of the tokens, and of the Unicode tables of the library that folds.
// Another version needs another index: the tokens of a line that is deleted are made again from its
// text.
[[nodiscard]] std::int64_t search_text_version() noexcept;

// A longer word is cut to so many bytes when it becomes a token.
inline constexpr std::size_t kMaxTokenBytes = 64;
// A word of so many characters or more is found by the beginning of it that has so many.
inline constexpr std::size_t kPrefixCharacters = 3;
inline constexpr std::string_view kPrefixMark = "__";

enum class SearchClass : std::uint8_t {
  separator,
  word,      // letters, digits and marks of scripts that write a blank between two words
  unspaced,  // Han, Kana, Hangul, and other scripts that may write none
};
[[nodiscard]] SearchClass search_class(char32_t character) noexcept;

// NFKC_Casefold, as for names: case and width make no difference. Bytes of a text that is not UTF-8
// stay as they are, but for the case of ASCII.
void fold_text(std::string_view text, std::string& folded);
[[nodiscard]] inline std::string folded_text(std::string_view text) {
  std::string folded;
  fold_text(text, folded);
  return folded;
}

// Calls word(token) for each word of a folded text, and pair(token) for each two characters that
// stand side by side in an unspaced script. `at_end`: the word ends where the text ends.
struct TokenTaker {
  std::function<void(std::string_view token, bool at_end)> word;
  std::function<void(std::string_view token)> pair;
};
void take_tokens(std::string_view folded, const TokenTaker& taker);

// The mark and the first three characters of a word; "": it has fewer.
[[nodiscard]] std::string prefix_token(std::string_view word);

// Appends all tokens of a folded text to `out`, a blank in front of each.
void add_tokens(std::string_view folded, std::string& out);

}  // namespace chatd::wire
