// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/store/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "common/base/unique_fd.hpp"

namespace chatd::store {

namespace {

Result<> write_all(const std::string& path, int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return fail(Error::from_errno("write " + path));
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  if (::fsync(fd) < 0) return fail(Error::from_errno("fsync " + path));
  return {};
}

}  // namespace

Result<> sync_folder_of(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const UniqueFd fd{
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.is_open() || ::fsync(fd.get()) < 0) return fail(Error::from_errno("fsync " + folder));
  return {};
}

Result<> replace_file(const std::string& path, std::string_view text) {
  const std::string next = path + std::string{kNewFile};
  // Of a process that was killed. A new file has no other name, and the right mode.
  if (::unlink(next.c_str()) < 0 && errno != ENOENT) return fail(Error::from_errno(next));
  {
    const UniqueFd fd{::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                             S_IRUSR | S_IWUSR)};
    if (!fd.is_open()) return fail(Error::from_errno(next));
    if (auto done = write_all(next, fd.get(), text); !done) {
      (void)::unlink(next.c_str());  // on a full disk it takes space
      return done;
    }
  }
  if (std::rename(next.c_str(), path.c_str()) < 0) {
    return fail(Error::from_errno("rename " + next));
  }
  return sync_folder_of(path);
}

}  // namespace chatd::store
