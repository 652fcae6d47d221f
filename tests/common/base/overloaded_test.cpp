// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/overloaded.hpp"

#include <string>
#include <variant>

#include <gtest/gtest.h>

namespace chatd {
namespace {

TEST(Overloaded, CallsTheHandlerOfTheTypeThatIsThere) {
  const Overloaded handle{
      [](int number) { return std::to_string(number); },
      [](const std::string& text) { return text; },
  };
  using Value = std::variant<int, std::string>;
  EXPECT_EQ(std::visit(handle, Value{7}), "7");
  EXPECT_EQ(std::visit(handle, Value{"seven"}), "seven");
}

}  // namespace
}  // namespace chatd
