// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/certificate.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace chatd::crypto {
namespace {

class CertificateTest : public ::testing::Test {
 protected:
  CertificateTest() {
    certificate_.key.fill(std::byte{7});
    certificate_.serial = 0x0102;
    certificate_.end = 1'795'996'800;  // 2026-11-30
    EXPECT_TRUE(sign_certificate(certificate_, identity_));
  }
  SecretKey identity_{Key{std::byte{3}}};
  Certificate certificate_;
};

TEST_F(CertificateTest, IsReadAsItWasWritten) {
  const auto bytes = encode(certificate_);
  EXPECT_EQ(bytes.size(), kMinCertificateBytes);
  EXPECT_EQ(bytes[65], std::byte{2}) << "the serial is little-endian";
  EXPECT_EQ(decode_certificate(bytes), certificate_);
  EXPECT_TRUE(is_signed(certificate_));
  EXPECT_EQ(certificate_.identity, signing_key_of(identity_).value());
  EXPECT_EQ(certificate_of(to_text(certificate_)), certificate_);
}

TEST_F(CertificateTest, FieldsOfALaterVersionAreReadAndSigned) {
  certificate_.added.assign(kMaxAdded, std::byte{1});
  EXPECT_FALSE(is_signed(certificate_)) << "it is signed, too";
  ASSERT_TRUE(sign_certificate(certificate_, identity_));
  const auto bytes = encode(certificate_);
  EXPECT_EQ(bytes.size(), kMaxCertificateBytes);
  const auto read = decode_certificate(bytes);
  ASSERT_EQ(read, certificate_);
  EXPECT_TRUE(is_signed(*read));
}

TEST_F(CertificateTest, OfAnotherSizeOrVersionIsNotRead) {
  auto bytes = encode(certificate_);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_certificate(Bytes{bytes}.first(size))) << size;
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_certificate(longer));
  longer.resize(65'535);
  EXPECT_FALSE(decode_certificate(longer));
  bytes[0] = std::byte{2};
  EXPECT_FALSE(decode_certificate(bytes));
}

TEST_F(CertificateTest, WithAnEndThatNoCalendarHasIsNotRead) {
  certificate_.end = 253'402'300'800;
  EXPECT_FALSE(decode_certificate(encode(certificate_)));
  certificate_.end = ~std::uint64_t{0};
  EXPECT_FALSE(decode_certificate(encode(certificate_)));
}

TEST_F(CertificateTest, WithASerialThatIsNoTimeIsNotRead) {
  certificate_.serial = kMaxSerial;
  EXPECT_TRUE(decode_certificate(encode(certificate_)));
  ++certificate_.serial;
  EXPECT_FALSE(decode_certificate(encode(certificate_)));
  certificate_.serial = ~std::uint64_t{0};
  EXPECT_FALSE(decode_certificate(encode(certificate_)));
}

TEST_F(CertificateTest, AnyChangedByteMakesItInvalid) {
  const auto bytes = encode(certificate_);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto changed = bytes;
    changed[i] ^= std::byte{1};
    const auto read = decode_certificate(changed);
    EXPECT_FALSE(read && is_signed(*read)) << i;
  }
}

TEST_F(CertificateTest, ASignatureOfTheSameBytesForAnotherPurposeIsNone) {
  const auto bytes = encode(certificate_);
  certificate_.signature =
      sign(identity_, Bytes{bytes}.first(bytes.size() - sizeof(Signature))).value();
  EXPECT_FALSE(is_signed(certificate_));
}

TEST_F(CertificateTest, IsOverAfterItsEnd) {
  const WallTime end{std::chrono::seconds{certificate_.end}};
  EXPECT_FALSE(is_over(certificate_, end));
  EXPECT_TRUE(is_over(certificate_, end + std::chrono::seconds{1}));
  EXPECT_FALSE(is_over(certificate_, WallTime{} - std::chrono::hours{1}));
  EXPECT_EQ(day_of_end(certificate_), "2026-11-30");
}

TEST_F(CertificateTest, AnotherTextIsNotRead) {
  const std::string text = to_text(certificate_);
  EXPECT_FALSE(certificate_of(""));
  EXPECT_FALSE(certificate_of(text + "\n"));
  EXPECT_FALSE(certificate_of(text.substr(4)));
  EXPECT_FALSE(certificate_of(std::string(100'000, 'A')));
}

}  // namespace
}  // namespace chatd::crypto
