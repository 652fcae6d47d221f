// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/aead.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "common/crypto/must.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

namespace {

using Nonce = std::array<unsigned char, 12>;

// Fetched once: a fetch in every call halves the speed of small packets.
const EVP_CIPHER* cipher() {
  static const EVP_CIPHER* const aes = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  must(aes != nullptr);
  return aes;
}

Nonce nonce_of(std::uint64_t counter) noexcept {
  Nonce nonce{};
  for (std::size_t at = nonce.size(); counter != 0; counter >>= 8U) {
    nonce[--at] = static_cast<unsigned char>(counter);
  }
  return nonce;
}

unsigned char* raw(std::byte* bytes) noexcept { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes);
}

// The length as the library wants it, an int; no input is longer than a datagram. An empty input
// must not be given to the library: a null output means "this is additional data".
int length(std::span<const std::byte> bytes) noexcept { return static_cast<int>(bytes.size()); }

}  // namespace

void Aead::Free::operator()(evp_cipher_ctx_st* context) const noexcept {
  EVP_CIPHER_CTX_free(context);
}

Aead::Aead() : context_{EVP_CIPHER_CTX_new()} {
  must(context_ && EVP_EncryptInit_ex2(context_.get(), cipher(), nullptr, nullptr, nullptr) == 1);
}

void Aead::set_key(const Key& key) {
  must(EVP_EncryptInit_ex2(context_.get(), nullptr, raw(key.data()), nullptr, nullptr) == 1);
}

void Aead::seal(std::uint64_t counter, std::span<const std::byte> aad,
                std::span<const std::byte> plain, std::byte* out) {
  EVP_CIPHER_CTX* const context = context_.get();
  const Nonce nonce = nonce_of(counter);
  std::byte* const tag = out + plain.size();
  int size = 0;
  must(EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1);
  must(aad.empty() ||
       EVP_EncryptUpdate(context, nullptr, &size, raw(aad.data()), length(aad)) == 1);
  must(plain.empty() ||
       EVP_EncryptUpdate(context, raw(out), &size, raw(plain.data()), length(plain)) == 1);
  must(EVP_EncryptFinal_ex(context, raw(tag), &size) == 1);
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1);
}

bool Aead::open(std::uint64_t counter, std::span<const std::byte> aad,
                std::span<const std::byte> sealed, std::byte* out) {
  if (sealed.size() < kTagBytes) return false;
  EVP_CIPHER_CTX* const context = context_.get();
  const Nonce nonce = nonce_of(counter);
  const auto body = sealed.first(sealed.size() - kTagBytes);
  std::array<std::byte, kTagBytes> tag{};
  std::ranges::copy(sealed.last(kTagBytes), tag.begin());
  int size = 0;
  must(EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.data(), nullptr) == 1);
  must(aad.empty() ||
       EVP_DecryptUpdate(context, nullptr, &size, raw(aad.data()), length(aad)) == 1);
  must(body.empty() ||
       EVP_DecryptUpdate(context, raw(out), &size, raw(body.data()), length(body)) == 1);
  must(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1);
  std::array<unsigned char, kTagBytes> nothing{};  // of the last block of a stream cipher
  if (EVP_DecryptFinal_ex(context, nothing.data(), &size) == 1) return true;
  wipe({out, body.size()});  // not authenticated: the caller must not see these bytes
  return false;
}

}  // namespace chatd::crypto
