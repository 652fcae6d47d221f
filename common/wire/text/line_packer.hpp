// SPDX-License-Identifier: GPL-3.0-or-later
// line_packer.hpp — packs lines for one text member into as few datagrams as possible.
//
// Runs in:   worker; one packer, cleared for each member of a pass.
// Owns:      the datagrams, in one block that is allocated once.
// Invariant: every datagram is whole lines joined by '\n', with one more '\n' right behind
//            its view: datagram(i).data()[datagram(i).size()] == '\n'. A client that works by
//            lines is sent size() + 1 bytes of the same buffer, at most kMaxTextDatagram.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "common/wire/text/text_line.hpp"

namespace chatd::wire {

// Clients read 1024 bytes at a time, and fail on half a character.
inline constexpr std::size_t kMaxTextDatagram = 1000;

class LinePacker {
 public:
  explicit LinePacker(std::size_t max_datagrams);

  void clear() noexcept;

  // false: full, the line was not added. A line that is too long for a datagram of its own
  // is cut between characters.
  [[nodiscard]] bool add(Language language, const Line& line) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  // Valid until the next add() or clear().
  [[nodiscard]] std::string_view datagram(std::size_t i) const noexcept;

 private:
  [[nodiscard]] char* start_of(std::size_t i) noexcept;

  std::vector<char> bytes_;           // kMaxTextDatagram for each datagram
  std::vector<std::size_t> lengths_;  // without the newline behind
  std::size_t used_{0};
};

}  // namespace chatd::wire
