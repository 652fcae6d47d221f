// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/text_line.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

using namespace std::string_view_literals;
using Pieces = std::array<std::string_view, 4>;
using CrowdPieces = std::array<std::string_view, 7>;

// Two numbers in decimal digits. "": 0.
class Numbers {
 public:
  Numbers(std::uint32_t joined, std::uint32_t left) noexcept
      : joined_{write(joined, joined_digits_)}, left_{write(left, left_digits_)} {}
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  [[nodiscard]] std::string_view joined() const noexcept { return joined_; }
  [[nodiscard]] std::string_view left() const noexcept { return left_; }

 private:
  using Digits = std::array<char, 10>;
  static std::string_view write(std::uint32_t number, Digits& digits) noexcept {
    if (number == 0) return {};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return {digits.data(), end};
  }
  Digits joined_digits_{};
  Digits left_digits_{};
  std::string_view joined_;
  std::string_view left_;
};

// No name begins with the bracket, see check_name().
CrowdPieces pieces_of_crowd(Language language, const Numbers& numbers) noexcept {
  const bool zh = language == Language::zh;
  CrowdPieces pieces{"["};
  const bool has_both = !numbers.joined().empty() && !numbers.left().empty();
  if (!numbers.joined().empty()) {
    pieces[1] = numbers.joined();
    pieces[2] = zh ? " 人进入了聊天室"sv : " joined the chat"sv;
  }
  if (has_both) pieces[3] = zh ? "，"sv : ", "sv;
  if (!numbers.left().empty()) {
    pieces[4] = numbers.left();
    pieces[5] = zh ? " 人退出了聊天室"sv : " left the chat"sv;
  }
  pieces[6] = "]";
  return pieces;
}

// The lines of the text protocol as clients in use expect them, with these spaces. A literal that
// is chosen at run time has the suffix sv: without it the length would be counted for each line.
Pieces pieces_of(Language language, const Line& line) noexcept {
  const bool zh = language == Language::zh;
  switch (line.kind) {
    case LineKind::joined:
      return {line.name, zh ? " 进入了聊天室"sv : " joined the chat"sv};
    case LineKind::left:
      return {line.name, zh ? " 退出了聊天室"sv : " left the chat"sv};
    case LineKind::said:
      return {line.name, zh ? " ： "sv : " : "sv, line.text};
    case LineKind::acted:
      return {"* ", line.name, " ", line.text};
    case LineKind::announced:
      return {zh ? "管理员消息： "sv : "[admin] "sv, line.text};
    case LineKind::kicked: {
      const auto kicked = zh ? " 被管理员移出了聊天室"sv : " was removed by the administrator"sv;
      if (line.text.empty()) return {line.name, kicked};
      return {line.name, kicked, zh ? "： "sv : ": "sv, line.text};
    }
    case LineKind::crowd:
      break;  // see pieces_of_crowd()
  }
  return {};
}

std::size_t size_of(std::span<const std::string_view> pieces) noexcept {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  return size;
}

}  // namespace

std::size_t line_size(Language language, const Line& line) noexcept {
  if (line.kind == LineKind::crowd) {
    return size_of(pieces_of_crowd(language, Numbers{line.joined, line.left}));
  }
  return size_of(pieces_of(language, line));
}

std::size_t render_line(Language language, const Line& line, std::span<char> out) noexcept {
  if (line.kind == LineKind::crowd) {
    const Numbers numbers{line.joined, line.left};
    return write_cut(pieces_of_crowd(language, numbers), out);
  }
  return write_cut(pieces_of(language, line), out);
}

}  // namespace chatd::wire
