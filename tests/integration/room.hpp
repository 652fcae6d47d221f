// SPDX-License-Identifier: GPL-3.0-or-later
// room.hpp — a running daemon with people in it: what most of these tests begin with.
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

// Everything that the daemon has appended so far stands in front of this line.
inline void mark(const DaemonUnderTest& daemon, std::string_view word) {
  EXPECT_EQ(daemon.ctl({"announce", std::string{word}}).status, 0);
}

// The lines that came before mark(word).
[[nodiscard]] inline Lines lines_before(TextClient& client, std::string_view word) {
  return client.lines_until("[admin] " + std::string{word});
}

}  // namespace chatd::test
