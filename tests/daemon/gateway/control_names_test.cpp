// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_names.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

#include <gmock/gmock.h>

#include "common/crypto/base64.hpp"
#include "common/crypto/keys.hpp"
#include "daemon/chat/proved.hpp"
#include "tests/daemon/gateway/control_fixture.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ControlNamesTest : public ControlFixture {
 protected:
  const control::Caller root_{.uid = ::geteuid(), .pid = 7};

  std::string key_of(chat::Slot slot) { return crypto::fingerprint(sessions().identity(slot)); }
  static std::string code(const control::Answer<wire::ChangedNameReport>& answer) {
    return answer ? "" : answer.error().code;
  }
  ControlNames control() { return ControlNames{chat(), remover(), wire::Language::en}; }
};

TEST_F(ControlNamesTest, AGivenNameIsTheNameOfThatKey) {
  const chat::Slot ada = login("ada");
  const auto given = control().give("Ada", key_of(ada), root_);
  ASSERT_TRUE(given) << given.error().message;
  EXPECT_EQ(given->change, "given");
  EXPECT_EQ(given->is_saved, false) << "not yet";
  const auto report = control().names();
  ASSERT_EQ(report.names.size(), 1U);
  EXPECT_EQ(report.names[0].name, "Ada");
  ASSERT_EQ(report.names[0].keys.size(), 1U);
  EXPECT_EQ(report.names[0].keys[0].key, key_of(ada));
  EXPECT_EQ(report.names[0].rests_until, "");
  const auto users = rooms().users();
  ASSERT_EQ(users.users.size(), 1U);
  EXPECT_TRUE(users.users[0].is_owned);
}

TEST_F(ControlNamesTest, ASessionUnderTheNameOfSomebodyElseEnds) {
  login_text("bob", "192.0.2.1");
  const chat::Slot ada = login("ada");
  ASSERT_TRUE(control().give("bob", key_of(ada), root_));
  EXPECT_FALSE(is_in("bob"));
  EXPECT_THAT(told_, ElementsAre("That name belongs to somebody else; choose another name."));
}

TEST_F(ControlNamesTest, ANameThatCannotBeGivenIsRefusedWithTheReason) {
  const chat::Slot ada = login("ada");
  const chat::Slot bob = login("bob");
  ASSERT_TRUE(control().give("ada", key_of(ada), root_));
  EXPECT_EQ(code(control().give("two words", key_of(ada), root_)), "usage");
  EXPECT_EQ(code(control().give("eve", "SHA256:short", root_)), "usage");
  EXPECT_THAT(control().give("ada", key_of(bob), root_).error().message,
              HasSubstr("name take ada"));
  EXPECT_THAT(control().give("eve", key_of(ada), root_).error().message, HasSubstr("another name"));
  EXPECT_THAT(control().give("аda", key_of(bob), root_).error().message, HasSubstr("looks like"));
}

TEST_F(ControlNamesTest, AChangeIsLoggedWithTheUserId) {
  const test::LogLines lines;
  ASSERT_TRUE(control().give("ada", key_of(login("ada")), root_));
  const auto logged = lines.all().back();
  EXPECT_EQ(logged.field("CHATD_EVENT"), "name_changed");
  EXPECT_EQ(logged.field("CHATD_USER"), "ada");
  EXPECT_EQ(logged.field("CHATD_BY"), std::to_string(::geteuid()));
}

TEST_F(ControlNamesTest, TheListHasTheNumberOfMessagesThatWait) {
  const chat::Slot ada = login("ada");
  const chat::Slot bob = login("bob");
  ASSERT_TRUE(control().give("ada", key_of(ada), root_));
  ASSERT_FALSE(chat().waiting.add({.author = bob,
                                   .command_end = 30,
                                   .receiver = sessions().person(ada),
                                   .text = "psst",
                                   .now = now().wall,
                                   .is_proved = false}));
  EXPECT_EQ(control().names().names.at(0).waiting, 1U);
}

TEST_F(ControlNamesTest, ANameIsTakenOrRests) {
  const chat::Slot ada = login("ada");
  EXPECT_EQ(code(control().take("ada", root_)), "not_found");
  ASSERT_TRUE(control().give("ada", key_of(ada), root_));
  const auto rests = control().rest("ADA", root_);
  ASSERT_TRUE(rests);
  EXPECT_EQ(rests->change, "rests");
  EXPECT_NE(control().names().names.at(0).rests_until, "");
  EXPECT_FALSE(chat::is_proved(sessions(), ada));
  const auto taken = control().take("ada", root_);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->name, "ada");
  EXPECT_THAT(control().names().names, IsEmpty());
}

// The identity of the session of a browser with this token.
state::Identity identity_of(std::string token, const chat::Persons& persons) {
  std::ranges::replace(token, '-', '+');
  std::ranges::replace(token, '_', '/');
  const auto bytes = crypto::bytes_from_base64(token + "=", 32);
  EXPECT_TRUE(bytes) << token;
  return bytes ? persons.of_token(*bytes, false) : state::Identity{};
}

TEST_F(ControlNamesTest, ATokenIsTheKeyOfItsName) {
  login_text("robot", "192.0.2.1");
  const auto made = control().make_token("Robot", root_);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->token.size(), 43U);
  EXPECT_FALSE(is_in("robot")) << "the name belongs to the token";
  const auto report = control().names();
  ASSERT_EQ(report.names.size(), 1U);
  EXPECT_EQ(report.names[0].name, "Robot");
  ASSERT_EQ(report.names[0].keys.size(), 1U);
  EXPECT_EQ(report.names[0].keys[0].key, made->key);
  EXPECT_EQ(report.names[0].keys[0].label, "token");
  const chat::Slot robot =
      login("robot", "127.0.0.1", identity_of(made->token, sessions().persons()));
  EXPECT_TRUE(chat::is_proved(sessions(), robot));
  EXPECT_THAT(control().make_token("robot", root_).error().message,
              HasSubstr("`token robot --revoke` first"));
  EXPECT_EQ(control().make_token("two words", root_).error().code, "usage");
}

TEST_F(ControlNamesTest, TwoTokensDiffer) {
  const auto one = control().make_token("one", root_);
  const auto two = control().make_token("two", root_);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->token, two->token);
}

TEST_F(ControlNamesTest, ARevokedTokenEndsItsSessionsAndIsAnotherPersonFromThenOn) {
  const auto made = control().make_token("robot", root_);
  ASSERT_TRUE(made);
  const state::Identity identity = identity_of(made->token, sessions().persons());
  const chat::Slot robot = login("robot", "127.0.0.1", identity);
  const state::PersonId person = sessions().person(robot);
  const auto revoked = control().revoke_token("ROBOT", root_);
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_EQ(revoked->name, "robot");
  EXPECT_FALSE(is_in("robot"));
  EXPECT_THAT(told_, ElementsAre("the administrator took the token back"));
  EXPECT_THAT(control().names().names, IsEmpty());
  EXPECT_NE(sessions().persons().of_native(identity), person) << "it would have its roles again";
  EXPECT_EQ(control().revoke_token("robot", root_).error().code, "not_found");
}

TEST_F(ControlNamesTest, TheNameOfAUserIsNoToken) {
  const chat::Slot ada = login("ada");
  ASSERT_TRUE(control().give("ada", key_of(ada), root_));
  EXPECT_EQ(control().make_token("ada", root_).error().code, "failed");
  EXPECT_THAT(control().revoke_token("ada", root_).error().message, HasSubstr("`name take ada`"));
  EXPECT_TRUE(is_in("ada"));
}

}  // namespace
}  // namespace chatd::gateway
