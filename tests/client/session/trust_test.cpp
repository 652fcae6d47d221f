// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/trust.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/crypto/base64.hpp"
#include "tests/support/server_proof.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class Trust : public ::testing::Test {
 protected:
  [[nodiscard]] Verdict judge(int seed, const Demands& demands = {}) const {
    return judge_shown(test::certificate(seed), demands);
  }
  [[nodiscard]] Verdict judge_shown(const crypto::Certificate& certificate,
                                    const Demands& demands = {},
                                    WallTime now = WallTime{std::chrono::hours{1}}) const {
    const test::Shown shown{certificate};
    return client::judge(known_, "host:8888", shown.proof(), demands, now, wire::Language::en);
  }
  static std::string fingerprint(int seed) { return crypto::fingerprint(test::identity(seed)); }
  test::TempDir directory_;
  KnownServers known_{directory_ / "known_servers"};
};

TEST_F(Trust, IsGivenAtFirstContactWithAReport) {
  const Verdict verdict = judge(1);
  EXPECT_TRUE(verdict.trusted);
  ASSERT_TRUE(verdict.report);
  const auto& contact = std::get<FirstContact>(*verdict.report);
  EXPECT_TRUE(contact.fingerprint.starts_with("SHA256:"));
  EXPECT_EQ(contact.file, known_.file());
  EXPECT_FALSE(contact.confirmed);
}

TEST_F(Trust, NeedsNoReportForAKnownKey) {
  (void)judge(1);
  const Verdict verdict = judge(1);
  EXPECT_TRUE(verdict.trusted);
  EXPECT_FALSE(verdict.report);
}

TEST_F(Trust, IsNotGivenToAChangedKeyAndTheMessageHasTheLine) {
  (void)judge(1);
  const Verdict verdict = judge(2);
  EXPECT_FALSE(verdict.trusted);
  EXPECT_THAT(verdict.why_not, HasSubstr("line 1 of " + known_.file()));
  EXPECT_THAT(verdict.why_not, HasSubstr("SHA256:"));
  EXPECT_TRUE(judge(1).trusted) << "the known key is still trusted";
}

TEST_F(Trust, IsNotGivenIfTheFileCannotBeRead) {
  std::filesystem::create_directories(known_.file());
  const Verdict verdict = judge(1);
  EXPECT_FALSE(verdict.trusted);
  EXPECT_FALSE(verdict.why_not.empty());
}

TEST_F(Trust, IsGivenWithANoticeIfTheKeyCannotBeStored) {
  test::write_file(directory_ / "file", "");
  const KnownServers nowhere{directory_ / "file/known_servers"};
  const test::Shown shown{test::certificate(1)};
  const Verdict verdict =
      client::judge(nowhere, "host:8888", shown.proof(), {}, WallTime{}, wire::Language::en);
  EXPECT_TRUE(verdict.trusted);
  ASSERT_TRUE(verdict.report);
  EXPECT_TRUE(std::holds_alternative<Notice>(*verdict.report));
}

TEST_F(Trust, IsNotGivenToANewKeyIfAPasswordWillBeUsed) {
  const Verdict verdict = judge(1, {.has_password = true});
  EXPECT_FALSE(verdict.trusted);
  EXPECT_FALSE(verdict.report);
  EXPECT_EQ(verdict.outcome, Outcome::unconfirmed_key);
  EXPECT_EQ(verdict.why_not, fingerprint(1));
  EXPECT_FALSE(std::filesystem::exists(known_.file())) << "nor is it kept";
}

TEST_F(Trust, IsGivenToAKnownOrConfirmedKeyIfAPasswordWillBeUsed) {
  EXPECT_TRUE(judge(1, {.fingerprint = fingerprint(1), .has_password = true}).trusted);
  const Verdict known = judge(1, {.has_password = true});
  EXPECT_TRUE(known.trusted);
  EXPECT_FALSE(known.report);
  EXPECT_EQ(judge(2, {.has_password = true}).outcome, Outcome::changed_key);
}

TEST_F(Trust, IsNotGivenToANewKeyThatMustBeConfirmed) {
  const Verdict verdict = judge(1, {.is_known = true});
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.outcome, Outcome::unconfirmed_key);
  EXPECT_EQ(verdict.why_not, fingerprint(1));
  EXPECT_FALSE(std::filesystem::exists(known_.file()));
  EXPECT_TRUE(judge(1, {.fingerprint = fingerprint(1), .is_known = true}).trusted);
  EXPECT_TRUE(judge(1, {.is_known = true}).trusted) << "it is known now";
}

TEST_F(Trust, NeedsTheUsersFingerprintAlsoForAKnownServer) {
  ASSERT_TRUE(judge(1).trusted);
  const Verdict verdict = judge(1, {.fingerprint = fingerprint(2)});
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.outcome, Outcome::changed_key);
  EXPECT_THAT(verdict.why_not, HasSubstr("it is " + fingerprint(1)));
  EXPECT_THAT(verdict.why_not, HasSubstr(fingerprint(2)));
  EXPECT_TRUE(judge(1, {.fingerprint = fingerprint(1)}).trusted);
}

TEST_F(Trust, IsNotGivenToAChangedKeyWithTheUsersFingerprint) {
  ASSERT_TRUE(judge(1).trusted);
  EXPECT_FALSE(judge(2, {.fingerprint = fingerprint(2)}).trusted);
}

