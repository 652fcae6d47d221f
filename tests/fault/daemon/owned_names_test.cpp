// SPDX-License-Identifier: GPL-3.0-or-later
// owned_names_test.cpp — an owned name is its owner's through kills of all processes, upgrades and
// restarts, and everybody's when it is taken.
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "common/crypto/keys.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/text_client.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;

class OwnedNames : public ::testing::Test {
 protected:
  static wire::Reason refused(const DaemonUnderTest& daemon, NativeClient::Options options) {
    NativeClient client{daemon.endpoint(), std::move(options)};
    client.member().start(mono_now());
    return client.await<client::Ended>().reason;
  }
  static void expect_owned(const DaemonUnderTest& daemon, const crypto::KeyPair& owner) {
    EXPECT_EQ(refused(daemon, {.name = "ADA"}), wire::Reason::name_owned);
    NativeClient ada{daemon.endpoint(), {.name = "ada", .identity = owner}};
    ada.enter();
    const auto users = daemon.ctl_json({"users"}).at("users");
    ASSERT_EQ(users.size(), 1U);
    EXPECT_EQ(users[0].at("owned"), true);
    ada.member().quit(mono_now());
    (void)ada.await<client::Ended>();
  }
  TempDir state_;
};

TEST_F(OwnedNames, OnlyTheOwnerEntersThroughUpgradesAndColdStarts) {
  DaemonUnderTest daemon{{.state = state_.path()}};
  const auto owner = crypto::generate_key_pair().value();
  const std::string key = crypto::fingerprint(owner.public_key);
  const Finished given = daemon.ctl({"name", "give", "ada", key});
  ASSERT_EQ(given.status, 0) << given.err;
  EXPECT_EQ(given.out, "ada belongs to " + key + "\n");
  expect_owned(daemon, owner);
  EXPECT_EQ(daemon.ctl({"upgrade"}).status, 0);
  expect_owned(daemon, owner);
  daemon.kill();
  daemon.start_again();
  expect_owned(daemon, owner);
  EXPECT_THAT(daemon.ctl({"names"}).out, HasSubstr(key));
  EXPECT_EQ(daemon.ctl({"name", "take", "ada"}).out, "ada is free\n");
  daemon.kill();
  daemon.start_again();
  NativeClient eve{daemon.endpoint(), {.name = "ada"}};
  eve.enter();
}

TEST_F(OwnedNames, ATextMemberUnderAGivenNameLeavesAndIsRefused) {
  const DaemonUnderTest daemon{{.state = state_.path()}};
  TextClient bob{daemon.endpoint(), TextClient::Kind::lines};
  bob.enter("bob");
  const auto owner = crypto::generate_key_pair().value();
  ASSERT_EQ(daemon.ctl({"name", "give", "bob", crypto::fingerprint(owner.public_key)}).status, 0);
  EXPECT_THAT(bob.answer(), HasSubstr("belongs to somebody else"));
  EXPECT_EQ(bob.answer(), "EXIT");
  bob.send("L bob");
  EXPECT_EQ(bob.answer(), "That name belongs to somebody else; choose another name.");
}

}  // namespace
}  // namespace chatd::test
