// SPDX-License-Identifier: GPL-3.0-or-later
// message_times.hpp — when the oldest message in a range of a log was appended.
//
// Runs in:   gateway and worker, to measure how long messages take.
// Owns:      the last answer: the members of a room mostly ask about the same range.
// Invariant: pure; shared memory is input too. A range may begin anywhere. If no record can begin
//            there, there is no time: the members cannot write bytes that look like a header, since
//            the upper half of its size is zeros, and a text has no zeros.
#pragma once

#include <cstdint>
#include <optional>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/log_memory.hpp"

namespace chatd::logs {

class MessageTimes {
 public:
  // Microseconds since 1970. nullopt: no record begins at `from`, or there is no message (what a
  // member or an administrator said) among the first kRecords records of the range.
  [[nodiscard]] std::optional<std::int64_t> oldest(const LogMemory& log, std::uint64_t from,
                                                   std::uint64_t to) noexcept {
    if (log_ != &log.head() || from_ != from || (!has_message_ && to > at_)) find(log, from, to);
    if (!has_message_ || at_ >= to) return std::nullopt;
    return time_;
  }

  static constexpr int kRecords = 16;

 private:
  void find(const LogMemory& log, std::uint64_t from, std::uint64_t to) noexcept;

  const LogHead* log_{nullptr};  // of the last answer, as the others
  std::uint64_t from_{0};
  std::uint64_t at_{0};  // where the message begins; without one, how far there is none
  std::int64_t time_{0};
  bool has_message_{false};
};

[[nodiscard]] constexpr bool is_message(wire::RecordKind kind) noexcept {
  using enum wire::RecordKind;
  return kind == say || kind == action || kind == announce;
}

}  // namespace chatd::logs
