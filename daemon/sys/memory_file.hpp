// SPDX-License-Identifier: GPL-3.0-or-later
// memory_file.hpp — memory that several processes share, and ways to see it.
//
// Runs in:   the supervisor makes the file; every role maps what it needs of it.
// Owns:      a Mapping owns its address range, not the descriptor, which may be closed.
// Invariant: a memory file never changes its size, so that no process can make another
//            one's access fault; a Mapping lies wholly inside its file.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::sys {

// A memfd of `size` zero bytes, sealed against shrinking, growing and further seals. It
// takes memory page by page, when a page is first written. `name` shows in /proc/PID/maps.
[[nodiscard]] Result<UniqueFd> make_memory_file(const std::string& name, std::size_t size);

enum class Access : std::uint8_t { read_only, read_write };

// A part of a file, in whole pages.
struct Part {
  std::size_t offset;
  std::size_t length;
};

class [[nodiscard]] Mapping {
 public:
  Mapping() noexcept = default;

  // `offset` is a multiple of the page size.
  static Result<Mapping> map(int fd, off_t offset, std::size_t length, Access access);

  // The same `length` bytes twice, back to back: what is written across the end of the
  // first copy is found at the beginning of it, so a ring needs no split records. Both
  // `offset` and `length` are multiples of the page size.
  static Result<Mapping> map_twice(int fd, off_t offset, std::size_t length, Access access);

  // An address range of `length` bytes for the file from `offset` on, of which only the parts are
  // mapped, read-only, each at its place; their offsets are from `offset` on. Any other access
  // is a fault.
  static Result<Mapping> map_parts(int fd, off_t offset, std::size_t length,
                                   std::span<const Part> parts);

  Mapping(Mapping&& other) noexcept : bytes_{std::exchange(other.bytes_, {})} {}
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { unmap(); }

  // 2 * length bytes after map_twice(). Writing to a read_only mapping is a fault.
  [[nodiscard]] std::span<std::byte> bytes() const noexcept { return bytes_; }

  // Children forked from now on do not have this range at all.
  Result<> keep_out_of_children();

 private:
  explicit Mapping(std::span<std::byte> bytes) noexcept : bytes_{bytes} {}
  void unmap() noexcept;

  std::span<std::byte> bytes_;
};

}  // namespace chatd::sys
