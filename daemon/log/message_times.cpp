// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/message_times.hpp"

#include <bit>
#include <limits>

#include "daemon/log/log_follower.hpp"

namespace chatd::logs {

namespace {

// The header of the record at `at`, if one can begin there, and the bytes there are.
std::optional<wire::RecordHeader> header_at(const LogMemory& log, std::uint64_t at,
                                            std::uint64_t tail) noexcept {
  std::array<std::byte, sizeof(wire::RecordHeader)> bytes;
  if (at % 8 != 0 || at > tail || tail - at < bytes.size()) return std::nullopt;
  if (read_bytes(log, Offset{at}, bytes).lapped) return std::nullopt;
  const auto header = std::bit_cast<wire::RecordHeader>(bytes);
  const std::uint64_t used =
      bytes.size() + std::uint64_t{header.name_bytes} + std::uint64_t{header.text_bytes};
  const bool is_possible =
      wire::is_record_size(header.size, tail - at) && used <= header.size && header.size - used < 8;
  return is_possible ? std::optional{header} : std::nullopt;
}

}  // namespace

// Reads up to the tail: of members that ask for different parts of it, only the first one searches.
void MessageTimes::find(const LogMemory& log, std::uint64_t from, std::uint64_t to) noexcept {
  const std::uint64_t tail = log.tail();
  log_ = &log.head();
  from_ = from;
  at_ = from;
  has_message_ = false;
  for (int i = 0; i < kRecords && at_ < tail; ++i) {
    const auto header = header_at(log, at_, tail);
    if (!header) break;
    if (is_message(header->kind)) {
      has_message_ = true;
      time_ = header->wall_time;
      return;
    }
    at_ += header->size;
  }
  // Does not search again for a range that ends here, and nothing is found behind a wrong header or
  // so many other records.
  if (at_ < tail && at_ < to) at_ = std::numeric_limits<std::uint64_t>::max();
}

}  // namespace chatd::logs
