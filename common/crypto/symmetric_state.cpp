// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/symmetric_state.hpp"

#include <algorithm>
#include <array>

#include "common/crypto/aead.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

namespace {

// Noise's HKDF (section 4.3), with `count` outputs.
template <std::size_t count>
std::array<SecretKey, count> derive(const SecretKey& chaining_key, Bytes material) {
  std::array<std::byte, count * sizeof(Key)> out{};
  hkdf(chaining_key.bytes(), material, {}, out);
  std::array<SecretKey, count> keys;
  for (std::size_t at = 0; at < count; ++at) {
    std::ranges::copy(std::span{out}.subspan(at * sizeof(Key), sizeof(Key)),
                      keys[at].bytes().begin());
  }
  wipe(out);
  return keys;
}

}  // namespace

SymmetricState::SymmetricState(std::string_view protocol_name) {
  const Bytes name = std::as_bytes(std::span{protocol_name});
  if (name.size() <= hash_.size()) {
    std::ranges::copy(name, hash_.begin());
  } else {
    hash_ = sha256({name});
  }
  chaining_key_ = SecretKey{hash_};
}

void SymmetricState::mix_key(Bytes material) {
  const auto keys = derive<2>(chaining_key_, material);
  chaining_key_ = keys[0];
  key_ = keys[1];
  has_key_ = true;
  nonce_ = 0;
}

void SymmetricState::mix_hash(Bytes data) { hash_ = sha256({hash_, data}); }

void SymmetricState::mix_key_and_hash(Bytes material) {
  const auto keys = derive<3>(chaining_key_, material);
  chaining_key_ = keys[0];
  mix_hash(keys[1].bytes());
  key_ = keys[2];
  has_key_ = true;
  nonce_ = 0;
}

std::size_t SymmetricState::tag_bytes() const noexcept { return has_key_ ? kTagBytes : 0; }

void SymmetricState::encrypt_and_hash(Bytes plain, std::span<std::byte> out) {
  if (has_key_) {
    Aead aead;
    aead.set_key(key_.bytes());
    aead.seal(nonce_++, hash_, plain, out.data());
  } else {
    std::ranges::copy(plain, out.begin());
  }
  mix_hash(out);
}

bool SymmetricState::decrypt_and_hash(Bytes data, std::span<std::byte> out) {
  if (has_key_) {
    Aead aead;
    aead.set_key(key_.bytes());
    if (!aead.open(nonce_, hash_, data, out.data())) return false;
    ++nonce_;
  } else {
    std::ranges::copy(data, out.begin());
  }
  mix_hash(data);
  return true;
}

SymmetricState::Pair SymmetricState::split() const {
  const auto keys = derive<2>(chaining_key_, {});
  return {.first = keys[0], .second = keys[1]};
}

}  // namespace chatd::crypto
