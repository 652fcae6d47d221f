// SPDX-License-Identifier: GPL-3.0-or-later
// account.hpp — from root to a user who owns nothing, for good.
//
// Runs in:   main(), when everything that needs root is open.
// Invariant: after become() there is no way back, also not by executing something.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/result.hpp"

namespace chatd::sys {

struct Account {
  std::string name;
  uid_t uid{};
  gid_t gid{};
};

// Errors: there is none; says how to make one.
[[nodiscard]] Result<Account> find_account(const std::string& name);
// Gives it what it must be able to write, or to remove: a directory, or a plain file that has
// no second name. Missing files are passed over, and so are symbolic links: what they lead to
// keeps its owner.
[[nodiscard]] Result<> give_to(const Account& account, const std::string& path);
// All ids of this process, no other groups, no new privileges by any program.
[[nodiscard]] Result<> become(const Account& account);

}  // namespace chatd::sys
