// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/invitation_code.hpp"

#include <span>

#include "common/crypto/random.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr unsigned kBitsOfDigit = 5;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kSecretDigits = InvitationCode::kSecretBytes * 8 / kBitsOfDigit;
constexpr std::size_t kCheckDigits = InvitationCode::kCheckBits / kBitsOfDigit;
constexpr std::size_t kCodeDigits = kSecretDigits + kCheckDigits;
static_assert(kCodeDigits + kCodeDigits / kGroup - 1 == InvitationCode::kTextBytes);

constexpr std::string_view kCheckLabel = "chatd invitation check";
constexpr std::string_view kHashLabel = "chatd invitation";

using Digits = std::array<std::uint8_t, kCodeDigits>;

Bytes label_bytes(std::string_view text) { return std::as_bytes(std::span{text}); }

std::optional<std::uint8_t> digit_of(char typed) {
  const char upper = typed >= 'a' && typed <= 'z' ? static_cast<char>(typed - 'a' + 'A') : typed;
  if (upper == 'I' || upper == 'L') return std::uint8_t{1};
  if (upper == 'O') return std::uint8_t{0};
  const std::size_t at = kDigits.find(upper);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(at);
}

std::optional<Digits> read_digits(std::string_view typed) {
  Digits digits{};
  std::size_t count = 0;
  for (const char character : typed) {
    if (character == '-' || character == ' ' || character == '\t') continue;
    const auto digit = digit_of(character);
    if (!digit || count == digits.size()) return std::nullopt;
    digits[count++] = *digit;
  }
  return count == digits.size() ? std::optional{digits} : std::nullopt;
}

unsigned bit_of_secret(const InvitationCode::Secret& secret, std::size_t bit) {
  return std::to_integer<unsigned>(secret[bit / 8] >> (7 - bit % 8)) & 1U;
}

std::uint64_t check_of(const InvitationCode::Secret& secret, const Hash& server) {
  const Hash hash = hmac_sha256(secret, {label_bytes(kCheckLabel), server});
  std::uint64_t check = 0;
  for (std::size_t i = 0; i < sizeof check; ++i) {
    check = check << 8U | std::to_integer<std::uint64_t>(hash[i]);
  }
  return check >> (64 - InvitationCode::kCheckBits);
}

}  // namespace

InvitationCode::~InvitationCode() { wipe(secret_); }

InvitationCode InvitationCode::make(const Hash& server) {
  Secret secret{};
  fill_random(secret);
  const InvitationCode code{secret, check_of(secret, server)};
  wipe(secret);
  return code;
}

std::optional<InvitationCode> InvitationCode::read(std::string_view typed) {
  auto digits = read_digits(typed);
  if (!digits) return std::nullopt;
  Secret secret{};
  for (std::size_t bit = 0; bit < kSecretDigits * kBitsOfDigit; ++bit) {
    const unsigned digit = (*digits)[bit / kBitsOfDigit];
    const unsigned value = digit >> (kBitsOfDigit - 1 - bit % kBitsOfDigit) & 1U;
    secret[bit / 8] |= static_cast<std::byte>(value << (7 - bit % 8));
  }
  std::uint64_t check = 0;
  for (const std::uint8_t digit : std::span{*digits}.subspan(kSecretDigits)) {
    check = check << kBitsOfDigit | digit;
  }
  InvitationCode code{secret, check};
  wipe(secret);
  wipe(std::as_writable_bytes(std::span{*digits}));
  return code;
}

bool InvitationCode::is_of(const Hash& server) const { return check_of(secret_, server) == check_; }

InvitationCode::Text InvitationCode::text() const {
  Text text{};
  std::size_t at = 0;
  for (std::size_t digit = 0; digit < kCodeDigits; ++digit) {
    if (digit != 0 && digit % kGroup == 0) text[at++] = '-';
    unsigned value = 0;
    if (digit < kSecretDigits) {
      for (std::size_t bit = digit * kBitsOfDigit; bit < (digit + 1) * kBitsOfDigit; ++bit) {
        value = value << 1U | bit_of_secret(secret_, bit);
      }
    } else {
      const std::size_t behind = (kCodeDigits - 1 - digit) * kBitsOfDigit;
      value = static_cast<unsigned>(check_ >> behind) & 31U;
    }
    text[at++] = kDigits[value];
  }
  return text;
}

Hash hash_of_invitation(Bytes secret) { return sha256({label_bytes(kHashLabel), secret}); }

}  // namespace chatd::crypto
