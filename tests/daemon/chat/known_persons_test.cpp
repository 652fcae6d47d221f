// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/known_persons.hpp"

#include <set>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;

class KnownPersonsTest : public test::StateFixture {
 protected:
  KnownPersonsTest() { known_.adopt(); }

  static constexpr WallTime kNow{std::chrono::hours{24 * 100}};
  static constexpr std::chrono::hours kDay{24};

  void note(std::uint64_t person, WallTime now = kNow, std::string_view address = "192.0.2.1") {
    known_.note({.person = PersonId{person},
                 .address = parse_address(address).value(),
                 .began = now - KnownPersons::kMinStay},
                now, [this](PersonId one) { return protected_.contains(one); });
  }
  [[nodiscard]] bool has(std::uint64_t person) const {
    return known_.first_seen(PersonId{person}).has_value();
  }
  [[nodiscard]] std::uint64_t version() const { return state_.registry_head().version; }

  std::set<PersonId> protected_;
  KnownPersons known_{state_};
};

TEST_F(KnownPersonsTest, APersonIsKnownADayAfterTheBeginOfItsFirstSession) {
  note(1);
  const WallTime began = kNow - KnownPersons::kMinStay;
  EXPECT_EQ(known_.first_seen(PersonId{1}), began);
  EXPECT_FALSE(known_.is_known(PersonId{1}, began + kDay - Micros{1}));
  EXPECT_TRUE(known_.is_known(PersonId{1}, began + kDay));
  EXPECT_FALSE(known_.is_known(PersonId{2}, began + kDay));
}

TEST_F(KnownPersonsTest, ALaterSessionChangesNothingForADay) {
  note(1);
  const auto before = version();
  note(1, kNow + kDay - Micros{1});
  EXPECT_EQ(version(), before);
  note(1, kNow + kDay);
  EXPECT_NE(version(), before);
  EXPECT_EQ(known_.first_seen(PersonId{1}), kNow - KnownPersons::kMinStay);
}

TEST_F(KnownPersonsTest, ASuccessorHasTheSameKnownPersons) {
  note(1);
  note(2);
  known_.forget(PersonId{2});
  KnownPersons successor{state_};
  successor.adopt();
  EXPECT_TRUE(successor.first_seen(PersonId{1}));
  EXPECT_FALSE(successor.first_seen(PersonId{2}));
  EXPECT_EQ(successor.size(), 1U);
}

TEST_F(KnownPersonsTest, ANetworkFillsOnlyItsShareAndUsesItsOwnOldestRowAgain) {
  note(1, kNow, "198.51.100.1");
  for (std::uint64_t i = 0; i < KnownPersons::kRowsOfANetwork; ++i) {
    note(100 + i, kNow + Micros{static_cast<std::int64_t>(i)});
  }
  EXPECT_EQ(known_.size(), KnownPersons::kRowsOfANetwork + 1);
  note(99, kNow + kDay);
  EXPECT_EQ(known_.size(), KnownPersons::kRowsOfANetwork + 1);
  EXPECT_TRUE(has(99));
  EXPECT_FALSE(has(100));
  EXPECT_TRUE(has(101));
  EXPECT_TRUE(has(1));
}

TEST_F(KnownPersonsTest, TheAddressesOfOneIPv6HostAreOneNetwork) {
  for (std::uint64_t i = 0; i < KnownPersons::kRowsOfANetwork; ++i) {
    note(100 + i, kNow, i % 2 == 0 ? "2001:db8::1" : "2001:db8::2");
  }
  note(99, kNow, "2001:db8::3");
  EXPECT_EQ(known_.size(), KnownPersons::kRowsOfANetwork);
}

TEST_F(KnownPersonsTest, ARowThatSomebodyProtectsIsNotUsedAgain) {
  protected_.insert(PersonId{100});
  for (std::uint64_t i = 0; i < KnownPersons::kRowsOfANetwork; ++i) {
    note(100 + i, kNow + Micros{static_cast<std::int64_t>(i)});
  }
  note(99, kNow + kDay);
  EXPECT_TRUE(has(100));
  EXPECT_FALSE(has(101));
}

TEST_F(KnownPersonsTest, WhenAllRowsAreUsedTheNetworkWithMostRowsLosesOne) {
  constexpr auto kShares = state::kKnownPersonRows / KnownPersons::kRowsOfANetwork;
  std::uint64_t person = 100;
  for (std::uint32_t network = 0; network < kShares; ++network) {
    // The last network has two rows less, so that another one has most.
    const std::uint32_t rows = KnownPersons::kRowsOfANetwork - (network + 1 == kShares ? 2 : 0);
    for (std::uint32_t i = 0; i < rows; ++i) {
      note(person++, kNow, "192.0.2." + std::to_string(network));
    }
  }
  note(1, kNow, "198.51.100.1");
  note(2, kNow, "198.51.100.1");
  EXPECT_EQ(known_.size(), state::kKnownPersonRows);
  note(3, kNow, "198.51.100.1");
  EXPECT_EQ(known_.size(), state::kKnownPersonRows);
  EXPECT_TRUE(has(1));
  EXPECT_TRUE(has(2));
  EXPECT_TRUE(has(3));
}

TEST_F(KnownPersonsTest, ASessionThatBeganAfterAClockThatWasSetBackBeginsNow) {
  known_.note({.person = PersonId{1}, .address = {}, .began = kNow + kDay}, kNow,
              [](PersonId) { return false; });
  EXPECT_EQ(known_.first_seen(PersonId{1}), kNow);
}

}  // namespace
}  // namespace chatd::chat
