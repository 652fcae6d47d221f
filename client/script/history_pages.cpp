// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/history_pages.hpp"

#include <algorithm>
#include <iterator>

#include "common/wire/search_query.hpp"

namespace chatd::client {

using wire::HistoryWay;

std::uint8_t HistoryPages::next_lines() const {
  return static_cast<std::uint8_t>(
      std::min<std::uint64_t>(choice_.lines - lines_.size(), wire::kMaxPageLines));
}

HistoryRequest HistoryPages::begin(std::string room) {
  HistoryRequest request{.room = std::move(room), .lines = next_lines()};
  if (choice_.before) request.value = *choice_.before;
  if (!choice_.text.empty()) {
    const wire::SearchPlace place = wire::split_place(choice_.text);
    request.way = place.is_all ? HistoryWay::search_all : HistoryWay::search;
    request.text = place.text;
  } else if (choice_.since) {
    const auto time = choice_.since->time_since_epoch().count();
    request.way = HistoryWay::since;
    request.value = time < 0 ? 0 : static_cast<std::uint64_t>(time);
  }
  return request;
}

void HistoryPages::add(HistoryPage& page) {
  const std::size_t most = static_cast<std::size_t>(choice_.lines) - lines_.size();
  std::vector<HistoryLine>& lines = page.lines;
  if (choice_.since) {
    lines.resize(std::min(lines.size(), most));
    std::ranges::move(lines, std::back_inserter(lines_));
    result_.last = page.last;
    result_.has_newer = page.has_newer;
    if (!is_first_) return;
    result_.first = page.first;
    result_.has_older = page.has_older;
    return;
  }
  // The newest ones, if a server sends more than it was asked for.
  const auto kept = static_cast<std::ptrdiff_t>(std::min(lines.size(), most));
  lines_.insert(lines_.begin(), std::make_move_iterator(std::prev(lines.end(), kept)),
                std::make_move_iterator(lines.end()));
  result_.first = page.first;
  result_.first_room = page.first_room;
  result_.has_older = page.has_older;
  if (!is_first_) return;
  result_.last = page.last;
  result_.has_newer = page.has_newer;
}

std::optional<HistoryRequest> HistoryPages::take(HistoryPage page) {
  if (is_whole_ || !pieces_.take(page)) return std::nullopt;
  result_.request = page.request;
  if (page.is_refused()) {
    result_.code = page.code;
    result_.text = page.text;
    is_whole_ = true;
    return std::nullopt;
  }
  const bool is_since = choice_.since.has_value();
  const std::uint64_t place = is_since ? result_.last : result_.first;
  add(page);
  // The lines of a search in all rooms have numbers of several rooms, which cannot be compared: the
  // number of its pages has a limit instead.
  const bool is_of_all = page.request.way == HistoryWay::search_all;
  const bool is_further = is_of_all
                              ? ++pages_of_all_ < kMaxPagesOfAll
                              : is_first_ || (is_since ? page.last > place : page.first < place);
  is_first_ = false;
  const bool has_more = is_since ? page.has_newer : page.has_older;
  if (!has_more || !is_further || lines_.size() >= choice_.lines) {
    is_whole_ = true;
    return std::nullopt;
  }
  HistoryRequest next{.room = page.request.room,
                      .way = is_since ? HistoryWay::after : HistoryWay::before,
                      .value = is_since ? page.last : page.first,
                      .lines = next_lines()};
  if (!choice_.text.empty()) {
    next.way = page.request.way;
    next.text = page.request.text;
    next.at = page.first_room;
  }
  return next;
}

}  // namespace chatd::client
