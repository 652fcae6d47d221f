// SPDX-License-Identifier: GPL-3.0-or-later
// tar_header.hpp — the blocks of a tar archive (POSIX ustar), which tar(1) unpacks.
//
// Runs in:   archive. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/time.hpp"

namespace chatd::archive {

inline constexpr std::size_t kTarBlock = 512;
inline constexpr std::size_t kTarEnd = 2 * kTarBlock;  // zeros

struct TarFile {
  std::string_view name;  // at most 100 bytes
  std::uint64_t bytes;
  WallTime changed;
  std::uint32_t uid;
  std::uint32_t gid;
  std::string_view user;  // at most 31 bytes, "": not known
  std::string_view group;
};
// One block. The mode is 0600. The file's bytes follow, and zeros up to the next block.
[[nodiscard]] std::string tar_header(const TarFile& file);

[[nodiscard]] constexpr std::uint64_t tar_padding(std::uint64_t bytes) noexcept {
  return (kTarBlock - bytes % kTarBlock) % kTarBlock;
}

}  // namespace chatd::archive
