// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace chatd::io {

namespace {

constexpr mode_t kMode = S_IRUSR | S_IWUSR;
// The number of attempts when another process removes the file between our open(2) and flock(2).
constexpr int kMaxRounds = 100;

Result<UniqueFd> open_plain_file(int folder, const std::string& name, const std::string& shown) {
  // O_NONBLOCK: open(2) of a named pipe must not block.
  UniqueFd fd{::openat(folder, name.c_str(),
                       O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, kMode)};
  if (!fd.is_open() && errno == ELOOP) {
    return fail(fmt::format("{} is a symbolic link, and must be a plain file", shown));
  }
  if (!fd.is_open()) return fail(Error::from_errno(fmt::format("open {}", shown)));
  struct stat file {};
  if (::fstat(fd.get(), &file) < 0) return fail(Error::from_errno(fmt::format("stat {}", shown)));
  if (!S_ISREG(file.st_mode)) {
    return fail(fmt::format("{} is not a plain file, as it must be", shown));
  }
  if (file.st_nlink > 1) {
    return fail(fmt::format("{} has a second name (a hard link): remove it", shown));
  }
  // The file has another mode if an older version made it, or because of the umask. Only root can
  // open another user's file here; such a file is not changed.
  if (file.st_uid == ::geteuid() && (file.st_mode & 07777U) != kMode &&
      ::fchmod(fd.get(), kMode) < 0) {
    return fail(Error::from_errno(fmt::format("set the mode of {}", shown)));
  }
  return fd;
}

Result<> lock(int fd, const std::string& shown) {
  while (::flock(fd, LOCK_EX | LOCK_NB) < 0) {
    if (errno != EINTR) return fail(Error::from_errno(fmt::format("lock {}", shown)));
  }
  return {};
}

}  // namespace

bool leads_to(int folder, const std::string& name, int fd) noexcept {
  struct stat by_name {};
  struct stat by_fd {};
  return ::fstatat(folder, name.c_str(), &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
         ::fstat(fd, &by_fd) == 0 && by_name.st_dev == by_fd.st_dev &&
         by_name.st_ino == by_fd.st_ino;
}

Result<UniqueFd> lock_file(int folder, const std::string& name, const std::string& shown) {
  // The last owner may remove the file between open(2) and flock(2): the lock would then be on a
  // file that no other process finds.
  for (int round = 0; round < kMaxRounds; ++round) {
    auto fd = open_plain_file(folder, name, shown);
    if (!fd) return fd;
    if (auto done = lock(fd->get(), shown); !done) return fail(std::move(done).error());
    if (leads_to(folder, name, fd->get())) return fd;
  }
  return fail(fmt::format("{} is replaced again and again by another process", shown));
}

}  // namespace chatd::io
