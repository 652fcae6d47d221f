// SPDX-License-Identifier: GPL-3.0-or-later
// log_writer.hpp — the append side of a log.
//
// Runs in:   one process a log (the gateway): two writers of one log corrupt it.
// Borrows:   the LogMemory. Cheap to make: it holds no state of its own.
// Invariant: bytes at or beyond `tail` do not exist. A writer that is killed at any instruction
//            leaves the log as it was, or with the whole record; its successor goes on from there.
// See:       the idea of positions instead of indices is Aeron's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/log_memory.hpp"

namespace chatd::logs {

enum class WhenFull : std::uint8_t {
  overwrite_oldest,  // the oldest records are lost; a follower that is that far behind is lapped
  refuse,            // append() appends nothing until release() makes space
};

class LogWriter {
 public:
  LogWriter(const LogMemory& log, WhenFull when_full) noexcept : log_{log}, when_full_{when_full} {}

  // `record` is a whole record as write_record() makes it. Returns the offset behind it.
  // nullopt: it is larger than wire::kMaxRecordBytes, or the log is full and refuses; the log is
  // as it was. Does not allocate.
  std::optional<Offset> append(std::span<const std::byte> record) noexcept;

  // Replaces the text of the record that begins at `at` by blanks; its size stays. A process that
  // reads the record at this moment may see a part of the text.
  void blank_text(Offset at, const wire::RecordHeader& header) noexcept;

  // With WhenFull::refuse: bytes below `offset`, which is where a record begins or the tail, are
  // needed no more.
  void release(Offset offset) noexcept {
    log_.head().oldest.store(offset, std::memory_order_release);
  }

  [[nodiscard]] Offset tail() const noexcept {
    return Offset{log_.head().tail.load(std::memory_order_relaxed)};
  }
  // Where the first record that is still there begins.
  [[nodiscard]] Offset oldest() const noexcept {
    return Offset{log_.head().oldest.load(std::memory_order_relaxed)};
  }

 private:
  [[nodiscard]] bool make_space(std::uint64_t bytes) noexcept;
  void overwrite_oldest(std::uint64_t bytes) noexcept;

  LogMemory log_;
  WhenFull when_full_;
};

}  // namespace chatd::logs
