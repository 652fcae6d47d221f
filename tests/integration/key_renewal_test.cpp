// SPDX-License-Identifier: GPL-3.0-or-later
// key_renewal_test.cpp — a server gets another key under the same identity.
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class KeyRenewal : public ::testing::Test {
 protected:
  [[nodiscard]] Finished uchat(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), uchat_program());
    return run_program(arguments, {.environment = {{"XDG_CONFIG_HOME", directory_.path()},
                                                   {"LC_ALL", "C.UTF-8"}}});
  }
  [[nodiscard]] Finished send() const {
    return uchat({"send", "ada@" + to_text(daemon_.endpoint()), "x"});
  }
  void expect_sent_in_silence() const {
    const Finished sent = send();
    EXPECT_EQ(sent.status, 0) << sent.err;
    EXPECT_THAT(sent.err, IsEmpty());
  }
  [[nodiscard]] nlohmann::json key() const { return daemon_.ctl_json({"key"}); }
  // The gateway that serves now has another key than `former`.
  [[nodiscard]] bool has_other_key(const nlohmann::json& former) const {
    return eventually([&] { return key().at("key") != former.at("key"); });
  }
  [[nodiscard]] std::string known_servers() const {
    return file_text(directory_ / "uchat/known_servers");
  }
  // Moves identity.key to another directory.
  void take_identity_away() const {
    std::filesystem::rename(state_ / "identity.key", elsewhere_ / "identity.key");
    ASSERT_EQ(daemon_.ctl({"reload"}).status, 0);
    EXPECT_TRUE(eventually([&] { return key().at("has_identity") == false; }));
  }

  TempDir directory_;
  TempDir state_;
  TempDir elsewhere_;
  DaemonUnderTest daemon_{{.state = state_.path()}};
};

TEST_F(KeyRenewal, EndsNoSessionAndClientsReportNothing) {
  ASSERT_EQ(send().status, 0);
  const auto before = key();
  EXPECT_EQ(before.at("has_identity"), true);
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  const auto renewed = daemon_.ctl_json({"key", "renew"});
  EXPECT_EQ(renewed.at("fingerprint"), before.at("fingerprint"));
  EXPECT_NE(renewed.at("key"), before.at("key"));
  EXPECT_GT(renewed.at("serial"), before.at("serial"));
  EXPECT_TRUE(has_other_key(before));
  expect_sent_in_silence();
  bob.say("still here");
  EXPECT_THAT(known_servers(),
              HasSubstr(" " + std::to_string(renewed.at("serial").get<std::uint64_t>())));
}

TEST_F(KeyRenewal, ABanOfAPersonIsStillInForce) {
  const auto person = crypto::generate_key_pair().value();
  ASSERT_EQ(daemon_.ctl({"ban", crypto::fingerprint(person.public_key)}).status, 0);
  const auto before = key();
  ASSERT_EQ(daemon_.ctl({"key", "renew"}).status, 0);
  ASSERT_TRUE(has_other_key(before));
  NativeClient again{daemon_.endpoint(), {.name = "cyd", .identity = person}};
  EXPECT_THROW(again.enter(), std::runtime_error);
}

TEST_F(KeyRenewal, AKeyThatWasReplacedIsRefused) {
  ASSERT_EQ(send().status, 0);
  const auto before = key();
  const std::string path = directory_ / "uchat/known_servers";
  // As after a renewal that this server does not know: it is another machine with the old key.
  const std::string serial = std::to_string(before.at("serial").get<std::uint64_t>());
  std::string text = known_servers();
  text.replace(text.rfind(serial), serial.size(), "99999999999");
  write_file(path, text);
  const Finished refused = send();
  EXPECT_EQ(refused.status, 25);
  EXPECT_THAT(refused.err, StartsWith("uchat: " + to_text(daemon_.endpoint()) +
                                      " does not prove its identity: its certificate is older"));
  EXPECT_TRUE(daemon_.names().empty());
}

TEST_F(KeyRenewal, AnIdentityThatIsElsewhereSignsARequest) {
  ASSERT_EQ(send().status, 0);
  take_identity_away();
  const auto before = key();
  const std::string request = daemon_.ctl_json({"key", "renew"}).at("request");
  expect_sent_in_silence();
  const Finished certified = run_program(
      {chatd_program(), "--identity", elsewhere_ / "identity.key", "--certify", request});
  ASSERT_EQ(certified.status, 0) << certified.err;
  const std::string certificate = certified.out.substr(0, certified.out.find('\n'));
  EXPECT_EQ(daemon_.ctl({"key", "install", request}).status, 1);
  const Finished installed = daemon_.ctl({"key", "install", certificate});
  EXPECT_EQ(installed.status, 0) << installed.err;
  EXPECT_TRUE(has_other_key(before));
  expect_sent_in_silence();
  EXPECT_EQ(daemon_.ctl({"key", "install", certificate}).status, 1) << "it is used already";
}

TEST_F(KeyRenewal, TheNewKeyIsUsedAfterARestart) {
  ASSERT_EQ(send().status, 0);
  const auto before = key();
  const auto renewed = daemon_.ctl_json({"key", "renew"});
  ASSERT_TRUE(has_other_key(before));
  daemon_.stop();
  daemon_.start_again();
  EXPECT_EQ(key(), renewed);
  expect_sent_in_silence();
}

}  // namespace
}  // namespace chatd::test
