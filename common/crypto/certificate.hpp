// SPDX-License-Identifier: GPL-3.0-or-later
// certificate.hpp — the certificate of a server: its identity, an Ed25519 key that clients store,
// says which X25519 key the server has now.
//
// Runs in:   chatd (makes and stores it), gateway (sends it), uchat (checks it).
// Shape:     version 1, one byte; identity and key, 32 bytes each; serial and the end, in seconds
//            since 1970, 8 bytes each, little-endian; the size of what later versions add, one
//            byte, and that; the signature, 64 bytes. The identity has signed kCertificateLabel and
//            all that is before the signature.
// Invariant: a certificate has exactly one form. A decoded one is not yet known to be signed.
// See:       chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"
#include "common/crypto/signing.hpp"

namespace chatd::crypto {

// With its zero byte at the end. The identity signs no other text that begins with this label.
inline constexpr std::string_view kCertificateLabel{"chatd certificate\0", 18};
// The fields of later versions, which are signed, and ignored by this version.
inline constexpr std::size_t kMaxAdded = 64;
inline constexpr std::size_t kMinCertificateBytes = 1 + 32 + 32 + 8 + 8 + 1 + 64;
inline constexpr std::size_t kMaxCertificateBytes = kMinCertificateBytes + kMaxAdded;

// A serial is a time, in seconds since 1970: the last one of the year 9999.
inline constexpr std::uint64_t kMaxSerial = 253'402'300'799;

struct Certificate {
  PublicKey identity{};     // Ed25519
  PublicKey key{};          // X25519; the handshake proves it
  std::uint64_t serial{0};  // larger in each certificate of the identity; at most kMaxSerial
  std::uint64_t end{0};     // not valid after it: seconds since 1970
  std::vector<std::byte> added{};
  Signature signature{};  // zeros: it is a request, which is not signed yet

  bool operator==(const Certificate&) const = default;
};

[[nodiscard]] std::vector<std::byte> encode(const Certificate& certificate);
// nullopt: not a certificate, or one of a later version, or bytes follow it.
[[nodiscard]] std::optional<Certificate> decode_certificate(Bytes bytes);

// Sets identity and signature. `identity`: the secret half.
[[nodiscard]] Result<> sign_certificate(Certificate& certificate, const SecretKey& identity);
[[nodiscard]] bool is_signed(const Certificate& certificate);

// As text: one line of base64, without the newline.
[[nodiscard]] std::string to_text(const Certificate& certificate);
[[nodiscard]] std::optional<Certificate> certificate_of(std::string_view text);

// True if the end has passed.
[[nodiscard]] bool is_over(const Certificate& certificate, WallTime now) noexcept;
// "2027-11-30", in UTC.
[[nodiscard]] std::string day_of_end(const Certificate& certificate);

}  // namespace chatd::crypto
