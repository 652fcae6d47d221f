// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>

namespace chatd {

void open_standard_descriptors() noexcept {
  struct Missing {
    int fd;
    int flags;
  };
  constexpr std::array kInOrder{Missing{STDIN_FILENO, O_WRONLY}, Missing{STDOUT_FILENO, O_RDONLY},
                                Missing{STDERR_FILENO, O_RDWR}};
  for (const auto& [fd, flags] : kInOrder) {
    // open(2) takes the lowest free number: this one. An error is ignored: without /dev/null there
    // is nothing else to open.
    if (::fcntl(fd, F_GETFD) < 0) (void)::open("/dev/null", flags | O_NOCTTY);
  }
}

bool is_open_for_writing(int fd) noexcept {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace chatd
