// SPDX-License-Identifier: GPL-3.0-or-later
// idle_faults.hpp — checks that the faults that are injected have an effect.
//
// Runs in:   test programs. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/chaos/user.hpp"

namespace chatd::test {

// The faults whose effect is checked.
inline constexpr const char* kMessagesWait = "direct messages wait for a member";
inline constexpr const char* kOtherKey = "another key logs in under an owned name";
// A single one may have no effect: nobody is in who could write, or the room is full.
inline constexpr std::size_t kSurelyEffective = 5;

// Describes each fault that was injected kSurelyEffective times or more without any effect.
// `counts`: the number of injected faults by kind.
[[nodiscard]] std::vector<std::string> find_idle_faults(
    const std::map<std::string, std::size_t>& counts, const Figures& figures);

}  // namespace chatd::test
