// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_key.hpp"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/control/control_message.hpp"
#include "tests/support/server_proof.hpp"

namespace chatd::gateway {
namespace {

using ::testing::HasSubstr;

class ControlKeyTest : public ::testing::Test {
 protected:
  ControlKeyTest() {
    inheritance_.supervisor = &ends_.first;
    inheritance_.certificate = test::certificate(1, 5);
  }
  // The answer comes in answer_.
  void change(std::string_view certificate) {
    key_.change(certificate,
                [this](const control::Answer<wire::KeyReport>& answer) { answer_ = answer; });
  }
  std::optional<sys::ToSupervisor> asked() {
    auto message = sys::receive_from_child(ends_.second);
    return message ? std::move(*message) : std::nullopt;
  }
  std::pair<process::PipeEnd, process::PipeEnd> ends_ = process::make_pipe().value();
  Inheritance inheritance_{};
  ControlKey key_{inheritance_};
  std::optional<control::Answer<wire::KeyReport>> answer_;
};

TEST_F(ControlKeyTest, ReportsTheIdentityAndItsCertificate) {
  inheritance_.has_identity = true;
  const auto report = key_.report();
  EXPECT_EQ(report.fingerprint, crypto::fingerprint(test::identity(1)));
  EXPECT_EQ(report.key, crypto::fingerprint(test::key(100)));
  EXPECT_EQ(report.serial, 5U);
  EXPECT_EQ(report.end, "2100-01-01");
  EXPECT_TRUE(report.has_identity);
}

TEST_F(ControlKeyTest, ARenewalIsAskedAndAnsweredWithTheNewCertificate) {
  change({});
  const auto message = asked();
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<sys::AskKey>(*message).certificate, "");
  EXPECT_FALSE(answer_);
  key_.on_answer({.why = {}, .request = {}, .certificate = to_text(test::certificate(1, 6, 101))});
  ASSERT_TRUE(answer_ && *answer_);
  EXPECT_EQ((*answer_)->serial, 6U);
  EXPECT_EQ((*answer_)->key, crypto::fingerprint(test::key(101)));
  EXPECT_EQ((*answer_)->request, "");
}

TEST_F(ControlKeyTest, ARequestIsAnAnswer) {
  change({});
  key_.on_answer({.why = {}, .request = "sign me", .certificate = {}});
  ASSERT_TRUE(answer_ && *answer_);
  EXPECT_EQ((*answer_)->serial, 5U);
  EXPECT_EQ((*answer_)->request, "sign me");
}

TEST_F(ControlKeyTest, ACertificateIsPassedOnAndARefusalIsAnswered) {
  change("abc");
  EXPECT_EQ(std::get<sys::AskKey>(asked().value()).certificate, "abc");
  key_.on_answer({.why = "it is not newer", .request = {}, .certificate = {}});
  ASSERT_TRUE(answer_ && !*answer_);
  EXPECT_EQ(answer_->error().code, wire::code::kFailed);
  EXPECT_EQ(answer_->error().message, "it is not newer");
}

TEST_F(ControlKeyTest, OneChangeIsMadeAtATime) {
  change({});
  change({});
  ASSERT_TRUE(answer_ && !*answer_);
  EXPECT_EQ(answer_->error().code, wire::code::kBusy);
  (void)asked();
  EXPECT_FALSE(asked());
}

TEST_F(ControlKeyTest, TheEndOfTheCertificateIsAProblemAMonthBefore) {
  const WallTime end{std::chrono::seconds{test::kFarEnd}};
  EXPECT_FALSE(key_.problem(end - std::chrono::days{31}));
  EXPECT_THAT(key_.problem(end - std::chrono::days{29}).value(), HasSubstr("ends on 2100-01-01"));
  EXPECT_THAT(key_.problem(end + std::chrono::days{1}).value(), HasSubstr("ended on 2100-01-01"));
}

}  // namespace
}  // namespace chatd::gateway
