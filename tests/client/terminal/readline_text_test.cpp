// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/readline_text.hpp"

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "client/terminal/line_editor.hpp"
#include "tests/client/pty.hpp"

namespace chatd::client {
namespace {

// The program under test: reads a key, prints the text, drops it, and prints it again.
int drop() {
  LineEditor editor{
      {.line = [](const std::string& /*line*/) {},
       .end = [] {},
       .complete = [](std::string_view /*before*/,
                      std::string_view /*word*/) { return std::vector<std::string>{}; },
       .mark = [](std::size_t /*lines*/) { return std::string{}; }}};
  editor.open("> ");
  editor.read_keys();
  const std::string before{typed_text()};
  drop_typed_text();
  const std::string after{typed_text()};
  editor.close();
  std::printf("<%s, %s>\n", before.c_str(), after.c_str());
  std::fflush(stdout);
  return is_searching() ? 1 : 0;
}

TEST(ReadlineText, IsWhatWasTypedUntilItIsDropped) {
  test::OnTerminal terminal{&drop};
  ASSERT_TRUE(terminal.shows("> "));
  terminal.type("a");
  EXPECT_TRUE(terminal.shows("<a, >"));
  EXPECT_EQ(terminal.wait(), 0);
}

}  // namespace
}  // namespace chatd::client
