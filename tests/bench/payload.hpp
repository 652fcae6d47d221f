// SPDX-License-Identifier: GPL-3.0-or-later
// payload.hpp — a message of the benchmark: 64 characters with its publisher, number and time.
//
// Runs in:   benchmarks.
// Invariant: each server carries the same bytes, which are text in each of the protocols.
#pragma once

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatd::bench {

using Nanos = std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

inline constexpr std::size_t kPayloadBytes = 64;

struct Payload {
  std::uint32_t publisher{};
  std::uint32_t number{};  // from 0, of this publisher
  Nanos due{};             // on the steady clock, when it should be sent
};

namespace payload_detail {

inline constexpr std::string_view kMagic{"~~"};
inline constexpr std::size_t kPublisher = 2;  // offset of each field, up to the next one
inline constexpr std::size_t kNumber = 6;
inline constexpr std::size_t kDue = 14;
inline constexpr std::size_t kEnd = 30;

inline void put(char* at, std::size_t digits, std::uint64_t value) {
  constexpr std::string_view kDigits{"0123456789abcdef"};
  for (; digits > 0; --digits, value /= 16) at[digits - 1] = kDigits[value % 16];
}

template <class Number>
bool take(std::string_view text, std::size_t from, std::size_t to, Number& number) {
  const auto got = std::from_chars(text.data() + from, text.data() + to, number, 16);
  return got.ec == std::errc{} && got.ptr == text.data() + to;
}

}  // namespace payload_detail

// Writes kPayloadBytes characters.
inline void write_payload(char* out, const Payload& payload) {
  namespace format = payload_detail;
  for (std::size_t i = 0; i < kPayloadBytes; ++i)
    out[i] = i < format::kMagic.size() ? format::kMagic[i] : '.';
  format::put(out + format::kPublisher, format::kNumber - format::kPublisher, payload.publisher);
  format::put(out + format::kNumber, format::kDue - format::kNumber, payload.number);
  format::put(out + format::kDue, format::kEnd - format::kDue,
              static_cast<std::uint64_t>(payload.due.count()));
}

// Reads the payload at the end of a line; a server can put text in front of it. nullopt: none.
[[nodiscard]] inline std::optional<Payload> read_payload(std::string_view line) {
  namespace format = payload_detail;
  if (line.size() < kPayloadBytes) return std::nullopt;
  line.remove_prefix(line.size() - kPayloadBytes);
  if (!line.starts_with(format::kMagic)) return std::nullopt;
  Payload payload;
  std::uint64_t due = 0;
  if (!format::take(line, format::kPublisher, format::kNumber, payload.publisher) ||
      !format::take(line, format::kNumber, format::kDue, payload.number) ||
      !format::take(line, format::kDue, format::kEnd, due)) {
    return std::nullopt;
  }
  payload.due = Nanos{static_cast<std::int64_t>(due)};
  return payload;
}

}  // namespace chatd::bench
