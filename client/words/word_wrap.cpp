// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/word_wrap.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/wire/display_width.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

// Marks that no row begins with, and those that no row ends with, where no blank is.
constexpr std::u32string_view kClosing =
    U"!%),-./:;?]}'\"·»›’”–—…‥‰′″℃\u3000、。〃々〉》」』】〕〗〙〛〞〟゛゜ゝゞ・ーヽヾ"
    U"ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ！％），－．／：；？］｝～｡｣､･￠";
constexpr std::u32string_view kOpening = U"([{'\"#$@~«‹‘“£¥〈《「『【〔〖〘〚〝（［｛＃＄＠￡￥｢";

// A character, or an escape sequence that sets a colour.
struct Character {
  std::string_view bytes;
  char32_t code{U'\uFFFD'};
  std::size_t width{0};
  bool is_sequence{false};
};

std::size_t sequence_size(std::string_view text) noexcept {
  if (!text.starts_with("\x1b[")) return 0;
  const auto end = text.find_first_not_of("0123456789;", 2);
  return end == std::string_view::npos ? text.size() : end + 1;
}

// The first character of a text that is not empty. A byte that is not UTF-8 is one.
Character first_of(std::string_view text) noexcept {
  if (const std::size_t size = sequence_size(text); size != 0) {
    return {.bytes = text.substr(0, size), .is_sequence = true};
  }
  std::string_view rest = text;
  Character character;
  if (const auto code = wire::take_character(rest)) {
    character.code = *code;
  } else {
    rest.remove_prefix(1);
  }
  character.bytes = text.substr(0, text.size() - rest.size());
  character.width = wire::display_width(character.bytes);
  return character;
}

// A part of the line that is not divided, and the blanks before it.
struct Piece {
  std::size_t blanks{0};
  std::string_view bytes{};
  std::size_t width{0};
  std::size_t first_width{0};  // of its first visible character
};

// Takes the pieces of a line one after another.
class Pieces {
 public:
  explicit Pieces(std::string_view line) noexcept : rest_{line} {}

  // nullopt: the line has ended.
  std::optional<Piece> next() noexcept {
    if (rest_.empty()) return std::nullopt;
    Piece piece{.blanks = std::min(rest_.find_first_not_of(' '), rest_.size())};
    rest_.remove_prefix(piece.blanks);
    if (piece.blanks > 0) before_.reset();
    const std::string_view begin = rest_;
    while (!rest_.empty() && rest_.front() != ' ') {
      const Character character = first_of(rest_);
      if (!character.is_sequence) {
        const bool is_inside = piece.width > 0;
        if (divides_before(character) && is_inside) break;
        before_ = character;
      }
      if (piece.first_width == 0) piece.first_width = character.width;
      piece.width += character.width;
      rest_.remove_prefix(character.bytes.size());
    }
    piece.bytes = begin.substr(0, begin.size() - rest_.size());
    return piece;
  }

 private:
  // True if the line may be divided between the last character and this one. Then the last one is
  // forgotten.
  bool divides_before(const Character& next) noexcept {
    if (!before_) {
      state_ = 0;
      return false;
    }
    const Character before = *before_;
    const bool is_boundary = wire::is_boundary(before.code, next.code, state_);
    const bool divides = is_boundary && (before.width > 1 || next.width > 1) &&
                         !kOpening.contains(before.code) && !kClosing.contains(next.code);
    if (divides) before_.reset();
    return divides;
  }

  std::string_view rest_;
  std::optional<Character> before_{};  // the last one, if it is in the same word
  std::int32_t state_{0};              // of is_boundary()
};

// Puts pieces into rows.
class Rows {
 public:
  Rows(std::size_t columns, std::size_t indent) noexcept
      : columns_{columns}, indent_{std::min(indent, columns / 2)} {}

  void put(const Piece& piece) {
    const std::size_t left = columns_ - column_;
    if (piece.width == 0) return append(std::min(piece.blanks, left), piece);
    const bool fits_nowhere = piece.width > columns_;
    const std::size_t needed = fits_nowhere ? piece.first_width : piece.width;
    if (piece.blanks + needed <= left) return append(piece.blanks, piece);
    const bool is_first = column_ == 0;
    if (!is_first) text_ += '\n';
    column_ = 0;
    const std::size_t room = columns_ - std::min(piece.width, columns_);
    append(std::min(is_first ? piece.blanks : indent_, room), piece);
  }
  [[nodiscard]] std::string& text() noexcept { return text_; }

 private:
  void append(std::size_t blanks, const Piece& piece) {
    text_.append(blanks, ' ').append(piece.bytes);
    column_ += blanks;
    if (column_ + piece.width <= columns_) {
      column_ += piece.width;
    } else {
      let_terminal_divide(piece.bytes);
    }
  }

  // The terminal begins a row when the next character does not fit into the row.
  void let_terminal_divide(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
      const Character character = first_of(bytes);
      column_ = column_ + character.width > columns_ ? character.width : column_ + character.width;
      bytes.remove_prefix(character.bytes.size());
    }
  }

  std::size_t columns_;
  std::size_t indent_;
  std::size_t column_{0};
  std::string text_;
};

}  // namespace

std::string wrapped(std::string_view line, std::size_t columns, std::size_t indent) {
  if (columns < kMinWrappedColumns) return std::string{line};
  Rows rows{columns, indent};
  Pieces pieces{line};
  while (const auto piece = pieces.next()) rows.put(*piece);
  return std::move(rows.text());
}

}  // namespace chatd::client
