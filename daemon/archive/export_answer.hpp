// SPDX-License-Identifier: GPL-3.0-or-later
// export_answer.hpp — the answer to `chatctl export`: stored lines as JSON Lines, in pieces.
//
// Runs in:   archive.
// Invariant: the lines that were stored when it began, in the order in which they were stored,
//            without those that are deleted meanwhile. A caller that is slow holds nothing but a
//            piece in memory. The last line says how many there were: without it the export was
//            cut.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>

#include "daemon/archive/line_filter.hpp"
#include "daemon/archive/long_answer.hpp"

namespace chatd::archive {

class ExportAnswer : public LongAnswer {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> make(
      History& history, const wire::ControlRequest& request, UniqueFd caller);

  ExportAnswer(LineFilter filter, std::int64_t end, std::uint64_t opened, UniqueFd caller);
  [[nodiscard]] Next step(History& history, MonoTime now) override;

 private:
  [[nodiscard]] Result<> read_piece(HistoryDb& database);

  LineFilter filter_;
  std::int64_t end_;      // the last row
  std::uint64_t opened_;  // see History::opened()
  std::int64_t at_{0};    // the row up to which it was read
  std::uint64_t lines_{0};
  bool is_over_{false};  // the last line is in the output
};

}  // namespace chatd::archive
