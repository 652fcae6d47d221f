// SPDX-License-Identifier: GPL-3.0-or-later
// memory_file.hpp — a file in memory with a fuzzer's bytes, for a function that needs a path.
//
// Runs in:   fuzz targets.
// Owns:      one memfd, mode 0600 as a key file must have. A file on a disk would be too slow.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "common/base/unique_fd.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : fd_{::memfd_create("fuzz", MFD_CLOEXEC)} {
    require(fd_.is_open() && ::fchmod(fd_.get(), S_IRUSR | S_IWUSR) == 0);
    require(::pwrite(fd_.get(), text.data(), text.size(), 0) == std::ssize(text));
  }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }
  [[nodiscard]] std::string text() const {
    struct stat file {};
    require(::fstat(fd_.get(), &file) == 0);
    std::string text(static_cast<std::size_t>(file.st_size), '\0');
    require(::pread(fd_.get(), text.data(), text.size(), 0) == std::ssize(text));
    return text;
  }

 private:
  UniqueFd fd_;
};

}  // namespace chatd::fuzz