// A server that was known before servers had an identity.
class TrustOfAFormerKey : public Trust {
 protected:
  TrustOfAFormerKey() {
    test::write_file(known_.file(),
                     "host:8888 " + crypto::to_base64(test::key(100)) + "\nother:1 x\n");
  }
};

TEST_F(TrustOfAFormerKey, IsReplacedByTrustOfTheIdentityThatSignedForTheKey) {
  const Verdict verdict = judge(1);
  EXPECT_TRUE(verdict.trusted);
  ASSERT_TRUE(verdict.report);
  EXPECT_THAT(std::get<Notice>(*verdict.report).text, HasSubstr(fingerprint(1)));
  EXPECT_EQ(test::file_text(known_.file()),
            "host:8888 " + crypto::to_base64(test::identity(1)) + " 1\nother:1 x\n");
  EXPECT_FALSE(judge(1).report) << "it is said once";
  EXPECT_EQ(judge_shown(test::certificate(2)).outcome, Outcome::changed_key);
}

TEST_F(TrustOfAFormerKey, IsNotGivenToTheIdentityOfAnotherKey) {
  const Verdict verdict = judge_shown(test::certificate(1, 1, 101));
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.outcome, Outcome::changed_key);
  EXPECT_THAT(test::file_text(known_.file()), HasSubstr(crypto::to_base64(test::key(100))));
}

TEST_F(TrustOfAFormerKey, IsGivenWithANoticeIfTheIdentityCannotBeStored) {
  std::filesystem::create_directories(known_.file() + ".new");
  const Verdict verdict = judge(1);
  EXPECT_TRUE(verdict.trusted);
  EXPECT_TRUE(verdict.report);
}

TEST_F(Trust, IsGivenToARenewedKeyWithoutAReport) {
  ASSERT_TRUE(judge(1).trusted);
  const Verdict verdict = judge_shown(test::certificate(1, 2, 101));
  EXPECT_TRUE(verdict.trusted);
  EXPECT_FALSE(verdict.report);
  EXPECT_EQ(verdict.identity, test::identity(1));
  EXPECT_EQ(test::file_text(known_.file()),
            "host:8888 " + crypto::to_base64(test::identity(1)) + " 2\n");
}

TEST_F(Trust, IsNotGivenToAnOlderCertificateOfTheIdentity) {
  ASSERT_TRUE(judge_shown(test::certificate(1, 5)).trusted);
  const Verdict verdict = judge_shown(test::certificate(1, 4, 101));
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.outcome, Outcome::bad_certificate);
  EXPECT_THAT(verdict.why_not, HasSubstr("line 1 of " + known_.file()));
  EXPECT_TRUE(judge_shown(test::certificate(1, 5)).trusted);
}

TEST_F(Trust, ASerialThatCannotBeStoredIsANotice) {
  ASSERT_TRUE(judge_shown(test::certificate(1, 5)).trusted);
  std::filesystem::create_directories(known_.file() + ".new");
  const Verdict verdict = judge_shown(test::certificate(1, 6));
  EXPECT_TRUE(verdict.trusted);
  EXPECT_TRUE(verdict.report);
}

TEST_F(Trust, IsNotGivenWithoutAValidCertificate) {
  crypto::Certificate forged = test::certificate(1);
  forged.serial = 7;
  const Verdict verdict = judge_shown(forged);
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.outcome, Outcome::bad_certificate);
  EXPECT_FALSE(std::filesystem::exists(known_.file()));
}

TEST_F(Trust, IsNotGivenAfterTheEndOfTheCertificate) {
  ASSERT_TRUE(judge(1).trusted);
  const WallTime late{std::chrono::seconds{test::kFarEnd} + std::chrono::hours{25}};
  EXPECT_EQ(judge_shown(test::certificate(1), {}, late).outcome, Outcome::bad_certificate);
}

TEST_F(Trust, ACodeOfTheServerConfirmsItsKey) {
  const auto code = crypto::InvitationCode::make(crypto::sha256({test::certificate(1).identity}));
  const Verdict verdict = judge(1, {.is_known = true, .code = &code});
  EXPECT_TRUE(verdict.trusted);
  ASSERT_TRUE(verdict.report);
  EXPECT_TRUE(std::get<FirstContact>(*verdict.report).confirmed);
  EXPECT_TRUE(judge(1, {.code = &code}).trusted);
}

TEST_F(Trust, ACodeOfAnotherServerIsNotForThisOneAndItsKeyIsNotKept) {
  const auto code = crypto::InvitationCode::make(crypto::sha256({test::certificate(2).identity}));
  const Verdict verdict = judge(1, {.code = &code});
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.outcome, Outcome::wrong_code);
  EXPECT_EQ(judge(1, {.is_known = true}).outcome, Outcome::unconfirmed_key);
  ASSERT_TRUE(judge(1).trusted);
  EXPECT_EQ(judge(1, {.code = &code}).outcome, Outcome::wrong_code);
}

TEST_F(Trust, ACodeDoesNotReplaceAKnownKey) {
  ASSERT_TRUE(judge(1).trusted);
  const auto code = crypto::InvitationCode::make(crypto::sha256({test::certificate(2).identity}));
  EXPECT_EQ(judge(2, {.code = &code}).outcome, Outcome::changed_key);
}

}  // namespace
}  // namespace chatd::client
