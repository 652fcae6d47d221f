// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toml/nesting.hpp"

#include <string>

#include <gtest/gtest.h>

#include "common/toml/document.hpp"

namespace chatd::config {
namespace {

std::string dots(std::size_t count) {
  std::string text{"a"};
  for (std::size_t i = 0; i < count; ++i) text += ".a";
  return text;
}

TEST(Nesting, OrdinaryFilesAreAccepted) {
  EXPECT_EQ(line_nested_too_deeply(""), std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("limits.burst = 20\nlimits.messages_per_second = 0.5\n"),
            std::nullopt);
}

TEST(Nesting, TooManyDotsAreFoundOnTheirLine) {
  EXPECT_EQ(line_nested_too_deeply("\n\n" + dots(100'000) + " = 1"), 3U);
  EXPECT_EQ(line_nested_too_deeply("[" + dots(100'000) + "]"), 1U);
}

TEST(Nesting, DotsInCommentsAndStringsDoNotCount) {
  const std::string many(5000, '.');
  EXPECT_EQ(line_nested_too_deeply("# " + many + "\n"), std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("# " + many), std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("a = \"" + many + "\""), std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("a = '" + many + "'"), std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("a = \"\\\"" + many + "\""), std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("a = \"\"\"\n\"" + many + "\n\"\" " + many + "\"\"\""),
            std::nullopt);
  EXPECT_EQ(line_nested_too_deeply("a = '''\n'" + many + "\n'''"), std::nullopt);
}

TEST(Nesting, DotsAfterAStringAreCounted) {
  const std::string tail = ", " + dots(2000) + " = 1}";
  EXPECT_EQ(line_nested_too_deeply("x = {a = \"\"" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = \"b\"" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = '\\'" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = \"\"\"b\"\"\"" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = \"\"\"b\"\"\"\"" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = \"\"\"b\"\"\"\"\"" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = \"\"\"\\\"\"\"\"" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("x = {a = ''''b'''''" + tail), 1U);
  EXPECT_EQ(line_nested_too_deeply("a = \"never closed\n" + dots(2000) + " = 1"), 2U);
}

TEST(Nesting, AcceptedFilesDoNotOverflowTheStack) {
  // The deepest nesting that the check accepts, and brackets at toml++'s own limit.
  EXPECT_TRUE(read_document(dots(999) + " = 1").has_value());
  EXPECT_FALSE(read_document("a = " + std::string(100'000, '[')).has_value());
  EXPECT_FALSE(read_document(dots(500'000) + " = 1").has_value());
}

}  // namespace
}  // namespace chatd::config
