// SPDX-License-Identifier: GPL-3.0-or-later
// programs.hpp — the programs of a member that a server sends as an answer.
//
// Runs in:   uchat; tests. Pure.
// Errors:    a row without a number is left out, and so is a time that is not possible.
// See:       chatd-protocol(7), record `programs`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"

namespace chatd::client {

struct Program {
  std::uint32_t number{0};
  std::string address{};
  std::optional<WallTime> since{};              // when it logged in
  std::optional<std::uint32_t> idle_seconds{};  // since it was heard last
  bool is_this{false};                          // the program that has asked
};

// Reads the list of a ProgramList. Rows behind the first kMaxPrograms are left out: only a hostile
// server sends as many.
inline constexpr std::size_t kMaxPrograms = 1'000;
[[nodiscard]] std::vector<Program> read_programs(std::string_view list);

}  // namespace chatd::client
