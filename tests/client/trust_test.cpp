// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/trust.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/key.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class Trust : public ::testing::Test {
 protected:
  [[nodiscard]] Verdict judge(int seed, const Demands& demands = {}) const {
    return client::judge(known_, "host:8888", test::key(seed), demands, wire::Language::en);
  }
  static std::string fingerprint(int seed) { return crypto::fingerprint(test::key(seed)); }
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
  const Verdict verdict = client::judge(nowhere, "host:8888", {}, {}, wire::Language::en);
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

}  // namespace
}  // namespace chatd::client
