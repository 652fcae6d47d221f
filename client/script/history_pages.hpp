// SPDX-License-Identifier: GPL-3.0-or-later
// history_pages.hpp — the stored lines that `uchat history` prints: asked for page by page.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: at most Choice::lines lines are kept, and a page is asked for only if the last one was
//            further than the one before, of a search in all rooms at most kMaxPagesOfAll: a
//            hostile server cannot cause questions without end.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "client/member/history_event.hpp"
#include "client/settings/options.hpp"
#include "client/terminal/shown_history.hpp"

namespace chatd::client {

class HistoryPages {
 public:
  static constexpr unsigned kMaxPagesOfAll = 1000;
  explicit HistoryPages(const HistoryChoice& choice) : choice_{choice} {}

  // The question of the first page.
  [[nodiscard]] HistoryRequest begin(std::string room);
  // Takes a page, or a piece of one. A result: the next question. nullopt: none follows now;
  // is_whole() says whether the answer is complete.
  [[nodiscard]] std::optional<HistoryRequest> take(HistoryPage page);

  [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
  // The oldest line comes first.
  [[nodiscard]] const std::deque<HistoryLine>& lines() const noexcept { return lines_; }
  // The whole answer, without the lines; also if it is a refusal.
  [[nodiscard]] const HistoryPage& result() const noexcept { return result_; }

 private:
  [[nodiscard]] std::uint8_t next_lines() const;
  void add(HistoryPage& page);

  HistoryChoice choice_;
  ShownHistory pieces_;
  std::deque<HistoryLine> lines_;
  HistoryPage result_;
  bool is_first_{true};
  unsigned pages_of_all_{0};
  bool is_whole_{false};
};

}  // namespace chatd::client
