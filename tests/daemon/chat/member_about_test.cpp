// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/member_about.hpp"

#include <array>
#include <string>

#include <gmock/gmock.h>

#include "common/crypto/keys.hpp"
#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::chat {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// eve, who is in no further room, or ada asks about bob, who is in the room "lab".
class MemberAboutTest : public ModerationFixture {
 protected:
  std::string about(Slot reader, Slot member, std::size_t space = 2000) {
    std::array<char, 2000> text{};
    return {text.data(),
            chat_->member_about.write(reader, member, std::span{text}.first(space), now())};
  }
  // "lab pub": the rooms that the reader is shown.
  std::string rooms_of(Slot reader, Slot member) {
    std::string found;
    std::string rest = about(reader, member) + '\n';
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      const std::string line = rest.substr(0, end);
      if (line.starts_with("room\t")) found += (found.empty() ? "" : " ") + line.substr(5);
      rest.erase(0, end + 1);
    }
    return found;
  }
  static std::string key_of(int key) {
    crypto::PublicKey identity{};
    identity.fill(static_cast<std::byte>(key));
    return crypto::fingerprint(identity);
  }
};

TEST_F(MemberAboutTest, HasTheKeyAndTheTimesOfANativeMember) {
  time_ += seconds{7};
  EXPECT_EQ(about(eve_, bob_), "name\tbob\nprotocol\tnative\nkey\t" + key_of(3) +
                                   "\nsince\t100000000\nsilent\t7\nroom\tlab");
}

TEST_F(MemberAboutTest, HasNoKeyOfATextMember) {
  const Slot text = enter_text("小明").slot;
  EXPECT_EQ(about(eve_, text), "name\t小明\nprotocol\ttext\nsince\t100000000\nsilent\t0");
}

TEST_F(MemberAboutTest, HasNoAddress) {
  EXPECT_THAT(about(eve_, bob_), Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(about(bob_, bob_), Not(HasSubstr("127.0.0.1")));
}

TEST_F(MemberAboutTest, OnlyTheMemberItselfLearnsTheNumberOfItsPrograms) {
  const Slot other = enter("bob", 3, "127.0.0.1:6", 1).slot;
  ASSERT_NE(other, bob_);
  EXPECT_THAT(about(eve_, bob_), Not(HasSubstr("programs")));
  EXPECT_THAT(about(bob_, bob_), HasSubstr("\nprograms\t2"));
  EXPECT_THAT(about(other, bob_), HasSubstr("\nprograms\t2"));
}

TEST_F(MemberAboutTest, IsAboutAllProgramsOfTheMember) {
  time_ += seconds{30};
  const Slot other = enter("bob", 3, "127.0.0.1:6", 1).slot;
  ASSERT_TRUE(make(other, "pub"));
  time_ += seconds{30};
  EXPECT_THAT(about(eve_, bob_), HasSubstr("\nsince\t100000000\nsilent\t30"));
  EXPECT_EQ(rooms_of(eve_, bob_), "lab pub");
  quit(bob_);
  EXPECT_THAT(about(eve_, other), HasSubstr("\nsince\t130000000\nsilent\t30"));
  EXPECT_EQ(rooms_of(eve_, other), "pub");
}

TEST_F(MemberAboutTest, IsAwayIfAllItsProgramsAre) {
  const Slot other = enter("bob", 3, "127.0.0.1:6", 1).slot;
  sessions().detach(bob_, now().mono);
  EXPECT_THAT(about(eve_, bob_), Not(HasSubstr("away")));
  sessions().detach(other, now().mono);
  EXPECT_THAT(about(eve_, bob_), HasSubstr("\naway\t\nsilent\t0"));
}

// --- which rooms are shown ---------------------------------------------------------------

TEST_F(MemberAboutTest, ARoomForInvitedMembersIsShownToItsMembersOnly) {
  ASSERT_EQ(set(ada_, Property::invited, 1), std::nullopt);
  EXPECT_EQ(rooms_of(eve_, bob_), "");
  EXPECT_EQ(rooms_of(ada_, bob_), "lab");
  ASSERT_EQ(moderate(ada_, Action::invite, "eve"), std::nullopt);
  EXPECT_EQ(rooms_of(eve_, bob_), "") << "an invited user is not in the room yet";
  ASSERT_TRUE(join(eve_, "lab"));
  EXPECT_EQ(rooms_of(eve_, bob_), "lab");
}

TEST_F(MemberAboutTest, AHiddenRoomIsShownToItsMembersOnly) {
  ASSERT_EQ(set(ada_, Property::hidden, 1), std::nullopt);
  EXPECT_EQ(rooms_of(eve_, bob_), "");
  EXPECT_THAT(rooms_of(ada_, bob_), HasSubstr("lab"));
  const Slot other = enter("ada", 1, "127.0.0.1:6", 1).slot;
  EXPECT_THAT(rooms_of(other, bob_), HasSubstr("lab")) << "ada is in it with another program";
}

TEST_F(MemberAboutTest, ARoomIsNotShownToWhoIsBannedThere) {
  ASSERT_EQ(moderate(ada_, Action::ban, "eve"), std::nullopt);
  EXPECT_EQ(rooms_of(eve_, bob_), "");
  EXPECT_EQ(rooms_of(ada_, bob_), "lab");
}

TEST_F(MemberAboutTest, RoomsThatDoNotFitAreCounted) {
  std::string longest;  // 32 characters and 62 bytes
  for (int i = 0; i < 30; ++i) longest += "é";
  for (int i = 10; i < 40; ++i) {
    const auto made = make(bob_, longest + std::to_string(i));
    ASSERT_TRUE(made) << i << wire::code_of(made.error());
  }
  const std::string all = about(eve_, bob_);
  EXPECT_LE(all.size(), 2000U);
  EXPECT_THAT(all, HasSubstr("\nmore_rooms\t"));
  const std::string none = about(eve_, bob_, 130);
  EXPECT_THAT(none, HasSubstr("\nmore_rooms\t31"));
  EXPECT_THAT(none, Not(HasSubstr("\nroom\t")));
}

// --- the command --------------------------------------------------------------------------

TEST_F(MemberAboutTest, TheAnswerIsInTheMailboxUnderTheNameOfTheMember) {
  commands().describe_member(order(eve_, 10), "BOB");
  EXPECT_THAT(mailbox(eve_), ElementsAre("whois bob"));
  EXPECT_EQ(last_text(eve_), about(eve_, bob_));
  EXPECT_EQ(state_.native_slots()[eve_].uplink, 10U);
}

TEST_F(MemberAboutTest, NobodyOfTheNameIsRefused) {
  for (const std::string& name : {std::string{"nobody"}, std::string{}, std::string(200, 'x'),
                                  std::string{"\xff\t1"}, std::string{"bob\n"}}) {
    commands().describe_member(order(eve_, state_.native_slots()[eve_].uplink + 10), name);
  }
  EXPECT_THAT(mailbox(eve_), ::testing::Each("notice no_such_member"));
  EXPECT_EQ(mailbox(eve_).size(), 5U);
}

TEST_F(MemberAboutTest, AnotherPersonThanTheOneThatIsNamedIsRefused) {
  commands().describe_member(order(eve_, 10), "bob\t0000000000000007");
  EXPECT_THAT(mailbox(eve_), ElementsAre("notice other_person"));
}

TEST_F(MemberAboutTest, WithoutSpaceTheCommandIsSentAgain) {
  fill_mailbox(eve_);
  commands().describe_member(order(eve_, 10), "bob");
  EXPECT_EQ(state_.native_slots()[eve_].uplink, 0U);
}

}  // namespace
}  // namespace chatd::chat
