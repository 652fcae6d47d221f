// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/programs.hpp"

#include <chrono>
#include <utility>

#include "client/member/list_text.hpp"
#include "common/base/possible_time.hpp"

namespace chatd::client {

namespace {

std::optional<WallTime> login_time(std::string_view text) {
  const std::chrono::sys_seconds time{
      std::chrono::seconds{number_of<std::int64_t>(text).value_or(0)}};
  return is_possible(time) ? std::optional<WallTime>{time} : std::nullopt;
}

std::optional<Program> program_of(std::string_view row) {
  const auto number = number_of<std::uint32_t>(take_field(row));
  if (!number) return std::nullopt;
  Program program{.number = *number};
  program.address = take_field(row);
  program.since = login_time(take_field(row));
  program.idle_seconds = number_of<std::uint32_t>(take_field(row));
  program.is_this = take_field(row) == "this";
  return program;
}

}  // namespace

std::vector<Program> read_programs(std::string_view list) {
  std::vector<Program> programs;
  while (!list.empty() && programs.size() < kMaxPrograms) {
    if (auto program = program_of(take_row(list))) programs.push_back(std::move(*program));
  }
  return programs;
}

}  // namespace chatd::client
