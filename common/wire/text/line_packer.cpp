// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/text/line_packer.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>
#include <string_view>

#include "common/wire/language.hpp"
#include "common/wire/text/text_line.hpp"

namespace chatd::wire {

LinePacker::LinePacker(std::size_t max_datagrams)
    : bytes_(max_datagrams * kMaxTextDatagram), lengths_(max_datagrams) {}

void LinePacker::clear() noexcept { used_ = 0; }

bool LinePacker::add(Language language, const Line& line) noexcept {
  // One byte is kept for the newline behind.
  const std::size_t size = std::min(line_size(language, line), kMaxTextDatagram - 1);
  const bool joins = used_ > 0 && lengths_[used_ - 1] + 1 + size < kMaxTextDatagram;
  if (!joins) {
    if (used_ == lengths_.size()) return false;
    lengths_[used_++] = 0;
  }
  // The newline behind the lines so far is the one that joins the next.
  const std::size_t at = joins ? lengths_[used_ - 1] + 1 : 0;
  char* const start = start_of(used_ - 1);
  const std::size_t end = at + render_line(language, line, std::span{start + at, size});
  start[end] = '\n';
  lengths_[used_ - 1] = end;
  return true;
}

std::string_view LinePacker::datagram(std::size_t i) const noexcept {
  assert(i < used_);
  return {bytes_.data() + (i * kMaxTextDatagram), lengths_[i]};
}

char* LinePacker::start_of(std::size_t i) noexcept {
  return bytes_.data() + (i * kMaxTextDatagram);
}

}  // namespace chatd::wire
