// SPDX-License-Identifier: GPL-3.0-or-later
// stored_check.hpp — checks with a history that the archive stored what the room said.
//
// Runs in:   test programs. Pure.
#pragma once

#include <string>
#include <vector>

#include "tests/fault/chaos/history.hpp"

namespace chatd::test {

// A row of the room in the database, in its order.
struct StoredRow {
  std::string name{};
  std::string text{};
  bool is_gap{false};  // lines that the archive could not store, or that it deleted to make space
  bool is_said{true};  // a message of a member
};

// Describes each violation as a sentence; empty: there is none. The guarantees are:
// - an acknowledged message is stored exactly once, or a gap stands where it was said: between the
//   stored messages that a reader heard before and after it.
// - no message is stored twice, and no refused message is stored;
// - messages are stored in the order in which each reader heard them.
[[nodiscard]] std::vector<std::string> find_stored_violations(const History& history,
                                                              const std::vector<StoredRow>& rows);

}  // namespace chatd::test
