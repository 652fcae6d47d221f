// SPDX-License-Identifier: GPL-3.0-or-later
#define OPENSSL_SUPPRESS_DEPRECATED  // for SHA256_*; see below

#include "common/crypto/hash.hpp"

#include <algorithm>

#include <openssl/sha.h>

#include "common/crypto/must.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

namespace {

constexpr std::size_t kBlockBytes = 64;  // of SHA-256
using Block = std::array<std::byte, kBlockBytes>;

// SHA-256 by the deprecated SHA256_* functions. EVP, which OpenSSL 3 recommends, allocates for each
// hash and takes three times as long for a short one; an unauthenticated peer can cause several
// hashes per packet.
class Sha256 {
 public:
  Sha256() { must(SHA256_Init(&state_) == 1); }
  Sha256(const Sha256&) = delete;
  Sha256(Sha256&&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& operator=(Sha256&&) = delete;
  ~Sha256() { wipe(std::as_writable_bytes(std::span{&state_, 1})); }

  void add(Bytes bytes) { must(SHA256_Update(&state_, bytes.data(), bytes.size()) == 1); }
  [[nodiscard]] Hash finish() {
    Hash hash{};
    must(SHA256_Final(reinterpret_cast<unsigned char*>(hash.data()), &state_) == 1);
    return hash;
  }

 private:
  SHA256_CTX state_{};
};

Block padded_key(Bytes key) {
  Block block{};
  if (key.size() > block.size()) {
    std::ranges::copy(sha256({key}), block.begin());
  } else {
    std::ranges::copy(key, block.begin());
  }
  return block;
}

}  // namespace

Hash sha256(std::initializer_list<Bytes> parts) {
  Sha256 sum;
  for (const Bytes part : parts) sum.add(part);
  return sum.finish();
}

// Not OpenSSL's HMAC: that allocates for each key.
Hash hmac_sha256(Bytes key, std::initializer_list<Bytes> parts) {
  Block block = padded_key(key);
  for (std::byte& byte : block) byte ^= std::byte{0x36};
  Sha256 inner;
  inner.add(block);
  for (const Bytes part : parts) inner.add(part);
  Hash inner_hash = inner.finish();
  for (std::byte& byte : block) byte ^= std::byte{0x36} ^ std::byte{0x5c};
  const Hash hash = sha256({block, inner_hash});
  wipe(inner_hash);
  wipe(block);
  return hash;
}

Hash hkdf_extract(Bytes salt, Bytes material) { return hmac_sha256(salt, {material}); }

void hkdf_expand(Bytes key, Bytes info, std::span<std::byte> out) {
  must(out.size() <= 255 * sizeof(Hash));
  Hash hash{};
  Bytes previous;
  for (std::byte number{1}; !out.empty(); number = std::byte(std::to_integer<int>(number) + 1)) {
    hash = hmac_sha256(key, {previous, info, Bytes{&number, 1}});
    previous = hash;
    const std::size_t size = std::min(out.size(), hash.size());
    std::ranges::copy(previous.first(size), out.begin());
    out = out.subspan(size);
  }
  wipe(hash);
}

void hkdf(Bytes salt, Bytes material, Bytes info, std::span<std::byte> out) {
  Hash key = hkdf_extract(salt, material);
  hkdf_expand(key, info, out);
  wipe(key);
}

}  // namespace chatd::crypto
