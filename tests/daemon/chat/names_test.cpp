// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/names.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;
using std::chrono::hours;
using ::testing::ElementsAre;
using wire::Reason;

class NamesTest : public test::StateFixture {
 protected:
  static constexpr Micros kExpire = hours{24 * 365};

  NamesTest() { restart(); }
  // A new gateway over the same region.
  void restart() {
    names_.emplace(state_, keys_of_nobody_, kExpire);
    names_->adopt();
  }
  static crypto::Hash key(int number) {
    crypto::Hash hash{};
    hash.fill(static_cast<std::byte>(number));
    return hash;
  }
  PersonId own_person(int number) const { return keys_of_nobody_.of_fingerprint(key(number)); }
  // The person of a key of now.
  PersonId person(int number) const {
    return Persons{keys_of_nobody_, *names_}.of_fingerprint(key(number));
  }
  // Why the key cannot claim the name; nullopt: it owns it.
  std::optional<Reason> claim(std::string_view name, int number) {
    const auto checked = wire::check_name(name).value();
    const auto done = names_->claim(
        {.name = checked, .person = person(number), .key = key(number), .label = "laptop"}, now_);
    return done ? std::nullopt : std::optional{done.error()};
  }
  std::optional<Reason> add(int of, int number) {
    const auto done = names_->add_key(person(of), key(number), "phone", now_);
    return done ? std::nullopt : std::optional{done.error()};
  }
  std::optional<Reason> drop(int by, int number) {
    const auto done = names_->drop_key(person(by), key(by), key(number));
    return done ? std::nullopt : std::optional{done.error()};
  }
  std::vector<int> keys_of(int number) const {
    std::vector<int> all;
    for (const auto* row : names_->keys(person(number)))
      all.push_back(static_cast<int>(row->hash[0]));
    return all;
  }
  bool tick(bool is_in = false) {
    return names_->tick(now_, [is_in](PersonId) { return is_in; });
  }

  const Persons keys_of_nobody_{crypto::SecretKey{}};
  std::optional<Names> names_;
  WallTime now_{hours{24 * 365 * 50}};
};

TEST_F(NamesTest, AClaimedNameHasAnOwnerAfterARestart) {
  EXPECT_EQ(claim("Ada", 1), std::nullopt);
  restart();
  EXPECT_EQ(names_->owner("ada"), person(1));
  EXPECT_TRUE(names_->owns(person(1)));
  EXPECT_EQ(names_->name_of(person(1)), "Ada");
  EXPECT_EQ(names_->owner("bob"), std::nullopt);
  EXPECT_FALSE(names_->owns(person(2)));
  EXPECT_EQ(person(1), own_person(1)) << "roles and rules of the person stay";
}

TEST_F(NamesTest, ANameHasOneOwnerAndAPersonOneName) {
  EXPECT_EQ(claim("ada", 1), std::nullopt);
  EXPECT_EQ(claim("ADA", 2), Reason::name_owned);
  EXPECT_EQ(claim("bob", 1), Reason::own_has_one);
  EXPECT_EQ(claim("ada", 1), std::nullopt) << "a command that is sent again";
  EXPECT_EQ(names_->size(), 1U);
}

TEST_F(NamesTest, ANameThatLooksLikeAnOwnedOneCannotBeClaimed) {
  EXPECT_EQ(claim("paypal", 1), std::nullopt);
  EXPECT_EQ(claim("раураl", 2), Reason::own_look_alike);
  EXPECT_EQ(claim("paypa1", 2), Reason::own_look_alike);
  EXPECT_EQ(names_->owner(wire::folded_name("раураl")), std::nullopt) << "plain use is free";
}

TEST_F(NamesTest, MoreNamesThanThereIsSpaceForAreRefused) {
  EXPECT_EQ(claim("ada", 1), std::nullopt);
  EXPECT_EQ(claim("bob", 2), std::nullopt);
  EXPECT_EQ(claim("cyd", 3), std::nullopt);
  EXPECT_EQ(claim("dee", 4), Reason::names_full);
}

