// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "common/base/unique_fd.hpp"

namespace chatd::archive {

Result<> Reserve::take() {
  const UniqueFd file{
      ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
  if (!file.is_open()) return fail(Error::from_errno(path_));
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == bytes_) {
    return {};
  }
  // The mode 0: a file system without fallocate(2) says so, where posix_fallocate(3) would write
  // every block. There the file has no use.
  if (::ftruncate(file.get(), 0) == 0 &&
      ::fallocate(file.get(), 0, 0, static_cast<off_t>(bytes_)) == 0) {
    return {};
  }
  Error error = Error::from_errno(path_);
  ::unlink(path_.c_str());
  return fail(std::move(error));
}

bool Reserve::give_up() noexcept { return ::unlink(path_.c_str()) == 0; }

}  // namespace chatd::archive
