// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/mailbox.hpp"

#include <array>

namespace chatd::state {

bool Mailbox::append(const logs::Entry& entry) noexcept {
  const std::size_t size = logs::record_size(entry);
  if (size > log_.capacity()) return false;
  std::array<std::byte, kMailboxBytes> buffer;
  const auto record = std::span{buffer}.first(size);
  // The records of a mailbox are not numbered.
  logs::write_record(entry, logs::Sequence{}, record);
  logs::LogWriter writer{log_, logs::WhenFull::refuse};
  writer.release(Offset{peer_of(slot_).acked[wire::kMailboxStream]});
  return writer.append(record).has_value();
}

Offset Mailbox::last_boundary(std::uint64_t offset) const noexcept {
  if (offset == tail()) return Offset{offset};
  std::uint64_t at = peer_of(slot_).acked[wire::kMailboxStream];
  while (at < offset) {
    std::uint32_t size = 0;  // a record begins with its size
    read(at, std::as_writable_bytes(std::span{&size, 1}));
    if (size == 0 || size > offset - at) break;
    at += size;
  }
  return Offset{at};
}

}  // namespace chatd::state
