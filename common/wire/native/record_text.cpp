// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/record_text.hpp"

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

std::optional<Crowd> read_crowd(std::string_view text) noexcept {
  return read_argument<Crowd>(text);
}

std::optional<ErasedLines> read_erased(std::string_view text) noexcept {
  const auto lines = read_argument<ErasedLines>(text);
  if (!lines || lines->first > lines->last) return std::nullopt;
  return lines;
}

}  // namespace chatd::wire
