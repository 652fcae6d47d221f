// SPDX-License-Identifier: GPL-3.0-or-later
// names_check.hpp — checks that owned names still belong to the keys of their owners.
//
// Runs in:   test programs. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace chatd::test {

// By name: the fingerprints of the keys that the name belongs to, with a space between them.
using OwnedNames = std::map<std::string, std::string>;

// Describes each violation as a sentence; empty: there is none. `given`: the names as the
// administrator gave them; `found`: those that the server has.
[[nodiscard]] std::vector<std::string> find_name_violations(const OwnedNames& given,
                                                            const OwnedNames& found);

}  // namespace chatd::test
