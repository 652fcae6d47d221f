// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/search_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <utf8proc.h>

#include "common/wire/unicode.hpp"

namespace chatd::wire {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};
// In ascending order. Radicals, compatibility characters and half-width forms are folded to others,
// and stand here for texts of later versions of Unicode.
constexpr std::array kUnspaced{
    Range{0x0E00, 0x0EFF},    // Thai, Lao
    Range{0x1000, 0x109F},    // Myanmar
    Range{0x1100, 0x11FF},    // Hangul Jamo
    Range{0x1780, 0x17FF},    // Khmer
    Range{0x2E80, 0x2FDF},    // radicals
    Range{0x3005, 0x3007},    // iteration mark, closing mark, zero
    Range{0x3021, 0x3029},    // numerals
    Range{0x3031, 0x3035},    // repeat marks
    Range{0x3038, 0x303C},    // numerals and marks
    Range{0x3041, 0x309F},    // Hiragana
    Range{0x30A1, 0x30FA},    // Katakana
    Range{0x30FC, 0x30FF},    // its marks
    Range{0x3105, 0x31BF},    // Bopomofo, Hangul compatibility Jamo
    Range{0x31F0, 0x31FF},    // Katakana extensions
    Range{0x3400, 0x4DBF},    // Han, extension A
    Range{0x4E00, 0x9FFF},    // Han
    Range{0xA960, 0xA97F},    // Hangul Jamo
    Range{0xAC00, 0xD7FF},    // Hangul
    Range{0xF900, 0xFAFF},    // Han, compatibility
    Range{0xFF66, 0xFFDC},    // half-width Kana and Hangul
    Range{0x1B000, 0x1B16F},  // Kana supplements
    Range{0x20000, 0x3FFFF},  // Han, later extensions
};

bool is_unspaced(char32_t character) noexcept {
  const auto* const row = std::ranges::lower_bound(kUnspaced, character, {}, &Range::last);
  return row != kUnspaced.end() && character >= row->first;
}

char lower(char c) noexcept { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The character of three bytes at the beginning; 0: there is none.
char32_t three_bytes(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at]));
  };
  if (text.size() < 3 || (byte(0) & 0xF0U) != 0xE0) return 0;
  if ((byte(1) & 0xC0U) != 0x80 || (byte(2) & 0xC0U) != 0x80) return 0;
  return ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
}

// Han, and signs that are written with it: no form changes them, and they do not combine.
bool stays_as_it_is(char32_t character) noexcept {
  return (character >= 0x4E00 && character <= 0x9FFF) ||
         (character >= 0x3001 && character <= 0x3002) ||
         (character >= 0x3008 && character <= 0x3011) ||
         (character >= 0x2018 && character <= 0x201D);
}

// Folds a text of ASCII, Han and the signs that are written with it, which most texts are. False:
// the text has others.
bool fold_plainly(std::string_view text, std::string& folded) {
  constexpr char32_t kFullWidth = 0xFF01;  // '!'; up to '~'
  while (!text.empty()) {
    const char first = text.front();
    if (static_cast<unsigned char>(first) < 0x80) {
      folded += lower(first);
      text.remove_prefix(1);
      continue;
    }
    const char32_t character = three_bytes(text);
    if (stays_as_it_is(character)) {
      folded += text.substr(0, 3);
    } else if (character >= kFullWidth && character <= kFullWidth + ('~' - '!')) {
      folded += lower(static_cast<char>('!' + (character - kFullWidth)));
    } else if (character == 0x3000) {
      folded += ' ';
    } else {
      return false;
    }
    text.remove_prefix(3);
  }
  return true;
}

// Goes through the characters of a folded text.
class Tokens {
 public:
  Tokens(std::string_view text, const TokenTaker& taker) : rest_{text}, taker_{taker} {}

  void take() {
    while (!rest_.empty()) {
      const char* const here = rest_.data();
      // A byte that is not UTF-8 separates.
      const auto character = take_character(rest_);
      if (!character) rest_.remove_prefix(1);
      next({here, static_cast<std::size_t>(rest_.data() - here)},
           character ? search_class(*character) : SearchClass::separator);
    }
    end_word(true);
  }

 private:
  void next(std::string_view character, SearchClass kind) {
    if (kind == SearchClass::word) {
      word_ = word_.empty() ? character
                            : std::string_view{word_.data(), word_.size() + character.size()};
    } else {
      end_word(false);
    }
    if (kind == SearchClass::unspaced && !before_.empty()) {
      taker_.pair({before_.data(), before_.size() + character.size()});
    }
    before_ = kind == SearchClass::unspaced ? character : std::string_view{};
  }
  void end_word(bool at_end) {
    if (!word_.empty()) taker_.word(cut_to(word_, kMaxTokenBytes), at_end);
    word_ = {};
  }

  std::string_view rest_;
  const TokenTaker& taker_;
  std::string_view word_;    // as far as it was read
  std::string_view before_;  // the last character, if it is unspaced
};

constexpr std::int64_t kVersion = 1;

}  // namespace

std::int64_t search_text_version() noexcept {
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a
  for (const char c : std::string_view{utf8proc_unicode_version()}) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  }
  return (kVersion << 32U) + hash;
}

SearchClass search_class(char32_t character) noexcept {
  if (character < 0x80) {
    const bool is_word = ('0' <= character && character <= '9') ||
                         ('a' <= character && character <= 'z') ||
                         ('A' <= character && character <= 'Z');
    return is_word ? SearchClass::word : SearchClass::separator;
  }
  if (is_unspaced(character)) return SearchClass::unspaced;
  return is_letter_or_digit(character) || is_combining(character) ? SearchClass::word
                                                                  : SearchClass::separator;
}

void fold_text(std::string_view text, std::string& folded) {
  folded.clear();
  if (fold_plainly(text, folded)) return;
  if (auto normal = normalized(text, Form::nfkc_casefold)) {
    folded = std::move(*normal);
    return;
  }
  folded = text;
  std::ranges::transform(folded, folded.begin(), lower);
}

void take_tokens(std::string_view folded, const TokenTaker& taker) { Tokens{folded, taker}.take(); }

std::string prefix_token(std::string_view word) {
  std::string_view rest = word;
  for (std::size_t i = 0; i < kPrefixCharacters; ++i) {
    if (!take_character(rest)) return {};
  }
  return std::string{kPrefixMark}.append(word.substr(0, word.size() - rest.size()));
}

void add_tokens(std::string_view folded, std::string& out) {
  const auto add = [&out](std::string_view token) { (out += ' ') += token; };
  take_tokens(folded, {.word =
                           [&](std::string_view word, bool /*at_end*/) {
                             add(word);
                             if (const std::string prefix = prefix_token(word); !prefix.empty()) {
                               add(prefix);
                             }
                           },
                       .pair = add});
}

}  // namespace chatd::wire