TEST_F(NamesTest, AFurtherKeyIsThePersonOfTheName) {
  (void)claim("ada", 1);
  EXPECT_NE(person(2), person(1));
  EXPECT_EQ(add(1, 2), std::nullopt);
  EXPECT_EQ(person(2), person(1));
  EXPECT_EQ(add(1, 2), std::nullopt) << "nothing changes";
  EXPECT_THAT(keys_of(2), ElementsAre(1, 2));
  restart();
  EXPECT_EQ(person(2), person(1));
}

TEST_F(NamesTest, AKeyBelongsToOneName) {
  (void)claim("ada", 1);
  (void)claim("bob", 2);
  EXPECT_EQ(add(1, 2), Reason::own_other_name);
  EXPECT_EQ(add(3, 4), Reason::own_none);
  for (int number = 3; number <= 9; ++number) EXPECT_EQ(add(1, number), std::nullopt);
  EXPECT_EQ(add(1, 10), Reason::own_keys_full);
}

TEST_F(NamesTest, AnOlderKeyDropsAYoungerOneAndNeverTheOtherWay) {
  (void)claim("ada", 1);
  EXPECT_EQ(drop(1, 1), Reason::own_last_key);
  (void)add(1, 2);
  (void)add(1, 3);
  EXPECT_EQ(drop(2, 1), Reason::own_younger);
  EXPECT_EQ(drop(2, 4), Reason::own_no_such_key);
  EXPECT_EQ(drop(4, 2), Reason::own_none);
  EXPECT_EQ(drop(2, 3), std::nullopt);
  EXPECT_THAT(keys_of(1), ElementsAre(1, 2));
  EXPECT_EQ(person(3), own_person(3));
}

TEST_F(NamesTest, TheFirstKeyIsNeverAgainThePersonOfTheNameThatItWasDroppedFrom) {
  (void)claim("ada", 1);
  const PersonId ada = person(1);
  (void)add(1, 2);
  EXPECT_EQ(drop(1, 1), std::nullopt) << "a key renews itself";
  EXPECT_EQ(person(2), ada);
  EXPECT_NE(person(1), ada);
  EXPECT_EQ(add(2, 1), Reason::own_other_name);
  EXPECT_EQ(claim("bob", 1), Reason::own_other_name);
  names_->take(names_->find("ada").value());
  restart();
  EXPECT_NE(person(1), ada);
  EXPECT_NE(person(1), person(2));
}

TEST_F(NamesTest, WithoutSpaceTheDroppedKeyOfANameThatIsGoneIsForgotten) {
  for (int i = 0; i < 40; ++i) {
    const int first = 2 * i + 1;
    EXPECT_EQ(claim("ada", first), std::nullopt) << i;
    EXPECT_EQ(add(first, first + 1), std::nullopt) << i;
    EXPECT_EQ(drop(first, first), std::nullopt) << i;
    names_->take(names_->find("ada").value());
    now_ += hours{1};
  }
  EXPECT_NE(person(79), own_person(79)) << "the last ones are known";
  EXPECT_EQ(person(1), own_person(1));
}

TEST_F(NamesTest, ANameWithoutItsOwnerRestsAndIsThenFree) {
  (void)claim("ada", 1);
  now_ += kExpire - hours{1};
  EXPECT_FALSE(tick());
  EXPECT_TRUE(names_->owns(person(1)));
  now_ += hours{1};
  EXPECT_FALSE(tick());
  EXPECT_FALSE(names_->owns(person(1)));
  EXPECT_EQ(claim("ada", 2), Reason::name_owned) << "it rests";
  now_ += kNameRest;
  EXPECT_TRUE(tick());
  EXPECT_EQ(names_->owner("ada"), std::nullopt);
  EXPECT_EQ(claim("ada", 2), std::nullopt);
}

TEST_F(NamesTest, AnOwnerThatIsInOrComesBackHasItsName) {
  (void)claim("ada", 1);
  now_ += kExpire;
  EXPECT_FALSE(tick(true));
  EXPECT_TRUE(names_->owns(person(1))) << "it is in";
  now_ += kExpire;
  EXPECT_FALSE(tick());
  EXPECT_FALSE(names_->owns(person(1)));
  names_->seen(person(1), now_);
  EXPECT_TRUE(names_->owns(person(1)));
  now_ += kExpire - hours{1};
  (void)tick();
  EXPECT_TRUE(names_->owns(person(1)));
}

