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

}  // namespace

Result<UniqueFd> open_locked(const std::string& path, int flags) {
  // A network file system refuses LOCK_EX on a file that is open for reading only.
  const bool is_reader = (flags & O_ACCMODE) == O_RDONLY;
  const int lock = is_reader ? LOCK_SH : LOCK_EX;
  for (;;) {
    UniqueFd fd{::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (!fd.is_open()) return fail(Error::from_errno((is_reader ? "read " : "write ") + path));
    if (::flock(fd.get(), lock) < 0) return fail(Error::from_errno("lock " + path));
    if (is_still(path, fd.get())) return fd;
  }
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
  const UniqueFd fd{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                           S_IRUSR | S_IWUSR)};
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
