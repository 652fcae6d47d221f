// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/server_keys.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <span>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/crypto/base64.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/key_file.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd {
namespace {

using std::chrono::days;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class ServerKeysTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<ServerKeys> load() const {
    return load_server_keys(directory_.path(), now_);
  }
  [[nodiscard]] ServerKeys loaded() const {
    auto keys = load();
    EXPECT_TRUE(keys) << keys.error().message();
    return keys ? std::move(*keys) : ServerKeys{};
  }
  [[nodiscard]] std::string error() const {
    const auto keys = load();
    return keys ? "" : keys.error().message();
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{directory_.path()}) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  [[nodiscard]] std::string path(const char* name) const { return directory_ / name; }
  [[nodiscard]] std::string text(const char* name) const { return test::file_text(path(name)); }
  void move_identity_away() const {
    std::filesystem::rename(path("identity.key"), elsewhere_ / "identity.key");
  }
  static void expect_certified(const ServerKeys& keys) {
    EXPECT_EQ(keys.certificate.key, keys.key.public_key);
    EXPECT_TRUE(crypto::is_signed(keys.certificate));
  }

  test::TempDir directory_;
  test::TempDir elsewhere_;
  WallTime now_{days{20'000}};
};

TEST_F(ServerKeysTest, AreMadeAtAFirstStartAndReadAtTheNext) {
  const ServerKeys made = loaded();
  expect_certified(made);
  EXPECT_TRUE(made.has_identity);
  EXPECT_EQ(made.certificate.serial, 20'000U * 86'400U);
  EXPECT_EQ(made.certificate.end, 20'365U * 86'400U);
  EXPECT_THAT(files(),
              UnorderedElementsAre("server.key", "identity.key", "persons.key", "server.cert"));
  for (const std::string& name : files()) {
    struct stat status {};
    ASSERT_EQ(::stat((directory_ / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U) << name;
  }
  now_ += days{100};
  const ServerKeys again = loaded();
  EXPECT_EQ(again.key.public_key, made.key.public_key);
  EXPECT_EQ(again.persons.bytes(), made.persons.bytes());
  EXPECT_EQ(again.certificate, made.certificate);
}

TEST_F(ServerKeysTest, AFormerServerKeepsItsKeyAndTheNumbersOfItsPersons) {
  const auto key = crypto::load_or_make_key(path("server.key")).value();
  const ServerKeys keys = loaded();
  expect_certified(keys);
  EXPECT_EQ(keys.key.public_key, key.public_key);
  constexpr std::string_view kLabel = "chatd persons";
  EXPECT_EQ(keys.persons.bytes(),
            crypto::hmac_sha256(key.secret.bytes(), {std::as_bytes(std::span{kLabel})}));
}

TEST_F(ServerKeysTest, AStartThatIsKilledInBetweenIsCompletedByTheNext) {
  const auto key = crypto::load_or_make_key(path("server.key")).value();
  const crypto::SecretKey identity{crypto::Key{std::byte{3}}};
  ASSERT_TRUE(crypto::keep_secret(path("identity.key"), identity));
  expect_certified(loaded());
  std::filesystem::remove(path("server.cert"));
  const ServerKeys keys = loaded();
  expect_certified(keys);
  EXPECT_EQ(keys.key.public_key, key.public_key);
  EXPECT_EQ(keys.certificate.identity, crypto::signing_key_of(identity).value());
}

TEST_F(ServerKeysTest, ARenewalHasAnotherKeyAndTheSamePersonsAndIdentity) {
  const ServerKeys before = loaded();
  const auto next = renewed(directory_.path(), before, false, now_);
  ASSERT_TRUE(next);
  EXPECT_EQ(loaded().certificate, before.certificate) << "nothing is stored yet";
  ASSERT_TRUE(store_server_keys(directory_.path(), *next));
  const ServerKeys after = loaded();
  expect_certified(after);
  EXPECT_NE(after.key.public_key, before.key.public_key);
  EXPECT_EQ(after.persons.bytes(), before.persons.bytes());
  EXPECT_EQ(after.certificate.identity, before.certificate.identity);
  EXPECT_EQ(after.certificate.serial, before.certificate.serial + 1) << "in the same second";
  EXPECT_FALSE(std::filesystem::exists(path("server.key.next")));
}

// The steps of store_server_keys(): after each of them the files can be loaded.
TEST_F(ServerKeysTest, ARenewalThatIsKilledBetweenItsStepsIsDoneOrNotDone) {
  const ServerKeys before = loaded();
  const ServerKeys next = renewed(directory_.path(), before, false, now_).value();
  ASSERT_TRUE(crypto::store_secret(path("server.key.next"), next.key.secret));
  EXPECT_EQ(loaded().certificate, before.certificate);
  ASSERT_TRUE(crypto::store_line(path("server.cert"), crypto::to_text(next.certificate)));
  EXPECT_TRUE(check_server_keys(directory_.path()));
  const ServerKeys after = loaded();
  expect_certified(after);
  EXPECT_EQ(after.key.public_key, next.key.public_key);
  EXPECT_FALSE(std::filesystem::exists(path("server.key.next")));
}

TEST_F(ServerKeysTest, ACertificateNearItsEndIsRenewedForTheSameKeyIfTheIdentityIsHere) {
  const ServerKeys before = loaded();
  now_ += days{334};
  EXPECT_EQ(loaded().certificate, before.certificate);
  now_ += days{2};
  EXPECT_TRUE(is_near_end(before.certificate, now_));
  const ServerKeys after = loaded();
  expect_certified(after);
  EXPECT_EQ(after.key.public_key, before.key.public_key);
  EXPECT_GT(after.certificate.serial, before.certificate.serial);
  EXPECT_FALSE(is_near_end(after.certificate, now_));
}

// Runs `holds` in a process that can write no file.
template <class Check>
bool on_a_full_disk(Check holds) {
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    ::_exit(::setrlimit(RLIMIT_FSIZE, &none) == 0 && holds() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST_F(ServerKeysTest, AFullDiskKeepsNoServerWithACertificateFromStarting) {
  const ServerKeys before = loaded();
  now_ += days{340};
  EXPECT_TRUE(on_a_full_disk([&] { return load()->certificate == before.certificate; }));
  EXPECT_TRUE(on_a_full_disk([&] { return check_server_keys(directory_.path()).has_value(); }));
  std::filesystem::remove(path("server.cert"));
  EXPECT_TRUE(on_a_full_disk([&] { return !check_server_keys(directory_.path()); }))
      << "the successor would not start";
  EXPECT_TRUE(check_server_keys(directory_.path()));
  EXPECT_EQ(files().size(), 3U) << "a check makes no file";
}

TEST_F(ServerKeysTest, WithoutTheIdentityAStoredCertificateIsUsedAlsoAfterItsEnd) {
  const ServerKeys before = loaded();
  move_identity_away();
  now_ += days{400};
  const ServerKeys after = loaded();
  EXPECT_FALSE(after.has_identity);
  EXPECT_EQ(after.certificate, before.certificate);
  EXPECT_EQ(renewed(directory_.path(), after, false, now_).error().code(), ENOENT);
}

TEST_F(ServerKeysTest, AnIdentityElsewhereSignsARequest) {
  (void)loaded();
  move_identity_away();
  const ServerKeys before = loaded();
  const std::string request = request_certificate(directory_.path(), before).value();
  EXPECT_EQ(loaded().certificate, before.certificate) << "the key in use is the same";
  const std::string signed_one = certify(request, elsewhere_ / "identity.key", now_).value();
  const auto next = with_certificate(directory_.path(), before, signed_one, now_);
  ASSERT_TRUE(next) << next.error().message();
  ASSERT_TRUE(store_server_keys(directory_.path(), *next));
  const ServerKeys after = loaded();
  expect_certified(after);
  EXPECT_NE(after.key.public_key, before.key.public_key);
  EXPECT_GT(after.certificate.serial, before.certificate.serial);

  const auto again = with_certificate(directory_.path(), after, signed_one, now_);
  EXPECT_THAT(again.error().message(), HasSubstr("not newer"));
}

TEST_F(ServerKeysTest, ACertificateThatIsNotForTheLastRequestIsRefused) {
  (void)loaded();
  move_identity_away();
  const ServerKeys keys = loaded();
  const auto why_not = [&](std::string_view text) {
    const auto next = with_certificate(directory_.path(), keys, text, now_);
    return next ? "" : next.error().message();
  };
  const std::string first = request_certificate(directory_.path(), keys).value();
  const std::string second = request_certificate(directory_.path(), keys).value();
  const std::string identity = elsewhere_ / "identity.key";
  EXPECT_THAT(why_not(certify(first, identity, now_).value()), HasSubstr("the last request"));
  EXPECT_EQ(why_not(certify(second, identity, now_).value()), "");
  EXPECT_THAT(why_not("x"), HasSubstr("not a certificate"));
  EXPECT_THAT(why_not(second), HasSubstr("this is the request"));
  auto over = crypto::certificate_of(second).value();
  over.serial = keys.certificate.serial + 1;
  ASSERT_TRUE(crypto::sign_certificate(over, crypto::load_secret(identity).value()));
  EXPECT_THAT(why_not(crypto::to_text(over)), HasSubstr("ended on"));
  auto forged = crypto::certificate_of(certify(second, identity, now_).value()).value();
  forged.end += 1;
  EXPECT_THAT(why_not(crypto::to_text(forged)), HasSubstr("wrong signature"));
  ASSERT_TRUE(crypto::sign_certificate(forged, crypto::SecretKey{}));
  EXPECT_THAT(why_not(crypto::to_text(forged)), HasSubstr("another identity"));
}

TEST_F(ServerKeysTest, OneIdentitySignsNoRequestOfAnotherServer) {
  const ServerKeys keys = loaded();
  const std::string request = request_certificate(directory_.path(), keys).value();
  ASSERT_TRUE(crypto::keep_secret(elsewhere_ / "identity.key", crypto::SecretKey{}));
  const auto refused = certify(request, elsewhere_ / "identity.key", now_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("of another server"));
  EXPECT_FALSE(certify("x", elsewhere_ / "identity.key", now_));
  EXPECT_FALSE(certify(request, elsewhere_ / "no such file", now_));
}

TEST_F(ServerKeysTest, NoRequestCanUseUpTheSerialsOfAnIdentity) {
  const ServerKeys keys = loaded();
  auto request = crypto::certificate_of(request_certificate(directory_.path(), keys).value());
  ASSERT_TRUE(request);
  const auto certified = [&](std::uint64_t serial) {
    request->serial = serial;
    return certify(crypto::to_text(*request), path("identity.key"), now_);
  };
  EXPECT_TRUE(certified(20'001U * 86'400U));
  EXPECT_THAT(certified(20'001U * 86'400U + 1).error().message(), HasSubstr("of the future"));
  EXPECT_FALSE(certified(crypto::kMaxSerial));
  EXPECT_FALSE(certified(~std::uint64_t{0}));
}

TEST_F(ServerKeysTest, FilesThatDoNotBelongTogetherAreLeftAsTheyAre) {
  (void)loaded();
  const test::TempDir other;
  ASSERT_TRUE(load_server_keys(other.path(), now_));
  const std::vector<std::string> texts{text("server.key"), text("server.cert"),
                                       text("identity.key")};
  std::filesystem::copy(other / "server.key", path("server.key"),
                        std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(error(), HasSubstr("server.key is not the key that"));
  EXPECT_EQ(text("server.cert"), texts[1]);
  test::write_file(path("server.key"), texts[0]);
  std::filesystem::copy(other / "identity.key", path("identity.key"),
                        std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(error(), HasSubstr("server.cert was signed by another identity than"));
  test::write_file(path("identity.key"), texts[2]);
  test::write_file(path("server.cert"), "damaged\n");
  EXPECT_THAT(error(), HasSubstr("server.cert is damaged"));
  EXPECT_EQ(text("server.cert"), "damaged\n");
  test::write_file(path("server.cert"), texts[1]);
  test::write_file(path("persons.key"), "damaged\n");
  EXPECT_THAT(error(), HasSubstr("persons.key"));
  EXPECT_FALSE(check_server_keys(directory_.path()));
  EXPECT_EQ(text("persons.key"), "damaged\n");
}

TEST_F(ServerKeysTest, IdentityKeyAndCertificateAreRemovedTogetherToGetOthersForTheSamePersons) {
  const ServerKeys before = loaded();
  for (const char* name : {"identity.key", "server.key", "server.cert"}) {
    std::filesystem::remove(path(name));
  }
  const ServerKeys after = loaded();
  expect_certified(after);
  EXPECT_NE(after.certificate.identity, before.certificate.identity);
  EXPECT_EQ(after.persons.bytes(), before.persons.bytes());
}

TEST_F(ServerKeysTest, ALostFileIsMadeAgainOnlyIfClientsAndPersonsStayTheSame) {
  const ServerKeys before = loaded();
  std::filesystem::remove(path("server.cert"));
  EXPECT_EQ(loaded().certificate.identity, before.certificate.identity);
  std::filesystem::remove(path("server.key"));
  EXPECT_FALSE(check_server_keys(directory_.path()));
  const ServerKeys another = loaded();
  expect_certified(another);
  EXPECT_NE(another.key.public_key, before.key.public_key);
  EXPECT_EQ(another.certificate.identity, before.certificate.identity);

  std::filesystem::rename(path("persons.key"), elsewhere_ / "persons.key");
  EXPECT_THAT(error(), HasSubstr("persons.key is missing"));
  EXPECT_FALSE(std::filesystem::exists(path("persons.key")));
  std::filesystem::rename(elsewhere_ / "persons.key", path("persons.key"));
  move_identity_away();
  std::filesystem::rename(path("server.key"), elsewhere_ / "server.key");
  EXPECT_THAT(error(), HasSubstr("server.key is missing"));
  std::filesystem::rename(elsewhere_ / "server.key", path("server.key"));
  std::filesystem::remove(path("server.cert"));
  EXPECT_THAT(error(), HasSubstr("server.cert is missing"));
  EXPECT_FALSE(std::filesystem::exists(path("identity.key"))) << "no other identity is made";
}

}  // namespace
}  // namespace chatd
