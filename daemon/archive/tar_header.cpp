// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/tar_header.hpp"

#include <algorithm>
#include <chrono>
#include <span>

#include <fmt/format.h>

namespace chatd::archive {

namespace {

// A field of the header.
struct Field {
  std::size_t at;
  std::size_t bytes;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUid{108, 8};
constexpr Field kGid{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kChanged{136, 12};
constexpr Field kSum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};
constexpr Field kUser{265, 32};
constexpr Field kGroup{297, 32};

void put(std::string& block, const Field& field, std::string_view text) {
  std::ranges::copy(text.substr(0, field.bytes), block.begin() + std::ptrdiff_t(field.at));
}

// In octal; what does not fit, 8 GiB and more, in base 256 as GNU tar and others read it.
void put_number(std::string& block, const Field& field, std::uint64_t number) {
  const std::string octal = fmt::format("{:0{}o}", number, field.bytes - 1);
  if (octal.size() < field.bytes) return put(block, field, octal);
  for (std::size_t i = 0; i < field.bytes - 1; ++i) {
    const unsigned shift = 8 * static_cast<unsigned>(field.bytes - 2 - i);
    const std::uint64_t part = shift < 64 ? number >> shift : 0;
    block[field.at + 1 + i] = static_cast<char>(part & 0xFFU);
  }
  block[field.at] = static_cast<char>(0x80);
}

}  // namespace

std::string tar_header(const TarFile& file) {
  std::string block(kTarBlock, '\0');
  put(block, kName, file.name);
  put_number(block, kMode, 0600);
  put_number(block, kUid, file.uid);
  put_number(block, kGid, file.gid);
  put_number(block, kSize, file.bytes);
  const auto changed =
      std::chrono::floor<std::chrono::seconds>(file.changed.time_since_epoch()).count();
  put_number(block, kChanged, static_cast<std::uint64_t>(std::max<std::int64_t>(changed, 0)));
  put(block, kType, "0");
  put(block, kMagic, std::string_view{"ustar\00000", 8});
  put(block, kUser, file.user.substr(0, kUser.bytes - 1));
  put(block, kGroup, file.group.substr(0, kGroup.bytes - 1));
  put(block, kSum, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(block, kSum, fmt::format("{:06o}", sum));
  block[kSum.at + 6] = '\0';
  return block;
}

}  // namespace chatd::archive
