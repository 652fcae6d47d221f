// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/account.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "common/base/unique_fd.hpp"

namespace chatd::sys {

Result<Account> find_account(const std::string& name) {
  std::array<char, 16'384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  passwd entry{};
  passwd* found = nullptr;
  const int failed = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr) return Account{.name = name, .uid = entry.pw_uid, .gid = entry.pw_gid};
  if (failed != 0) return fail(Error::from_errno(fmt::format("look up the user {}", name), failed));
  return fail(
      fmt::format("there is no user {0}: make one (useradd --system {0}), or name another "
                  "one with --user",
                  name));
}

// By a descriptor, and never a file that could be the file of another user by a second name: the
// account, or another owner of the folder, may replace the file at any moment.
Result<> give_to(const Account& account, const std::string& path) {
  const auto error = [&](int code) {
    return fail(Error::from_errno(fmt::format("give {} to {}", path, account.name), code));
  };
  const UniqueFd fd{::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
  if (!fd.is_open()) return errno == ENOENT ? Result<>{} : error(errno);
  struct stat file {};
  if (::fstat(fd.get(), &file) < 0) return error(errno);
  if (S_ISLNK(file.st_mode) || file.st_uid == account.uid) return {};
  if (!S_ISDIR(file.st_mode) && (!S_ISREG(file.st_mode) || file.st_nlink != 1)) {
    return fail(
        fmt::format("{} is not given to {}: it is neither a directory nor a plain file with one "
                    "name",
                    path, account.name));
  }
  if (::fchownat(fd.get(), "", account.uid, account.gid, AT_EMPTY_PATH) < 0) return error(errno);
  return {};
}

Result<> become(const Account& account) {
  if (::setgroups(1, &account.gid) < 0 || ::setresgid(account.gid, account.gid, account.gid) < 0 ||
      ::setresuid(account.uid, account.uid, account.uid) < 0 ||
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
    return fail(Error::from_errno(fmt::format("become {}", account.name)));
  }
  // This would be a bug of the kernel; there has been one.
  if (account.uid != 0 && ::setresuid(0, 0, 0) == 0) return fail("root could be had back");
  return {};
}

}  // namespace chatd::sys
