// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/certificate.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <span>

#include "common/crypto/base64.hpp"

namespace chatd::crypto {

namespace {

constexpr std::byte kVersion{1};
constexpr std::uint64_t kLastSecond = kMaxSerial;

void append(std::vector<std::byte>& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

static_assert(std::endian::native == std::endian::little, "the shape is little-endian");
void append(std::vector<std::byte>& out, std::uint64_t number) {
  append(out, std::as_bytes(std::span{&number, 1}));
}

// Takes bytes from the front. The caller has checked the size.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_{bytes} {}
  Bytes take(std::size_t size) {
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  void take_to(std::span<std::byte> out) { std::ranges::copy(take(out.size()), out.begin()); }
  std::uint64_t take_number() {
    std::uint64_t number = 0;
    take_to(std::as_writable_bytes(std::span{&number, 1}));
    return number;
  }
  [[nodiscard]] std::size_t size() const { return rest_.size(); }

 private:
  Bytes rest_;
};

// The bytes that the identity signs.
std::vector<std::byte> signed_bytes(const Certificate& certificate) {
  std::vector<std::byte> bytes;
  append(bytes, std::as_bytes(std::span{kCertificateLabel}));
  const std::vector<std::byte> whole = encode(certificate);
  append(bytes, Bytes{whole}.first(whole.size() - certificate.signature.size()));
  return bytes;
}

}  // namespace

std::vector<std::byte> encode(const Certificate& certificate) {
  std::vector<std::byte> bytes{kVersion};
  append(bytes, certificate.identity);
  append(bytes, certificate.key);
  append(bytes, certificate.serial);
  append(bytes, certificate.end);
  const std::size_t added = std::min(certificate.added.size(), kMaxAdded);
  bytes.push_back(static_cast<std::byte>(added));
  append(bytes, Bytes{certificate.added}.first(added));
  append(bytes, certificate.signature);
  return bytes;
}

std::optional<Certificate> decode_certificate(Bytes bytes) {
  if (bytes.size() < kMinCertificateBytes || bytes.size() > kMaxCertificateBytes) {
    return std::nullopt;
  }
  Reader in{bytes};
  if (in.take(1)[0] != kVersion) return std::nullopt;
  Certificate certificate;
  in.take_to(certificate.identity);
  in.take_to(certificate.key);
  certificate.serial = in.take_number();
  certificate.end = in.take_number();
  const auto added = std::to_integer<std::size_t>(in.take(1)[0]);
  if (in.size() != added + certificate.signature.size() || certificate.end > kLastSecond ||
      certificate.serial > kMaxSerial) {
    return std::nullopt;
  }
  const Bytes text = in.take(added);
  certificate.added.assign(text.begin(), text.end());
  in.take_to(certificate.signature);
  return certificate;
}

Result<> sign_certificate(Certificate& certificate, const SecretKey& identity) {
  const auto key = signing_key_of(identity);
  if (!key) return fail(key.error());
  certificate.identity = *key;
  const auto signature = sign(identity, signed_bytes(certificate));
  if (!signature) return fail(signature.error());
  certificate.signature = *signature;
  return {};
}

bool is_signed(const Certificate& certificate) {
  return is_signed(certificate.identity, signed_bytes(certificate), certificate.signature);
}

std::string to_text(const Certificate& certificate) { return to_base64(encode(certificate)); }

std::optional<Certificate> certificate_of(std::string_view text) {
  const auto bytes = bytes_from_base64(text, kMaxCertificateBytes);
  return bytes ? decode_certificate(*bytes) : std::nullopt;
}

bool is_over(const Certificate& certificate, WallTime now) noexcept {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  return seconds > 0 && static_cast<std::uint64_t>(seconds) > certificate.end;
}

std::string day_of_end(const Certificate& certificate) {
  const auto seconds = std::chrono::seconds{std::min(certificate.end, kLastSecond)};
  return to_rfc3339(WallTime{seconds}).substr(0, std::string_view{"2027-11-30"}.size());
}

}  // namespace chatd::crypto
