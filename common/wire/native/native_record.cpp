// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_record.hpp"

#include <cstring>
#include <span>

#include "common/wire/native/native_argument.hpp"
#include "common/wire/native/native_stream_frames.hpp"

namespace chatd::wire {

std::optional<JoinedRoom> read_joined(std::string_view text) noexcept {
  const auto joined = read_argument<JoinedRoom>(text);
  if (!joined || joined->stream < kFirstRoomStream ||
      joined->stream >= kFirstRoomStream + kMaxRoomStreams) {
    return std::nullopt;
  }
  return joined;
}

std::optional<LeftRoom> read_left(std::string_view text) noexcept {
  return read_argument<LeftRoom>(text);
}

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
