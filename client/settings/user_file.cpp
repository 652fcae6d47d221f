// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/user_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace chatd::client {

namespace {

constexpr mode_t kPrivateMode = S_IRUSR | S_IWUSR;

// True if `path` is still the file that is open as `fd`: replace_file() puts another one
// in its place.
bool is_still(const std::string& path, int fd) {
  struct stat open_file {};
  struct stat named {};
  return ::fstat(fd, &open_file) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

bool ends_without_newline(int fd) {
  char last = '\n';
  const off_t size = ::lseek(fd, 0, SEEK_END);
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

Result<> write_text(int fd, std::string_view text, const std::string& path) {
  const ssize_t written = ::write(fd, text.data(), text.size());
  if (written < 0) return fail(Error::from_errno("write " + path));
  if (std::cmp_not_equal(written, text.size())) {
    return fail(Error::from_errno("write " + path, ENOSPC));
  }
  return {};
}

bool is_for_reading(int flags) { return (flags & O_ACCMODE) == O_RDONLY; }

Result<UniqueFd> open_unlocked(const std::string& path, int flags) {
  UniqueFd fd{::open(path.c_str(), flags | O_CLOEXEC, kPrivateMode)};
  if (fd.is_open()) return fd;
  return fail(Error::from_errno((is_for_reading(flags) ? "read " : "write ") + path));
}

}  // namespace

Result<UniqueFd> open_locked(const std::string& path, int flags) {
  // A network file system refuses LOCK_EX on a file that is open for reading only.
  const int lock = is_for_reading(flags) ? LOCK_SH : LOCK_EX;
  for (;;) {
    auto fd = open_unlocked(path, flags);
    if (!fd) return fd;
    if (::flock(fd->get(), lock) < 0) return fail(Error::from_errno("lock " + path));
    if (is_still(path, fd->get())) return fd;
  }
}

Result<UniqueFd> open_private(const std::string& path, int flags, FileLock lock) {
  // O_NONBLOCK: open(2) of a named pipe must not block.
  flags |= O_NOFOLLOW | O_NONBLOCK;
  auto fd = lock == FileLock::held ? open_locked(path, flags) : open_unlocked(path, flags);
  if (!fd) return fd;
  struct stat status {};
  if (::fstat(fd->get(), &status) < 0) return fail(Error::from_errno(path));
  if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
    return fail(Error::from_errno(path, EPERM));
  }
  const bool is_private = (status.st_mode & 0777U) == kPrivateMode;
  if (!is_private && ::fchmod(fd->get(), kPrivateMode) < 0) return fail(Error::from_errno(path));
  return fd;
}

Result<> append_lines(int fd, std::string_view lines, const std::string& path) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  auto done = write_text(fd, (ends_without_newline(fd) ? "\n" : "") + std::string{lines}, path);
  if (!done && size >= 0 && ::ftruncate(fd, size) < 0) {
    return fail(Error::from_errno("truncate " + path));
  }
  return done;
}

Result<> replace_file(const std::string& path, std::string_view text, mode_t mode) {
  const std::string fresh = path + ".new";
  const UniqueFd fd{
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kPrivateMode)};
  if (!fd.is_open()) return fail(Error::from_errno("write " + fresh));
  if (auto done = write_text(fd.get(), text, fresh); !done) return done;
  if (::fchmod(fd.get(), mode) < 0 || ::fsync(fd.get()) < 0) {
    return fail(Error::from_errno("write " + fresh));
  }
  if (::rename(fresh.c_str(), path.c_str()) < 0) {
    return fail(Error::from_errno("replace " + path));
  }
  return {};
}

}  // namespace chatd::client
