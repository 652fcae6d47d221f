// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/wipe.hpp"

#include <array>

#include <gtest/gtest.h>

namespace chatd::crypto {
namespace {

TEST(Wipe, OverwritesThePartAndNothingElse) {
  std::array<std::byte, 8> bytes{};
  bytes.fill(std::byte{7});
  wipe(std::span{bytes}.subspan(2, 4));
  const std::byte kept{7};
  const std::byte gone{0};
  EXPECT_EQ(bytes, (std::array{kept, kept, gone, gone, gone, gone, kept, kept}));
  wipe({});
}

}  // namespace
}  // namespace chatd::crypto
