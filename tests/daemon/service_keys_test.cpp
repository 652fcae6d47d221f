// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/service_keys.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/crypto/password.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ServiceKeysTest : public ::testing::Test {
 protected:
  ServiceKeysTest() {
    service_.state_directory = directory_.path();
    service_.server = load_server_keys(directory_.path(), wall_now()).value();
    before_ = service_.server;
  }
  sys::KeyAnswer ask(const std::string& certificate = {}) {
    return change_key(service_, {.certificate = certificate}, service_.config);
  }
  void move_identity_away() {
    std::filesystem::rename(directory_ / "identity.key", elsewhere_ / "identity.key");
  }
  test::TempDir directory_;
  test::TempDir elsewhere_;
  Service service_;
  ServerKeys before_;
};

TEST_F(ServiceKeysTest, ARenewalIsOnDiskAndInUse) {
  const auto answer = ask();
  EXPECT_THAT(answer.why, IsEmpty());
  EXPECT_THAT(answer.request, IsEmpty());
  EXPECT_EQ(crypto::certificate_of(answer.certificate), service_.server.certificate);
  EXPECT_NE(service_.server.key.public_key, before_.key.public_key);
  EXPECT_EQ(service_.server.persons.bytes(), before_.persons.bytes());
  EXPECT_EQ(load_server_keys(directory_.path(), wall_now())->key.public_key,
            service_.server.key.public_key);
}

TEST_F(ServiceKeysTest, ARenewalCalculatesThePasswordsKeyForTheNewKey) {
  test::write_file(directory_ / "password", "open sesame\n");
  std::filesystem::permissions(directory_ / "password", std::filesystem::perms{0600});
  service_.config.room.password_file = directory_ / "password";
  EXPECT_THAT(ask().why, IsEmpty());
  ASSERT_TRUE(service_.password_key);
  EXPECT_EQ(service_.password_key->bytes(),
            crypto::password_key("open sesame", service_.server.key.public_key)->bytes());
}

TEST_F(ServiceKeysTest, WithoutThePasswordNothingIsRenewed) {
  service_.config.room.password_file = directory_ / "no such file";
  EXPECT_THAT(ask().why, HasSubstr("room.password_file"));
  EXPECT_EQ(load_server_keys(directory_.path(), wall_now())->certificate, before_.certificate);
  EXPECT_EQ(service_.server.certificate, before_.certificate);
}

TEST_F(ServiceKeysTest, IfTheIdentityIsElsewhereARenewalIsARequest) {
  move_identity_away();
  const auto answer = ask();
  EXPECT_THAT(answer.why, IsEmpty());
  EXPECT_THAT(answer.certificate, IsEmpty());
  EXPECT_EQ(service_.server.certificate, before_.certificate);
  const auto signed_one = certify(answer.request, elsewhere_ / "identity.key", wall_now()).value();
  EXPECT_EQ(ask(signed_one).certificate, signed_one);
  EXPECT_NE(service_.server.key.public_key, before_.key.public_key);
  EXPECT_THAT(ask(signed_one).why, HasSubstr("not newer"));
}

TEST_F(ServiceKeysTest, ACertificateIsRenewedInTimeIfTheIdentityIsHere) {
  EXPECT_FALSE(renew_certificate(service_, service_.config));
  service_.server.certificate.end = 1;
  EXPECT_TRUE(renew_certificate(service_, service_.config));
  EXPECT_EQ(service_.server.key.public_key, before_.key.public_key);
  EXPECT_GT(service_.server.certificate.serial, before_.certificate.serial);
  EXPECT_FALSE(renew_certificate(service_, service_.config));
}

TEST_F(ServiceKeysTest, WithoutTheIdentityTheEndOfTheCertificateIsSaidOnceADay) {
  move_identity_away();
  service_.server.certificate.end = 1;
  EXPECT_FALSE(renew_certificate(service_, service_.config));
  EXPECT_FALSE(service_.server.has_identity);
  const MonoTime next = service_.next_key_warning;
  EXPECT_GT(next, mono_now() + std::chrono::hours{23});
  EXPECT_FALSE(renew_certificate(service_, service_.config));
  EXPECT_EQ(service_.next_key_warning, next);
}

}  // namespace
}  // namespace chatd
