// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <fmt/format.h>

namespace chatd::sys {

Result<Account> find_account(const std::string& name) {
  std::array<char, 16'384> room;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  passwd entry{};
  passwd* found = nullptr;
  const int failed = ::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
  if (found != nullptr) return Account{.name = name, .uid = entry.pw_uid, .gid = entry.pw_gid};
  if (failed != 0) return fail(Error::from_errno(fmt::format("look up the user {}", name), failed));
  return fail(
      fmt::format("there is no user {0}: make one (useradd --system {0}), or name another "
                  "one with --user",
                  name));
}

Result<> give_to(const Account& account, const std::string& path) {
  if (::lchown(path.c_str(), account.uid, account.gid) == 0 || errno == ENOENT) return {};
  return fail(Error::from_errno(fmt::format("give {} to {}", path, account.name)));
}

Result<> become(const Account& account) {
  if (::setgroups(1, &account.gid) < 0 || ::setresgid(account.gid, account.gid, account.gid) < 0 ||
      ::setresuid(account.uid, account.uid, account.uid) < 0 ||
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
    return fail(Error::from_errno(fmt::format("become {}", account.name)));
  }
  // It would be a bug of the kernel, and has been one.
  if (account.uid != 0 && ::setresuid(0, 0, 0) == 0) return fail("root could be had back");
  return {};
}

}  // namespace chatd::sys
