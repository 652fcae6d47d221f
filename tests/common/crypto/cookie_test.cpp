// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/cookie.hpp"

#include <chrono>
#include <cstddef>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime kStart{1h};
const auto kAddress = as_bytes("::ffff:127.0.0.1 8888");

TEST(CookieJar, ACookieIsValidForItsAddressOnly) {
  CookieJar jar{kStart};
  const Cookie cookie = jar.make(kAddress, kStart);
  EXPECT_EQ(jar.make(kAddress, kStart), cookie);
  EXPECT_TRUE(jar.is_valid(cookie, kAddress, kStart));
  EXPECT_FALSE(jar.is_valid(cookie, as_bytes("::ffff:127.0.0.1 8889"), kStart));
  EXPECT_FALSE(jar.is_valid(Cookie{}, kAddress, kStart));
  for (std::size_t bit = 0; bit < cookie.size() * 8; ++bit) {
    Cookie changed = cookie;
    changed[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(jar.is_valid(changed, kAddress, kStart)) << bit;
  }
}

TEST(CookieJar, AnotherJarMakesOtherCookies) {
  CookieJar one{kStart};
  CookieJar other{kStart};
  EXPECT_FALSE(other.is_valid(one.make(kAddress, kStart), kAddress, kStart));
}

TEST(CookieJar, ACookieIsValidForOneRotationAfterItsSecret) {
  CookieJar jar{kStart};
  const Cookie early = jar.make(kAddress, kStart);
  const Cookie late = jar.make(kAddress, kStart + 120s - 1us);
  EXPECT_EQ(early, late);
  EXPECT_NE(jar.make(kAddress, kStart + 120s), early);
  EXPECT_TRUE(jar.is_valid(early, kAddress, kStart + 120s));
  EXPECT_TRUE(jar.is_valid(early, kAddress, kStart + 240s - 1us));
  EXPECT_FALSE(jar.is_valid(early, kAddress, kStart + 240s));
}

// No call came for a long time, so the secrets were not rotated in between.
TEST(CookieJar, NoOldCookieIsValidAfterALongSilence) {
  for (const auto silence : {240s, 241s, 360s, 86400s}) {
    CookieJar jar{kStart};
    const Cookie cookie = jar.make(kAddress, kStart);
    EXPECT_FALSE(jar.is_valid(cookie, kAddress, kStart + silence));
    const Cookie fresh = jar.make(kAddress, kStart + silence);
    EXPECT_TRUE(jar.is_valid(fresh, kAddress, kStart + silence + 119s));
    EXPECT_FALSE(jar.is_valid(fresh, kAddress, kStart + silence + 240s));
  }
}

TEST(CookieJar, LateRotationsDoNotShiftTheSchedule) {
  CookieJar jar{kStart};
  (void)jar.make(kAddress, kStart + 179s);  // a late rotation
  const Cookie cookie = jar.make(kAddress, kStart + 239s);
  EXPECT_NE(jar.make(kAddress, kStart + 240s), cookie);
  (void)jar.make(kAddress, kStart + 1000s);  // the rotation of 960 s
  const Cookie later = jar.make(kAddress, kStart + 1079s);
  EXPECT_NE(jar.make(kAddress, kStart + 1080s), later);
}

}  // namespace
}  // namespace chatd::crypto
