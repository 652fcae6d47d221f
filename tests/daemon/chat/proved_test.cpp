// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/proved.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/chat/native_fixture.hpp"

namespace chatd::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProvedTest : public NativeFixture {
 protected:
  ProvedTest()
      : NativeFixture{{.sessions = 8,
                       .ring_bytes = 16384,
                       .rooms = 2,
                       .room_ring_bytes = 16384,
                       .names = 4}} {}
  static crypto::Hash hash_of(int number) {
    state::Identity identity{};
    identity.fill(static_cast<std::byte>(number));
    return crypto::sha256({identity});
  }
  void give(std::string_view name, int number) {
    const auto checked = wire::check_name(name).value();
    const auto key = hash_of(number);
    ASSERT_TRUE(chat_->names.claim(
        {.name = checked, .person = chat_->persons.of_fingerprint(key), .key = key}, now().wall));
  }
};

TEST_F(ProvedTest, AMemberIsProvedUnderTheNameThatItsPersonOwns) {
  const Slot ada = enter("ada", 1).slot;
  const Slot other = enter("ada2", 1, "127.0.0.1:6", 7).slot;
  const Slot text = enter_text("nc").slot;
  EXPECT_FALSE(is_proved(sessions(), ada));
  give("Ada", 1);
  EXPECT_TRUE(is_proved(sessions(), ada));
  EXPECT_FALSE(is_proved(sessions(), other));
  EXPECT_TRUE(owns_name(sessions(), other));
  EXPECT_FALSE(is_proved(sessions(), text) || owns_name(sessions(), text));
  EXPECT_THAT(sessions_of(sessions(), sessions().person(ada)), ElementsAre(ada, other));
  EXPECT_TRUE(is_in(sessions(), sessions().person(ada)));
  EXPECT_FALSE(is_in(sessions(), state::PersonId{99}));
}

TEST_F(ProvedTest, SessionsOfEveryProtocolAreMisnamedWhenTheNameIsGivenToAnotherPerson) {
  const Slot bob = enter("bob", 2).slot;
  const Slot text = enter_text("nc").slot;
  EXPECT_THAT(misnamed(sessions()), IsEmpty());
  give("bob", 1);
  give("nc", 3);
  EXPECT_THAT(misnamed(sessions()), ElementsAre(bob, text));
}

TEST_F(ProvedTest, AKeyThatIsAddedMakesItsSessionsThoseOfThePerson) {
  const Slot ada = enter("ada", 1).slot;
  const Slot phone = enter("phone", 2).slot;
  give("ada", 1);
  ASSERT_TRUE(chat_->names.add_key(sessions().person(ada), hash_of(2), "", now().wall));
  EXPECT_THAT(misnamed(sessions()), ElementsAre(phone));
  update_person(sessions(), sessions().identity(phone));
  EXPECT_EQ(sessions().person(phone), sessions().person(ada));
  EXPECT_THAT(misnamed(sessions()), IsEmpty());
}

}  // namespace
}  // namespace chatd::chat
