// SPDX-License-Identifier: GPL-3.0-or-later
// room.hpp — short names and helpers for tests that compare the lines of text clients.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/text_client.hpp"

namespace chatd::test {

using Kind = TextClient::Kind;
using Lines = std::vector<std::string>;

// Announces `text`: all lines that the daemon has appended before this call come before it.
inline void mark(const DaemonUnderTest& daemon, std::string_view text) {
  EXPECT_EQ(daemon.ctl({"announce", std::string{text}}).status, 0);
}

// Reads up to the line of mark(text); returns the lines before it.
[[nodiscard]] inline Lines lines_before(TextClient& client, std::string_view text) {
  return client.lines_until("[admin] " + std::string{text});
}

}  // namespace chatd::test
