// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/byte_size.hpp"

#include <gtest/gtest.h>

namespace chatd::config {
namespace {

TEST(ByteSize, TheTextHasTheLargestUnitThatLeavesAWholeNumber) {
  EXPECT_EQ(byte_size_text(0), "0B");
  EXPECT_EQ(byte_size_text(1023), "1023B");
  EXPECT_EQ(byte_size_text(1536), "1536B");
  EXPECT_EQ(byte_size_text(1U << 20U), "1MiB");
  EXPECT_EQ(byte_size_text(std::uint64_t{5} << 30U), "5GiB");
}

TEST(ByteSize, ReadsWhatItWrites) {
  for (const std::uint64_t bytes : {0ULL, 1ULL, 1024ULL, 5ULL << 30U, 1ULL << 40U, ~0ULL}) {
    EXPECT_EQ(parse_byte_size(byte_size_text(bytes)).value(), bytes);
  }
}

TEST(ByteSize, RefusesOtherTexts) {
  for (const char* text : {"", "1", "GiB", "1 GiB", "1GB", "1gib", "-1B", "1GiB ", "1.5GiB"}) {
    const auto size = parse_byte_size(text);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().message(), "not a size; write it like 512MiB or 1GiB") << text;
  }
  EXPECT_EQ(parse_byte_size("18014398509481984KiB").error().message(), "the size is too large");
}

}  // namespace
}  // namespace chatd::config
