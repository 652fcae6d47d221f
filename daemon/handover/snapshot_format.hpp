// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_format.hpp — functions that the writer and the reader of a snapshot share.
//
// Runs in:   supervisor.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>

#include <malloc.h>
#include <nlohmann/json.hpp>

#include "common/base/fields.hpp"
#include "daemon/handover/snapshot_fields.hpp"

namespace chatd::handover {

inline constexpr std::uint64_t kSnapshotFormat = 1;
// The last member of a snapshot that has a member "has_end": true. Without it, the snapshot was not
// written to its end.
inline constexpr const char* kSnapshotEnd = "~end";
// In place of `native`, which is true or false: a session of kind web.
inline constexpr const char* kWebSession = "web";

// While an object of this class exists, freed memory is overwritten (mallopt(3), M_PERTURB): the
// JSON library copies keys through memory that it frees. A large block, such as a log, is
// allocated outside of the heap (M_MMAP_THRESHOLD) and returns to the system when it is freed: in
// the heap, the former blocks of buffers that grow would take the memory of all logs once more.
class WipeOnFree {
 public:
  WipeOnFree() noexcept {
    ::mallopt(M_PERTURB, 0xA5);
    ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  }
  WipeOnFree(const WipeOnFree&) = delete;
  WipeOnFree& operator=(const WipeOnFree&) = delete;
  ~WipeOnFree() {
    ::mallopt(M_PERTURB, 0);
    ::mallopt(M_MMAP_THRESHOLD, kDefaultThreshold);
  }

 private:
  static constexpr int kLargeBlock = 32 << 10;
  static constexpr int kDefaultThreshold = 128 << 10;
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

// The bytes of a document that is text, see registry_read.hpp.
inline void read_hex(const std::string& hex, std::span<std::byte> to) {
  if (hex.size() != 2 * to.size()) throw std::length_error{"a field has a wrong size"};
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const char* const end = hex.data() + at + 2;
    unsigned value = 0;
    const auto read = std::from_chars(hex.data() + at, end, value, 16);
    if (read.ec != std::errc{} || read.ptr != end) throw std::range_error{"a field is not hex"};
    to[at / 2] = static_cast<std::byte>(value);
  }
}

// Visits the list of T's fields, of an encoder or a decoder.
template <class T>
void visit_kept(auto& visitor, T& value) {
  using List = KeptFields<std::remove_const_t<T>>;
  static_assert(kListsAllMembers<std::remove_const_t<T>, List>);
  List::fields(visitor, value);
}

// The types that both treat alike.
template <class T>
concept HasList = requires {
  sizeof(KeptFields<T>);
};
template <class T>
concept ByteArray = requires(T& array) {
  array.size();
  requires sizeof(array[0]) == 1;
};

}  // namespace chatd::handover