TEST_F(NamesTest, SeenIsWrittenOnceInAnHour) {
  (void)claim("ada", 1);
  const auto version = [this] { return state_.registry_head().version.load(); };
  const std::uint64_t before = version();
  for (int i = 0; i < 59; ++i) names_->seen(person(1), now_ + std::chrono::minutes{i});
  EXPECT_EQ(version(), before);
  names_->seen(person(1), now_ + hours{1});
  EXPECT_EQ(version(), before + 2);
}

TEST_F(NamesTest, AReleasedNameIsOwnedAgainOnlyByAClaimOfThePerson) {
  (void)claim("ada", 1);
  (void)add(1, 2);
  EXPECT_TRUE(names_->release(person(1), now_));
  EXPECT_FALSE(names_->owns(person(1)));
  names_->seen(person(2), now_);
  EXPECT_FALSE(names_->owns(person(1)));
  EXPECT_EQ(claim("ada", 3), Reason::name_owned);
  EXPECT_EQ(claim("ada", 2), std::nullopt) << "another key of the person";
  EXPECT_TRUE(names_->owns(person(1)));
  EXPECT_TRUE(names_->release(person(1), now_));
  now_ += kNameRest;
  EXPECT_TRUE(tick());
  EXPECT_EQ(claim("ada", 3), std::nullopt);
  EXPECT_EQ(person(2), person(1)) << "who is banned stays so";
}

TEST_F(NamesTest, ATakenNameIsFreeAtOnceAndARestingOneIsNot) {
  (void)claim("ada", 1);
  names_->rest(names_->find("ada").value(), now_);
  EXPECT_EQ(claim("ada", 2), Reason::name_owned);
  names_->seen(person(1), now_);
  EXPECT_TRUE(names_->owns(person(1))) << "its owner has come";
  names_->take(names_->find("ada").value());
  EXPECT_EQ(claim("ada", 2), std::nullopt);
}

TEST_F(NamesTest, ARevokedNameIsFreeAndItsKeysAreOtherPersons) {
  EXPECT_EQ(claim("ada", 1), std::nullopt);
  EXPECT_EQ(add(1, 2), std::nullopt);
  const PersonId ada = person(1);
  names_->revoke(names_->find("ada").value());
  EXPECT_FALSE(names_->owner("ada"));
  for (int round = 0; round < 2; ++round) {
    EXPECT_NE(person(1), ada);
    EXPECT_NE(person(2), ada);
    restart();
  }
  EXPECT_EQ(claim("ada", 3), std::nullopt);
}

TEST_F(NamesTest, TheKeysOfANameThatIsGoneStayOnePerson) {
  (void)claim("ada", 1);
  (void)add(1, 2);
  names_->take(names_->find("ada").value());
  restart();
  EXPECT_EQ(person(2), own_person(1));
  EXPECT_EQ(claim("bob", 3), std::nullopt);
  EXPECT_EQ(add(3, 2), Reason::own_other_name);
  EXPECT_EQ(claim("cyd", 2), std::nullopt);
  EXPECT_TRUE(names_->owns(person(1)));
  EXPECT_THAT(keys_of(1), ElementsAre(1, 2));
}

TEST_F(NamesTest, AdoptionRemovesRowsThatContradictEachOther) {
  (void)claim("ada", 1);
  state::KeptTable<state::OwnedNameRow> names{state_};
  state::KeptTable<state::NameKeyRow> keys{state_};
  names.adopt();
  keys.adopt();
  const auto add_name = [&](std::string_view text, std::uint64_t person) {
    (void)names.add([&](state::OwnedNameRow& row) {
      row.person = PersonId{person};
      assign(row.name, text);
    });
  };
  add_name("ADA", 99);
  add_name("\xFF", 98);
  (void)keys.add([&](state::NameKeyRow& row) {
    row.person = PersonId{97};
    row.hash = key(1);
  });
  restart();
  EXPECT_EQ(names_->owner("ada"), person(1));
  EXPECT_EQ(names_->size(), 1U);
  EXPECT_EQ(person(1), own_person(1));
}

}  // namespace
}  // namespace chatd::chat
