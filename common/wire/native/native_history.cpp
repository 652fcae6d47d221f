// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_history.hpp"

#include "common/wire/native/native_argument.hpp"

namespace chatd::wire {

std::optional<HistoryQuestion> read_history(std::string_view text) noexcept {
  const auto question = read_argument<HistoryQuestion>(text);
  if (!question || question->way < HistoryWay::before || question->way > HistoryWay::search) {
    return std::nullopt;
  }
  if (question->way != HistoryWay::search && !question->text.empty()) return std::nullopt;
  return question;
}

std::optional<StoredLine> read_stored(std::string_view text) noexcept {
  return read_argument<StoredLine>(text);
}

std::optional<StoredPage> read_page(std::string_view text) noexcept {
  ByteReader in{std::as_bytes(std::span{text})};
  StoredPage page{};
  decode(in, page);
  return in.ok() ? std::optional{page} : std::nullopt;
}

}  // namespace chatd::wire
