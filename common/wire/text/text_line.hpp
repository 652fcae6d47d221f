// SPDX-License-Identifier: GPL-3.0-or-later
// text_line.hpp — one event of the room as a line for a text member.
//
// Runs in:   worker.
// Borrows:   the name and the text: both already checked (name.hpp, message_text.hpp).
// Invariant: a line holds no newline, and is cut between characters only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"

namespace chatd::wire {

enum class LineKind : std::uint8_t { joined, left, said, announced, kicked, acted, crowd };

struct Line {
  LineKind kind{LineKind::said};
  std::string_view name;  // of the member; not used by `announced` and `crowd`
  std::string_view text;  // said, acted, announced; kicked: the reason, may be empty
  // crowd: how many; at least one of the two is not 0.
  std::uint32_t joined{0};
  std::uint32_t left{0};
};

// Bytes of the whole line, uncut.
[[nodiscard]] std::size_t line_size(Language language, const Line& line) noexcept;

// Without a newline. Returns the bytes written: line_size(), or less if `out` is short.
std::size_t render_line(Language language, const Line& line, std::span<char> out) noexcept;

}  // namespace chatd::wire
