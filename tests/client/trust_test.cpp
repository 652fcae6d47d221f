// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/trust.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;

class Trust : public ::testing::Test {
 protected:
  [[nodiscard]] Verdict judge(int seed) const {
    crypto::PublicKey key{};
    key.fill(static_cast<std::byte>(seed));
    return client::judge(known_, "host:8888", key, wire::Language::en);
  }
  test::TempDir directory_;
  KnownServers known_{directory_ / "known_servers"};
};

TEST_F(Trust, IsGivenAtFirstContactAndSaysSo) {
  const Verdict verdict = judge(1);
  EXPECT_TRUE(verdict.trusted);
  ASSERT_TRUE(verdict.report);
  EXPECT_EQ(verdict.report->kind, Report::Kind::first_contact);
  EXPECT_TRUE(verdict.report->text.starts_with("SHA256:"));
  EXPECT_EQ(verdict.report->event.text, known_.file());
}

TEST_F(Trust, IsSilentForTheKnownKey) {
  (void)judge(1);
  const Verdict verdict = judge(1);
  EXPECT_TRUE(verdict.trusted);
  EXPECT_FALSE(verdict.report);
}

TEST_F(Trust, EndsWithAnotherKeyAndNamesTheLine) {
  (void)judge(1);
  const Verdict verdict = judge(2);
  EXPECT_FALSE(verdict.trusted);
  EXPECT_THAT(verdict.why_not, HasSubstr("line 1 of " + known_.file()));
  EXPECT_THAT(verdict.why_not, HasSubstr("SHA256:"));
  EXPECT_TRUE(judge(1).trusted) << "what was known stays known";
}

TEST_F(Trust, IsNotGivenBecauseTheFileCannotBeRead) {
  std::filesystem::create_directories(known_.file());
  const Verdict verdict = judge(1);
  EXPECT_FALSE(verdict.trusted);
  EXPECT_FALSE(verdict.why_not.empty());
}

TEST_F(Trust, SaysWhenAKeyCannotBeKept) {
  test::write_file(directory_ / "file", "");
  const KnownServers nowhere{directory_ / "file/known_servers"};
  const Verdict verdict = client::judge(nowhere, "host:8888", {}, wire::Language::en);
  EXPECT_TRUE(verdict.trusted);
  ASSERT_TRUE(verdict.report);
  EXPECT_EQ(verdict.report->kind, Report::Kind::notice);
}

}  // namespace
}  // namespace chatd::client
