// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/certificate_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/server_proof.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class CertificateCheck : public ::testing::Test {
 protected:
  [[nodiscard]] std::string why_not(const ServerProof& proof,
                                    wire::Language language = wire::Language::en) const {
    const auto certificate = check_certificate(proof, now_, language);
    return certificate ? "" : certificate.error();
  }
  test::Shown shown_{test::certificate(1)};
  WallTime now_{std::chrono::seconds{1'796'000'000}};
};

TEST_F(CertificateCheck, TakesWhatTheIdentityHasSignedForTheKeyOfTheHandshake) {
  EXPECT_EQ(why_not(shown_.proof()), "");
  EXPECT_EQ(check_certificate(shown_.proof(), now_, wire::Language::en), test::certificate(1));
}

TEST_F(CertificateCheck, SaysWhatIsWrongWithACertificate) {
  EXPECT_THAT(why_not({.key = shown_.key, .certificate = {}}), HasSubstr("no certificate"));
  auto proof = shown_.proof();
  proof.key = test::key(101);
  EXPECT_THAT(why_not(proof), HasSubstr("for another key"));
  shown_.bytes.back() ^= std::byte{1};
  EXPECT_THAT(why_not(shown_.proof()), HasSubstr("wrong signature"));
}

TEST_F(CertificateCheck, ReadsNeitherASmallerNorALargerCertificate) {
  const auto whole = shown_.bytes;
  shown_.bytes.push_back(std::byte{0});
  EXPECT_THAT(why_not(shown_.proof()), HasSubstr("cannot be read"));
  shown_.bytes.resize(1'000);
  EXPECT_THAT(why_not(shown_.proof()), HasSubstr("cannot be read"));
  shown_.bytes = whole;
  shown_.bytes.pop_back();
  EXPECT_THAT(why_not(shown_.proof()), HasSubstr("cannot be read"));
}

TEST_F(CertificateCheck, AllowsAClockThatIsADayFast) {
  const std::chrono::seconds end{1'796'000'000};
  const test::Shown shown{test::certificate(1, 1, 100, 1'796'000'000)};
  now_ = WallTime{end + std::chrono::hours{24}};
  EXPECT_EQ(why_not(shown.proof()), "");
  now_ += std::chrono::seconds{1};
  const std::string why = why_not(shown.proof());
  EXPECT_THAT(why, HasSubstr("ended on 2026-11-30"));
  EXPECT_THAT(why, HasSubstr("here it is 2026-12-01"));
}

TEST_F(CertificateCheck, SpeaksChinese) {
  EXPECT_THAT(why_not({.key = shown_.key, .certificate = {}}, wire::Language::zh),
              HasSubstr("没有发送证书"));
}

}  // namespace
}  // namespace chatd::client
