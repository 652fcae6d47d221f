// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/tar_header.hpp"

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::archive {
namespace {

TarFile file(std::uint64_t bytes) {
  return {.name = "history.db",
          .bytes = bytes,
          .changed = test::wall_at(std::chrono::seconds{8}),
          .uid = 1000,
          .gid = 100,
          .user = "_chatd",
          .group = "users"};
}

TEST(TarHeader, HasTheFieldsOfUstar) {
  const std::string block = tar_header(file(1536));
  ASSERT_EQ(block.size(), kTarBlock);
  EXPECT_STREQ(block.data(), "history.db");
  EXPECT_EQ(block.substr(100, 8), std::string("0000600\0", 8));
  EXPECT_EQ(block.substr(108, 8), std::string("0001750\0", 8));
  EXPECT_EQ(block.substr(124, 12), std::string("00000003000\0", 12));
  EXPECT_EQ(block.substr(156, 1), "0");
  EXPECT_EQ(block.substr(257, 8), std::string("ustar\00000", 8));
  EXPECT_STREQ(block.data() + 265, "_chatd");
  std::string blank = block;
  blank.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (const char c : blank) sum += static_cast<unsigned char>(c);
  EXPECT_EQ(std::stoul(block.substr(148, 6), nullptr, 8), sum);
}

TEST(TarHeader, AFileOf8GiBHasItsSizeInBase256) {
  const std::string block = tar_header(file((std::uint64_t{1} << 33U) + 5));
  EXPECT_EQ(static_cast<unsigned char>(block[124]), 0x80U);
  EXPECT_EQ(static_cast<unsigned char>(block[131]), 2U);
  EXPECT_EQ(static_cast<unsigned char>(block[135]), 5U);
}

TEST(TarHeader, PaddingFillsABlock) {
  EXPECT_EQ(tar_padding(0), 0U);
  EXPECT_EQ(tar_padding(1), 511U);
  EXPECT_EQ(tar_padding(512), 0U);
}

}  // namespace
}  // namespace chatd::archive
