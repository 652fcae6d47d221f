// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/help_output.hpp"

#include <iostream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "common/wire/display_width.hpp"
#include "tests/client/pty.hpp"
#include "tests/client/settings/parsed_options.hpp"

namespace chatd::client {
namespace {

// Without a terminal.
std::string help(const char* language) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(parse({"--language", language, "--help"}).error(), 0);
  return ::testing::internal::GetCapturedStdout();
}

TEST(HelpOutput, ADescriptionGoesOnBelowItsBeginning) {
  const std::string row = "  --wait                      Keep trying while the server is away\n";
  EXPECT_EQ(wrapped_help(row, 50),
            "  --wait                      Keep trying while\n"
            "                         the server is away\n");
  EXPECT_EQ(wrapped_help(row, 60),
            "  --wait                      Keep trying while the server\n"
            "                              is away\n");
}

TEST(HelpOutput, WithoutAWindowItIsTheTextItself) {
  const std::string text = help("en");
  EXPECT_EQ(wrapped_help(text, 0), text);
  EXPECT_TRUE(text.contains("Server to connect to, or its alias in config.toml; the default port"));
}

TEST(HelpOutput, NoRowIsWiderThanTheWindow) {
  for (const char* language : {"en", "zh"}) {
    const std::string text = help(language);
    for (const std::size_t columns : {50U, 60U, 80U, 100U}) {
      std::istringstream rows{wrapped_help(text, columns)};
      for (std::string row; std::getline(rows, row);) {
        EXPECT_LE(wire::display_width(row), columns) << row;
      }
    }
  }
}

TEST(HelpOutput, OnATerminalItFitsIntoTheWindow) {
  test::OnTerminal terminal{[] {
    print_help(
        "  --strict                    Refuse a server that is not known and has no fingerprint");
    std::cout.flush();
    return 0;
  }};
  EXPECT_EQ(terminal.wait(), 0);
  EXPECT_EQ(terminal.output(),
            "  --strict                    Refuse a server that is not known and has no\r\n"
            "                              fingerprint");
}

}  // namespace
}  // namespace chatd::client
