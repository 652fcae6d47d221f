// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/byte_size.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <system_error>

namespace chatd::config {
namespace {

struct ByteUnit {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array<ByteUnit, 5> kByteUnits{{{"TiB", 1ULL << 40U},
                                              {"GiB", 1ULL << 30U},
                                              {"MiB", 1ULL << 20U},
                                              {"KiB", 1ULL << 10U},
                                              {"B", 1}}};

}  // namespace

Result<std::uint64_t> parse_byte_size(std::string_view text) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto* const unit = std::ranges::find(kByteUnits, name, &ByteUnit::name);
  if (error != std::errc{} || unit == kByteUnits.end()) {
    return fail("not a size; write it like 512MiB or 1GiB");
  }
  if (count > std::numeric_limits<std::uint64_t>::max() / unit->bytes) {
    return fail("the size is too large");
  }
  return count * unit->bytes;
}

std::string byte_size_text(std::uint64_t bytes) {
  const auto* const unit = std::ranges::find_if(kByteUnits, [bytes](const ByteUnit& one) {
    return bytes >= one.bytes && bytes % one.bytes == 0;
  });
  if (unit == kByteUnits.end()) return "0B";
  return std::to_string(bytes / unit->bytes) + std::string{unit->name};
}

}  // namespace chatd::config
