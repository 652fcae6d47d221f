// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_record.hpp"

#include <cstring>
#include <span>

namespace chatd::wire {

std::expected<RecordView, RecordFault> read_record(Bytes stream) noexcept {
  RecordView record{};
  if (stream.size() < sizeof record.header) return std::unexpected{RecordFault::incomplete};
  std::memcpy(&record.header, stream.data(), sizeof record.header);
  const std::uint64_t size = record.header.size;
  if (!is_record_size(size, kMaxRecordBytes)) return std::unexpected{RecordFault::malformed};
  const std::uint64_t used = sizeof record.header + std::uint64_t{record.header.name_bytes} +
                             std::uint64_t{record.header.text_bytes};
  if (used > size || size - used >= 8) return std::unexpected{RecordFault::malformed};
  if (stream.size() < size) return std::unexpected{RecordFault::incomplete};
  const auto* texts = reinterpret_cast<const char*>(stream.data() + sizeof record.header);
  record.name = {texts, record.header.name_bytes};
  record.text = {texts + record.header.name_bytes, record.header.text_bytes};
  return record;
}

}  // namespace chatd::wire
