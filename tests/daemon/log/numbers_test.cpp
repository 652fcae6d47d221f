// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/numbers.hpp"

#include <cstdint>
#include <type_traits>

#include <gtest/gtest.h>

namespace chatd::logs {
namespace {

template <class To, class From>
constexpr bool kBecomes = std::is_convertible_v<From, To>;

TEST(Numbers, OnlyAnExplicitConversionMakesOne) {
  static_assert(!kBecomes<Slot, std::uint32_t> && !kBecomes<Generation, std::uint64_t>);
  static_assert(!kBecomes<Offset, Sequence> && !kBecomes<Generation, Slot>);
  static_assert(kBecomes<std::uint32_t, Slot> && kBecomes<std::uint64_t, Generation>);
  EXPECT_EQ(Slot{7}, 7U);
}

TEST(Numbers, HaveTheSizeOfThePlainInteger) {
  static_assert(sizeof(Slot) == 4 && sizeof(Offset) == 8);
  static_assert(std::is_trivially_copyable_v<Slot> && std::is_trivially_copyable_v<Offset>);
  EXPECT_EQ(Offset{}, 0U);
}

TEST(Numbers, AreIncremented) {
  Slot slot{7};
  EXPECT_EQ(++slot, Slot{8});
  EXPECT_EQ(slot, Slot{8});
}

}  // namespace
}  // namespace chatd::logs
