// SPDX-License-Identifier: GPL-3.0-or-later
// account.hpp — from root to the user of the service, without a way back.
//
// Runs in:   main(), when everything that needs root is open.
// Invariant: after become() there is no way back, not even by executing a program.
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

// Errors: there is no such account; the message says how to make one.
[[nodiscard]] Result<Account> find_account(const std::string& name);
// Makes the account the owner of a path that it must be able to write or remove: a directory, or a
// plain file that has no second name. Missing files are skipped, and so are symbolic links: their
// targets keep their owner.
[[nodiscard]] Result<> give_to(const Account& account, const std::string& path);
// All ids of this process, no other groups, no new privileges by any program.
[[nodiscard]] Result<> become(const Account& account);

}  // namespace chatd::sys
