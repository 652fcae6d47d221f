// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_history.hpp"

#include <algorithm>
#include <charconv>

#include "common/wire/name.hpp"
#include "common/wire/native/native_argument.hpp"

namespace chatd::wire {

std::optional<HistoryQuestion> read_history(std::string_view text) noexcept {
  const auto question = read_argument<HistoryQuestion>(text);
  if (!question || question->way < HistoryWay::before || question->way > HistoryWay::search_all) {
    return std::nullopt;
  }
  if (!is_search(question->way) && !question->text.empty()) return std::nullopt;
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

std::optional<std::string_view> room_name_in(std::string_view rooms, std::uint32_t id) {
  while (!rooms.empty()) {
    const std::size_t end = std::min(rooms.find('\n'), rooms.size());
    const std::string_view row = rooms.substr(0, end);
    rooms.remove_prefix(std::min(end + 1, rooms.size()));
    const std::size_t tab = std::min(row.find('\t'), row.size());
    std::uint32_t number = 0;
    const std::string_view digits = row.substr(0, tab);
    const char* const first = digits.data();
    const char* const last = first + digits.size();
    const auto read = std::from_chars(first, last, number);
    const bool is_it = read.ec == std::errc{} && read.ptr == last && number == id;
    if (!is_it || tab == row.size()) continue;
    const std::string_view name = row.substr(tab + 1);
    return check_name(name) ? std::optional{name} : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace chatd::wire
