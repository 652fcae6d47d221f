// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/base64.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "common/crypto/must.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

std::string to_base64(std::span<const std::byte> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  // EVP_EncodeBlock() writes a zero byte behind the text; std::string has one there.
  const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  must(written == static_cast<int>(text.size()));
  return text;
}

std::optional<SecretKey> key_from_base64(std::string_view text) {
  if (text.size() != kKeyTextBytes) return std::nullopt;
  // The decoder writes a zero byte for the padding.
  std::array<std::byte, kKeyTextBytes / 4 * 3> decoded{};
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  SecretKey key;
  std::copy_n(decoded.begin(), key.bytes().size(), key.bytes().begin());
  wipe(decoded);
  if (size != static_cast<int>(decoded.size())) return std::nullopt;
  // The decoder ignores white space and accepts several texts for the same bytes.
  std::string again = to_base64(key.bytes());
  const bool same = again == text;
  wipe(std::as_writable_bytes(std::span{again}));
  if (!same) return std::nullopt;
  return key;
}

std::optional<std::vector<std::byte>> bytes_from_base64(std::string_view text, std::size_t most) {
  if (text.size() % 4 != 0 || text.size() > (most + 2) / 3 * 4) return std::nullopt;
  std::vector<std::byte> bytes(text.size() / 4 * 3);
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size())) != static_cast<int>(bytes.size())) {
    return std::nullopt;
  }
  // The decoder writes a zero byte for each '=' at the end.
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  bytes.resize(bytes.size() - padding);
  if (bytes.size() > most || to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace chatd::crypto
