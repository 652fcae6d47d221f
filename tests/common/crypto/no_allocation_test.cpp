// SPDX-License-Identifier: GPL-3.0-or-later
// The cryptography of a packet must not allocate, neither our code nor the library's. The library's
// allocations are counted by CRYPTO_set_mem_functions().
#include <array>
#include <cstddef>
#include <cstdlib>

#include <gtest/gtest.h>

#include "common/crypto/aead.hpp"
#include "common/crypto/cookie.hpp"
#include "common/crypto/ratchet.hpp"
#include "common/crypto/siphash.hpp"
#include "tests/common/crypto/hex.hpp"
#include "tests/support/allocations.hpp"

// Declared as in <openssl/crypto.h>, which only common/crypto includes.
extern "C" int CRYPTO_set_mem_functions(  // NOLINT(readability-identifier-naming)
    void* (*allocate)(std::size_t, const char*, int),
    void* (*reallocate)(void*, std::size_t, const char*, int),
    void (*release)(void*, const char*, int));

namespace {

using chatd::test::allocations;

void* allocate(std::size_t size, const char*, int) {
  ++allocations();
  return std::malloc(size);
}
void* reallocate(void* memory, std::size_t size, const char*, int) {
  ++allocations();
  return std::realloc(memory, size);
}
void release(void* memory, const char*, int) { std::free(memory); }

// Before main(): the call fails after the library has allocated.
const bool kCounts = CRYPTO_set_mem_functions(&allocate, &reallocate, &release) == 1;

}  // namespace

namespace chatd::crypto {
namespace {

TEST(NoAllocation, ProcessingAPacketDoesNotAllocate) {
  ASSERT_TRUE(kCounts);
  const std::size_t before_context = allocations();
  Aead aead;
  EXPECT_GT(allocations(), before_context) << "allocations are not counted";
  SipHash sip;
  CookieJar jar{MonoTime{}};
  const SecretKey server;
  std::array<std::byte, 1200> packet{};
  Key key{};
  (void)jar.make(packet, MonoTime{});  // the first hash allocates its context

  const std::size_t before = allocations();
  bool right = true;
  for (std::uint64_t counter = 0; counter < 50; ++counter) {
    const auto plain = std::span{packet}.first(packet.size() - kTagBytes);
    aead.set_key(key);
    aead.seal(counter, key, plain, packet.data());
    right = aead.open(counter, key, packet, packet.data()) && right;
    right = !aead.open(counter, key, packet, packet.data()) && right;
    key = next_key(key);
    const auto address = std::span{packet}.first(18);
    right = jar.is_valid(jar.make(address, MonoTime{}), address, MonoTime{}) && right;
    right = sip.of({}, counter, 1) != sip.of({}, counter, 2) && right;
    right = reset_token(server.bytes(), counter) != ResetToken{} && right;
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_TRUE(right);
}

}  // namespace
}  // namespace chatd::crypto
