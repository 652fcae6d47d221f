// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of the dialogue before it joins the room: a name, a password, a key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/terminal/dialogue_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(DialogueTest, AsksForAnotherNameWhenOneIsTaken) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  report(ended(Outcome::name_taken));
  EXPECT_EQ(dialogue_.take_text(), "! the name ada is taken\n");
  EXPECT_EQ(prompt(), "another name: ");
  type("not a name");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("a name has no spaces"));
  type("  ");
  EXPECT_EQ(prompt(), "another name: ");
  type("ada2");
  EXPECT_EQ(one_order<Enter>().name, "ada2");
  EXPECT_EQ(prompt(), "[connecting] ada2> ");
}

TEST_F(DialogueTest, AsksForTheNameIfTheLoginNameIsNotPossible) {
  Dialogue dialogue{{.name = "admin", .host = "host:8888"}};
  dialogue.start();
  EXPECT_THAT(dialogue.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue.prompt(mono_), "another name: ");
}

TEST_F(DialogueTest, AsksForThePasswordWithoutShowingIt) {
  dialogue_.start();
  (void)dialogue_.take_orders();
  report(ended(Outcome::password_wanted));
  EXPECT_EQ(prompt(), "password: ");
  EXPECT_TRUE(dialogue_.hides_input());
  EXPECT_THAT(dialogue_.complete("", "a"), IsEmpty());
  type("open sesame");
  EXPECT_FALSE(dialogue_.hides_input());
  EXPECT_EQ(one_order<Enter>().password, "open sesame");
  report(ended(Outcome::wrong_password));
  EXPECT_EQ(dialogue_.take_text(), "! the password is not right for host:8888\n");
  EXPECT_EQ(prompt(), "password: ");
}

TEST_F(DialogueTest, ForgetsATypedPasswordAfterTheLogin) {
  dialogue_.start();
  report(ended(Outcome::password_wanted));
  type("open sesame");
  report(ended(Outcome::name_taken));
  (void)dialogue_.take_orders();
  type("ada2");
  EXPECT_EQ(one_order<Enter>().password, "open sesame") << "not in yet";
  report(joined("ada2"));
  (void)dialogue_.take_orders();
  report(ended(Outcome::name_taken));
  type("ada3");
  EXPECT_FALSE(one_order<Enter>().password);
  (void)dialogue_.take_text();
  report(ended(Outcome::password_wanted));
  EXPECT_EQ(dialogue_.take_text(), "");
  EXPECT_EQ(prompt(), "password: ");
}

TEST_F(DialogueTest, DoesNotAskForAPasswordThatCameFromAFile) {
  Dialogue dialogue{{.name = "ada", .host = "host:8888", .password = "x"}};
  dialogue.start();
  dialogue.on_report(ended(Outcome::wrong_password), now());
  EXPECT_EQ(dialogue.outcome(), Outcome::wrong_password);
}

class DialogueAboutAKey : public DialogueTest {
 protected:
  DialogueAboutAKey() {
    dialogue_.start();
    report(ended(Outcome::password_wanted));
    type("open sesame");
    (void)dialogue_.take_orders();
    report(ended(Outcome::unconfirmed_key, "SHA256:abc"));
  }
};

TEST_F(DialogueAboutAKey, AsksWhetherItIsTheRightOne) {
  EXPECT_THAT(dialogue_.take_text(),
              AllOf(HasSubstr("first contact with host:8888: its key is SHA256:abc"),
                    HasSubstr("chatctl fingerprint")));
  EXPECT_EQ(prompt(), "is that its key (yes/no)? ");
  EXPECT_FALSE(dialogue_.hides_input());
  EXPECT_FALSE(dialogue_.outcome());
}

TEST_F(DialogueAboutAKey, TriesAgainWithTheConfirmedOne) {
  type("yes");
  const auto order = one_order<Enter>();
  EXPECT_EQ(order.fingerprint, "SHA256:abc");
  EXPECT_EQ(order.password, "open sesame");
  report(ended(Outcome::wrong_password));
  type("open barley");
  EXPECT_EQ(one_order<Enter>().fingerprint, "SHA256:abc") << "it is asked once";
}

TEST_F(DialogueAboutAKey, TakesTheFingerprintItselfForAnAnswer) {
  type("SHA256:abd");
  EXPECT_THAT(dialogue_.take_text(), HasSubstr("type yes or no, or the fingerprint"));
  EXPECT_EQ(prompt(), "is that its key (yes/no)? ");
  type("SHA256:abc");
  EXPECT_EQ(one_order<Enter>().fingerprint, "SHA256:abc");
}

TEST_F(DialogueAboutAKey, IsNotConfirmedByAUserWhoLeaves) {
  dialogue_.quit();
  EXPECT_EQ(dialogue_.outcome(), Outcome::unconfirmed_key);
  EXPECT_THAT(dialogue_.closing_line(), HasSubstr("--fingerprint SHA256:abc"));
}

TEST_F(DialogueAboutAKey, EndsIfItIsTheWrongOne) {
  type("no");
  EXPECT_THAT(dialogue_.take_orders(), IsEmpty());
  EXPECT_EQ(dialogue_.outcome(), Outcome::unconfirmed_key);
}

}  // namespace
}  // namespace chatd::client
