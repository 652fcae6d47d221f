// SPDX-License-Identifier: GPL-3.0-or-later
// erase_answer.hpp — the answer to `chatctl erase`: deletes the lines that are selected, in steps.
//
// Runs in:   archive. The gateway has erased the lines that are in memory before.
// Invariant: the answer comes when no row has the lines any more; with --now, when no file has
//            their text. A caller that hangs up does not stop the erasure, and the files are
//            cleaned without it.
// See:       the gateway's ControlErase, which appends two arguments: by whom, and how many lines
//            it has found in memory.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "daemon/archive/line_filter.hpp"
#include "daemon/archive/long_answer.hpp"

namespace chatd::archive {

class EraseAnswer : public LongAnswer {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<LongAnswer>, wire::ControlError> make(
      History& history, const wire::ControlRequest& request, UniqueFd caller);

  struct Task {
    LineFilter filter;
    std::int64_t begin{0};  // the lines are behind this row
    std::int64_t end{0};    // and up to this one
    bool is_dry_run{false};
    bool waits{false};  // --now
    std::string by;
    std::uint64_t in_memory{0};  // lines that were there, and maybe not stored yet
    bool is_nothing_stored{false};
  };
  EraseAnswer(Task task, std::uint64_t opened, UniqueFd caller)
      : LongAnswer{std::move(caller)}, task_{std::move(task)}, opened_{opened}, at_{task_.begin} {}
  [[nodiscard]] Next step(History& history, MonoTime now) override;

 private:
  [[nodiscard]] bool is_clean(History& history) const;
  [[nodiscard]] Next scan(History& history);
  [[nodiscard]] Next finish(const History& history, bool is_gone);

  Task task_;
  std::uint64_t opened_;  // see History::opened()
  std::int64_t at_{0};    // the row up to which it has looked
  std::uint64_t lines_{0};
  unsigned failures_{0};
  bool is_deleted_{false};
};

}  // namespace chatd::archive
