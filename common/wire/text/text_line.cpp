// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/text_line.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::wire {
namespace {

using Pieces = std::array<std::string_view, 4>;

// The lines of the text protocol as clients in use expect them, with these spaces.
Pieces pieces_of(Language language, const Line& line) noexcept {
  const bool zh = language == Language::zh;
  switch (line.kind) {
    case LineKind::joined:
      return {line.name, zh ? " 进入了聊天室" : " joined the chat"};
    case LineKind::left:
      return {line.name, zh ? " 退出了聊天室" : " left the chat"};
    case LineKind::said:
      return {line.name, zh ? " ： " : " : ", line.text};
    case LineKind::acted:
      return {"* ", line.name, " ", line.text};
    case LineKind::announced:
      return {zh ? "管理员消息： " : "[admin] ", line.text};
    case LineKind::kicked: {
      const std::string_view kicked =
          zh ? " 被管理员移出了聊天室" : " was removed by the administrator";
      if (line.text.empty()) return {line.name, kicked};
      return {line.name, kicked, zh ? "： " : ": ", line.text};
    }
  }
  return {};
}

}  // namespace

std::size_t line_size(Language language, const Line& line) noexcept {
  std::size_t size = 0;
  for (const std::string_view piece : pieces_of(language, line)) size += piece.size();
  return size;
}

std::size_t render_line(Language language, const Line& line, std::span<char> out) noexcept {
  return write_cut(pieces_of(language, line), out);
}

}  // namespace chatd::wire
