// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/key_table.hpp"

#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "common/transport/phase_keys.hpp"
#include "tests/support/key.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::key;

class KeyTableTest : public test::StateFixture {
 protected:
  std::atomic<std::uint64_t>& counter() { return state_.native_slots()[0].packet_counter; }
  MonoTime now_{seconds{1000}};
};

TEST_F(KeyTableTest, CountersOfANewKeyBeginAtZero) {
  counter() = 4711;
  keys_.install(Slot{0}, key(1), key(2), counter(), now_);
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto seal = keys_.take(Slot{0}, counter());
    ASSERT_TRUE(seal);
    EXPECT_EQ(seal->counter, i);
    EXPECT_EQ(seal->key, key(1));
  }
}

// A worker may serve a new session before its keys are set, and a gateway may be killed then:
// zeros are no key.
TEST_F(KeyTableTest, ASlotThatNeverHadKeysSealsAndOpensNothing) {
  keys_.age(Slot{0}, counter(), now_ + hours{2});
  EXPECT_FALSE(keys_.take(Slot{0}, counter()));
  EXPECT_FALSE(keys_.rx_key(Slot{0}, 0));
}

TEST_F(KeyTableTest, AWipedSlotSealsAndOpensNothing) {
  keys_.install(Slot{0}, key(1), key(2), counter(), now_);
  keys_.wipe(Slot{0});
  keys_.age(Slot{0}, counter(), now_ + hours{2});
  EXPECT_FALSE(keys_.take(Slot{0}, counter()));
  EXPECT_FALSE(keys_.rx_key(Slot{0}, 0));
}

// Two processes seal while a third one replaces the key: no pair of key and counter is used twice.
TEST_F(KeyTableTest, NoCounterIsTakenTwiceUnderOneKey) {
  const auto follower =
      KeyTable::map(key_region_.get(), state_.geometry().sessions, Access::follower).value();
  keys_.install(Slot{0}, key(1), key(0), counter(), now_);
  using Used = std::set<std::pair<std::byte, std::uint64_t>>;
  std::array<Used, 2> used;
  {
    std::vector<std::jthread> sealers;
    for (Used& mine : used) {
      sealers.emplace_back([&] {
        for (int i = 0; i < 20'000; ++i) {
          const auto seal = follower.take(Slot{0}, counter());
          if (seal) mine.emplace(seal->key[0], seal->counter);
        }
      });
    }
    for (int i = 2; i < 200; ++i) keys_.install(Slot{0}, key(i), key(0), counter(), now_);
  }
  for (const auto& one : used[0]) EXPECT_FALSE(used[1].contains(one));
  EXPECT_GT(used[0].size() + used[1].size(), 1000U);
}

TEST_F(KeyTableTest, TheKeyPhaseFollowsTheCounter) {
  keys_.install(Slot{0}, key(1), key(2), counter(), now_);
  counter() += std::uint64_t{2} << wire::kKeyPhaseBits;
  const auto seal = keys_.take(Slot{0}, counter());
  ASSERT_TRUE(seal);
  EXPECT_EQ(seal->key, transport::key_of_phase(key(1), 0, 2));
  keys_.age(Slot{0}, counter(), now_);
  EXPECT_EQ(keys_.slot(Slot{0}).tx[keys_.slot(Slot{0}).tx_serial % 2].epoch, 2U);
  EXPECT_EQ(keys_.take(Slot{0}, counter()).value().key, seal->key);
}

TEST_F(KeyTableTest, AKeyIsReplacedAfterAnHour) {
  keys_.install(Slot{0}, key(1), key(2), counter(), now_);
  keys_.age(Slot{0}, counter(), now_ + hours{1} - seconds{1});
  EXPECT_EQ(keys_.take(Slot{0}, counter()).value().key, key(1));
  keys_.age(Slot{0}, counter(), now_ + hours{1});
  const auto seal = keys_.take(Slot{0}, counter());
  ASSERT_TRUE(seal);
  EXPECT_EQ(wire::key_phase_of(seal->counter), 1U);
  EXPECT_EQ(seal->key, crypto::next_key(key(1)));
}

TEST_F(KeyTableTest, APacketIsOpenedWithTheKeyOfItsPhase) {
  keys_.install(Slot{0}, key(1), key(2), counter(), now_);
  const std::uint64_t first = std::uint64_t{1} << wire::kKeyPhaseBits;
  EXPECT_EQ(keys_.rx_key(Slot{0}, 0), key(2));
  EXPECT_EQ(keys_.rx_key(Slot{0}, first), crypto::next_key(key(2)));
  EXPECT_FALSE(keys_.rx_key(Slot{0}, first * 9));
  keys_.opened(Slot{0}, first + 3);
  EXPECT_EQ(keys_.rx_key(Slot{0}, 5), key(2));  // a late one
  EXPECT_FALSE(keys_.slot(Slot{0}).replay.is_fresh(first + 3));
  keys_.opened(Slot{0}, first * 2);
  EXPECT_FALSE(keys_.rx_key(Slot{0}, 5));
}

TEST_F(KeyTableTest, AWorkersMappingIsReadOnly) {
  const auto follower =
      KeyTable::map(key_region_.get(), state_.geometry().sessions, Access::follower).value();
  EXPECT_DEATH(follower.slot(Slot{0}).rx_key_phase = 1, "");
}

TEST_F(KeyTableTest, AWorkersMappingHasNoResetSecret) {
  keys_.reset_secret() = key(9);
  const auto successor =
      KeyTable::map(key_region_.get(), state_.geometry().sessions, Access::writer).value();
  EXPECT_EQ(successor.reset_secret(), key(9));
  EXPECT_EQ(keys_.slot(Slot{state_.geometry().sessions - 1}).rx_key_phase, 0U);
  const auto follower =
      KeyTable::map(key_region_.get(), state_.geometry().sessions, Access::follower).value();
  EXPECT_DEATH((void)follower.reset_secret(), "");
}

}  // namespace
}  // namespace chatd::state
