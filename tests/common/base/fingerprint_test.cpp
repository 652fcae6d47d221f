// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/fingerprint.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd {
namespace {

const std::string kText = "SHA256:Yw3NKWbEM2aRElRIu7JbT/QSpJxzLbLIq8G4WBvXEN0";

TEST(Fingerprint, HasOneSize) {
  EXPECT_EQ(kText.size(), kFingerprintBytes);
  EXPECT_TRUE(is_fingerprint(kText));
  for (const std::string& text : {std::string{}, std::string{kFingerprintPrefix},
                                  kText.substr(0, 49), kText.substr(1), kText + "=", kText + "A"}) {
    EXPECT_FALSE(is_fingerprint(text)) << text;
  }
}

// As many characters as stand for 32 bytes: two bits of the last one are 0.
TEST(Fingerprint, IsTheUnpaddedBase64OfItsBytes) {
  std::size_t right = 0;
  for (std::size_t at = 0; at < kText.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = kText;
      text[at] = static_cast<char>(byte);
      if (is_fingerprint(text)) ++right;
    }
  }
  EXPECT_EQ(right, kFingerprintPrefix.size() + 42 * 64 + 16);
}

}  // namespace
}  // namespace chatd
