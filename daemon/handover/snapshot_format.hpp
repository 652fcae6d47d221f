// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_format.hpp — functions that the writer and the reader of a snapshot share.
//
// Runs in:   supervisor.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <stdexcept>
#include <vector>

#include <malloc.h>
#include <nlohmann/json.hpp>

namespace chatd::handover {

inline constexpr std::uint64_t kSnapshotFormat = 1;

// While an object of this class exists, freed memory is overwritten (mallopt(3), M_PERTURB): the
// JSON library copies keys through memory that it frees.
class WipeOnFree {
 public:
  WipeOnFree() noexcept { ::mallopt(M_PERTURB, 0xA5); }
  WipeOnFree(const WipeOnFree&) = delete;
  WipeOnFree& operator=(const WipeOnFree&) = delete;
  ~WipeOnFree() { ::mallopt(M_PERTURB, 0); }
};

// A byte string of CBOR, from any contiguous range.
template <std::ranges::contiguous_range Bytes>
[[nodiscard]] nlohmann::json binary(const Bytes& bytes) {
  const auto all = std::as_bytes(std::span{bytes});
  const auto* first = reinterpret_cast<const std::uint8_t*>(all.data());
  return nlohmann::json::binary({first, first + all.size()});
}

[[nodiscard]] inline std::span<const std::byte> bytes_in(const nlohmann::json& value) {
  return std::as_bytes(std::span{value.get_binary()});
}

// Copies a byte string of exactly the array's size. Throws on another size, as the library does.
template <class Array>
void fill(Array& array, const nlohmann::json& value) {
  const auto from = bytes_in(value);
  const auto to = std::as_writable_bytes(std::span{array});
  if (from.size() != to.size()) throw std::length_error{"a field of the snapshot has a wrong size"};
  std::ranges::copy(from, to.begin());
}

}  // namespace chatd::handover
