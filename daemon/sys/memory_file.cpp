// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <limits>

#include <fmt/format.h>

namespace chatd::sys {

namespace {

int protection(Access access) {
  return access == Access::read_only ? PROT_READ : PROT_READ | PROT_WRITE;
}

// mmap() allows ranges beyond the end of the file; the first access there is a SIGBUS.
Result<> check_range(int fd, off_t offset, std::size_t length) {
  struct stat file {};
  if (::fstat(fd, &file) < 0) return fail(Error::from_errno("fstat"));
  const auto size = static_cast<std::size_t>(file.st_size);
  const auto begin = static_cast<std::size_t>(offset);
  if (offset < 0 || length == 0 || begin > size || length > size - begin) {
    return fail(fmt::format("cannot map {} bytes at offset {} of a file of {} bytes", length,
                            offset, size));
  }
  return {};
}

// A range of addresses without memory.
void* reserve(std::size_t length) {
  return ::mmap(nullptr, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

std::span<std::byte> as_bytes(void* start, std::size_t length) {
  return {static_cast<std::byte*>(start), length};
}

}  // namespace

Result<UniqueFd> make_memory_file(const std::string& name, std::size_t size) {
  if (size == 0 || size > static_cast<std::size_t>(std::numeric_limits<off_t>::max())) {
    return fail(fmt::format("a memory file cannot have {} bytes", size));
  }
  UniqueFd fd{::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  if (!fd.is_open()) return fail(Error::from_errno("memfd_create"));
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) < 0) {
    return fail(Error::from_errno(fmt::format("ftruncate to {} bytes", size)));
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
    return fail(Error::from_errno("F_ADD_SEALS"));
  }
  return fd;
}

Result<Mapping> Mapping::map(int fd, off_t offset, std::size_t length, Access access) {
  if (auto fits = check_range(fd, offset, length); !fits) return fail(std::move(fits.error()));
  void* const start = ::mmap(nullptr, length, protection(access), MAP_SHARED, fd, offset);
  if (start == MAP_FAILED) return fail(Error::from_errno("mmap"));
  return Mapping{as_bytes(start, length)};
}

Result<Mapping> Mapping::map_twice(int fd, off_t offset, std::size_t length, Access access) {
  if (auto fits = check_range(fd, offset, length); !fits) return fail(std::move(fits.error()));
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  if (length % page != 0 || length > std::numeric_limits<std::size_t>::max() / 2) {
    return fail(
        fmt::format("a ring of {} bytes is not a multiple of the page size, {}", length, page));
  }
  // The range is reserved first, so that both halves are adjacent.
  void* const start = reserve(2 * length);
  if (start == MAP_FAILED) return fail(Error::from_errno("mmap"));
  Mapping mapping{as_bytes(start, 2 * length)};
  for (std::byte* const half : {mapping.bytes_.data(), mapping.bytes_.data() + length}) {
    if (::mmap(half, length, protection(access), MAP_SHARED | MAP_FIXED, fd, offset) ==
        MAP_FAILED) {
      return fail(Error::from_errno("mmap of a half of a ring"));
    }
  }
  return mapping;
}

Result<Mapping> Mapping::map_parts(int fd, off_t offset, std::size_t length,
                                   std::span<const Part> parts) {
  if (auto fits = check_range(fd, offset, length); !fits) return fail(std::move(fits.error()));
  void* const start = reserve(length);
  if (start == MAP_FAILED) return fail(Error::from_errno("mmap"));
  Mapping mapping{as_bytes(start, length)};
  for (const Part& part : parts) {
    if (part.offset > length || part.length > length - part.offset) {
      return fail(fmt::format("a part of {} bytes at {} is not within {} bytes", part.length,
                              part.offset, length));
    }
    if (::mmap(mapping.bytes_.data() + part.offset, part.length, PROT_READ, MAP_SHARED | MAP_FIXED,
               fd, offset + static_cast<off_t>(part.offset)) == MAP_FAILED) {
      return fail(Error::from_errno("mmap of a part of a file"));
    }
  }
  return mapping;
}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  const auto taken = std::exchange(other.bytes_, {});  // first: safe even when &other == this
  unmap();
  bytes_ = taken;
  return *this;
}

Result<> Mapping::keep_out_of_children() {
  if (::madvise(bytes_.data(), bytes_.size(), MADV_DONTFORK) < 0) {
    return fail(Error::from_errno("MADV_DONTFORK"));
  }
  return {};
}

void Mapping::unmap() noexcept {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
  bytes_ = {};
}

}  // namespace chatd::sys
