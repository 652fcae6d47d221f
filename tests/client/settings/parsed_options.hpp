// SPDX-License-Identifier: GPL-3.0-or-later
// parsed_options.hpp — the options of a command line of uchat, or the message about it.
//
// Runs in:   test programs.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client/settings/options.hpp"

namespace chatd::client {

[[nodiscard]] inline std::expected<Options, int> parse(std::vector<const char*> words,
                                                       const ChooseServer& choose = {}) {
  words.insert(words.begin(), "uchat");
  return parse_options(static_cast<int>(words.size()), words.data(), choose);
}

// The error message for a command line, one line; "" if the command line is correct.
[[nodiscard]] inline std::string complaint(const std::vector<const char*>& words) {
  ::testing::internal::CaptureStderr();
  const auto options = parse(words);
  std::string said = ::testing::internal::GetCapturedStderr();
  if (options) return {};
  EXPECT_EQ(options.error(), 2);
  EXPECT_EQ(said.find('\n'), said.size() - 1) << said;
  EXPECT_TRUE(said.starts_with("uchat: ")) << said;
  return said;
}

}  // namespace chatd::client
