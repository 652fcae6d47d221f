// SPDX-License-Identifier: GPL-3.0-or-later
// line_batch.hpp — a range of the room log, rendered once for all members that need it.
//
// Runs in:   worker.
// Owns:      the packed datagrams; nothing is allocated after construction. Borrows: the log.
// Invariant: end() is a record boundary; every record in [from(), end()) that is a line for
//            a text member is in the datagrams, in order, except those of `without`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/wire/text/line_packer.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::worker {

class LineBatch {
 public:
  // `buffer` is used while render() runs.
  LineBatch(const logs::LogMemory& log, logs::RecordBuffer& buffer, wire::Language language);

  // Renders from `from` to the log's tail, or as far as the datagrams hold.
  void render(std::uint64_t from, std::optional<state::Sender> without);
  // Makes starts_at() false for every offset.
  void forget() noexcept { rendered_ = false; }

  // True: the batch is that of render(from, nullopt).
  [[nodiscard]] bool starts_at(std::uint64_t from) const noexcept {
    return rendered_ && from_ == from;
  }
  [[nodiscard]] bool is_from(const state::Sender& sender) const noexcept;
  [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
  [[nodiscard]] bool lapped() const noexcept { return lapped_; }
  [[nodiscard]] std::size_t datagrams() const noexcept { return packer_.size(); }
  // The log offset behind the last record of that datagram.
  [[nodiscard]] std::uint64_t end_of(std::size_t i) const noexcept {
    return i + 1 == datagrams() ? end_ : marks_[i].end;
  }
  // The room's lines in that datagram.
  [[nodiscard]] std::uint64_t lines_of(std::size_t i) const noexcept { return marks_[i].lines; }
  // When the oldest message in that datagram was appended, in microseconds since 1970; 0: it has
  // none.
  [[nodiscard]] std::int64_t appended(std::size_t i) const noexcept { return marks_[i].appended; }
  // The bytes for a member whose own datagrams end in a newline, or do not.
  [[nodiscard]] std::string_view datagram(std::size_t i, bool newline) const noexcept;

 private:
  struct Mark {
    std::uint64_t end;
    std::uint64_t lines;
    std::int64_t appended;
  };
  [[nodiscard]] bool add(const wire::RecordView& record);
  [[nodiscard]] bool add_missed();

  logs::LogFollower log_;
  wire::LinePacker packer_;
  wire::Language language_;
  std::vector<state::Sender> senders_;
  std::vector<Mark> marks_;  // for each datagram
  std::uint64_t from_{0};
  std::uint64_t end_{0};
  bool rendered_{false};
  bool lapped_{false};
};

}  // namespace chatd::worker
