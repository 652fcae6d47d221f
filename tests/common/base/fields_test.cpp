// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/fields.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace chatd {
namespace {

struct OneAndTwo {
  std::uint8_t one{};
  std::uint8_t two{};
  static constexpr void fields(auto& v, auto& value) {
    v("one", value.one);
    v("two", value.two);
  }
};
struct WithoutOneField {
  std::uint8_t one{};
  std::uint8_t two{};
  static constexpr void fields(auto& v, auto& value) { v("one", value.one); }
};
struct WithOneFieldTwice {
  std::uint8_t one{};
  std::uint8_t two{};
  static constexpr void fields(auto& v, auto& value) {
    v("one", value.one);
    v("one", value.one);
  }
};
static_assert(kListsAllMembers<OneAndTwo>);
static_assert(!kListsAllMembers<WithoutOneField>, "a member without a field does not compile");
static_assert(!kListsAllMembers<WithOneFieldTwice>, "one field in place of two does not compile");

// Types that the compiler cannot make or copy, and a list beside them.
struct InSharedMemory {
  std::atomic<std::uint64_t> serial;
  std::array<OneAndTwo, 2> copies;
  std::vector<std::string> texts;
  std::optional<std::string> text;
};
template <class Members>
struct TwoMembers {
  static constexpr std::size_t kMembers = 2;
  Members& members;
};
struct BesideIt {
  static constexpr void fields(auto& v, auto& value) {
    v("copies", TwoMembers{value});
    v("texts", value.texts);
    v("text", value.text);
  }
};
struct WithoutTexts {
  static constexpr void fields(auto& v, auto& value) {
    v("copies", TwoMembers{value});
    v("text", value.text);
  }
};
static_assert(!Listed<InSharedMemory>);
static_assert(kListsAllMembers<InSharedMemory, BesideIt>);
static_assert(!kListsAllMembers<InSharedMemory, WithoutTexts>);

TEST(Fields, AVisitorSeesTheNamesInTheOrderOfTheList) {
  std::string names;
  auto visitor = [&](std::string_view name, const auto& field) {
    names += name;
    names += std::to_string(field);
  };
  OneAndTwo value{.one = 1, .two = 2};
  OneAndTwo::fields(visitor, value);
  EXPECT_EQ(names, "one1two2");
}

}  // namespace
}  // namespace chatd
