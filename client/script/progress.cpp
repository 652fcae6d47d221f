// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/progress.hpp"

#include <string_view>
#include <utility>

#include "client/words/words.hpp"

namespace chatd::client {

namespace {

// To the first column, and clears the row.
constexpr std::string_view kClearRow = "\r\x1b[K";

}  // namespace

std::string Progress::update(std::size_t sent, std::size_t waiting, MonoTime now) {
  if (!is_on_) return {};
  if (waiting == 0) return remove();
  if (!first_) first_ = now;
  if (now - *first_ < kDelay || (shown_ && now - *shown_ < kBetween)) return {};
  shown_ = now;
  is_visible_ = true;
  return std::string{kClearRow} + words(language_, Words::progress, sent, waiting);
}

std::string Progress::remove() {
  return std::exchange(is_visible_, false) ? std::string{kClearRow} : std::string{};
}

}  // namespace chatd::client
