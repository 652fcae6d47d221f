// SPDX-License-Identifier: GPL-3.0-or-later
// The keys' writer is killed after each of its steps, also between taking a counter and sealing
// its packet: no counter is ever used twice with one key. It is also killed after each step of
// opening a packet: packets of the old and the new key still open, each of them once.
#include <sys/mman.h>

#include <array>
#include <set>
#include <vector>

#include "common/transport/phase_keys.hpp"
#include "daemon/state/key_table.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/key.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

using test::key;

constexpr MonoTime kNow{std::chrono::seconds{10}};
constexpr MonoTime kAnHourLater{std::chrono::seconds{10 + 3600}};

// The sealed packets, in memory that a killed child shares with its parent.
struct Sealed {
  std::size_t count;
  std::array<KeyTable::Seal, 64> seal;
};

class KeyTableCrashTest : public test::StateFixture {
 protected:
  KeyTableCrashTest()
      : sealed_{static_cast<Sealed*>(::mmap(nullptr, sizeof(Sealed), PROT_READ | PROT_WRITE,
                                            MAP_SHARED | MAP_ANONYMOUS, -1, 0))} {}
  ~KeyTableCrashTest() override { ::munmap(sealed_, sizeof(Sealed)); }
  KeyTableCrashTest(const KeyTableCrashTest&) = delete;
  KeyTableCrashTest& operator=(const KeyTableCrashTest&) = delete;

  std::atomic<std::uint64_t>& counter() { return state_.native_slots()[0].packet_counter; }
  void install(int byte) { keys_.install(Slot{0}, key(byte), key(byte + 100), counter(), kNow); }
  static constexpr std::uint64_t in_epoch(std::uint64_t epoch, std::uint64_t packet) {
    return (epoch << wire::kKeyPhaseBits) + packet;
  }
  // Opens a packet as the gateway does; install(1) has set the peer's first key.
  bool opens(std::uint64_t counter) {
    if (!keys_.slot(Slot{0}).replay.is_fresh(counter)) return false;
    const auto mine = keys_.rx_key(Slot{0}, counter);
    const auto its = transport::key_of_phase(key(101), 0, wire::key_phase_of(counter));
    if (mine != its) return false;
    keys_.opened(Slot{0}, counter);
    return true;
  }
  // Kills the process that opens a packet after each step; `before` runs first, `after` in its
  // successor.
  // Returns how many steps there were.
  int kill_who_opens(std::uint64_t counter, const std::function<void()>& before,
                     const std::function<void()>& after) {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      install(1);
      before();
      const bool killed = test::is_killed_at(step, [&] { (void)opens(counter); });
      EXPECT_FALSE(opens(counter)) << "it came twice";
      after();
      if (!killed) return step;
    }
  }
  void seal(int packets) {
    for (int i = 0; i < packets; ++i) {
      if (const auto taken = keys_.take(Slot{0}, counter())) {
        sealed_->seal[sealed_->count++] = *taken;
      }
    }
  }
  void never_twice(const std::function<void()>& work) {
    for (int step = 1; step < 100; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      sealed_->count = 0;
      install(1);
      seal(3);
      const bool was_killed = test::is_killed_at(step, work);
      seal(3);                               // the successor goes on with what it finds
      (void)keys_.take(Slot{0}, counter());  // killed before it could send
      seal(3);
      std::set<std::pair<crypto::Key, std::uint64_t>> used;
      for (std::size_t i = 0; i < sealed_->count; ++i) {
        const auto& [number, with] = sealed_->seal[i];
        EXPECT_TRUE(used.emplace(with, number).second) << "packet " << i;
      }
      if (!was_killed) return;
    }
    ADD_FAILURE() << "it never ended";
  }

  Sealed* sealed_;
};

TEST_F(KeyTableCrashTest, NoNonceIsReusedWhenAHandshakeIsInterrupted) {
  never_twice([&] {
    install(2);
    seal(3);
  });
}

TEST_F(KeyTableCrashTest, NoNonceIsReusedWhenTheKeyPhaseChanges) {
  never_twice([&] {
    keys_.age(Slot{0}, counter(), kAnHourLater);
    seal(3);
    keys_.age(Slot{0}, counter(), kAnHourLater + std::chrono::hours{1});
    seal(3);
  });
}

TEST_F(KeyTableCrashTest, NoNonceIsReusedByTheNextSessionOfTheSlot) {
  never_twice([&] {
    keys_.wipe(Slot{0});
    seal(3);
    install(3);
    seal(3);
  });
}

// A slot whose keys are half wiped opens no packet that its peer did not seal.
TEST_F(KeyTableCrashTest, HalfWipedKeysOpenNoPacket) {
  for (int step = 1;; ++step) {
    install(1);
    const bool was_killed = test::is_killed_at(step, [&] { keys_.wipe(Slot{0}); });
    const auto found = keys_.rx_key(Slot{0}, 0);
    EXPECT_TRUE(!found || *found == key(101)) << "crash point " << step;
    if (was_killed) continue;
    EXPECT_FALSE(found);
    EXPECT_GT(step, 2);
    return;
  }
}

TEST_F(KeyTableCrashTest, BothKeysOpenWhenAPhaseChangeIsInterrupted) {
  for (std::uint64_t epoch = 1; epoch < 4; ++epoch) {
    SCOPED_TRACE("epoch " + std::to_string(epoch));
    const std::uint64_t first = in_epoch(epoch, 0);
    const auto come_there = [&] {
      for (std::uint64_t i = 0; i < epoch; ++i) EXPECT_TRUE(opens(in_epoch(i, 7)));
      EXPECT_TRUE(opens(first - 3));
    };
    const int steps = kill_who_opens(first, come_there, [&] {
      EXPECT_TRUE(opens(first - 2));  // was overtaken
      EXPECT_TRUE(opens(first + 2));
      EXPECT_TRUE(opens(first - 1));
      EXPECT_TRUE(opens(first + 1));
      EXPECT_EQ(keys_.slot(Slot{0}).rx_key_phase, epoch);
      for (auto again = first - 3; again < first + 3; ++again) EXPECT_FALSE(opens(again)) << again;
      EXPECT_TRUE(opens(in_epoch(epoch + 1, 0)));  // and so it goes on
    });
    EXPECT_GT(steps, 2);
  }
}

// No packet arrived for hours: several key phases are skipped at once.
TEST_F(KeyTableCrashTest, BothKeysOpenWhenPhasesAreSkipped) {
  for (std::uint64_t epoch = 2; epoch <= transport::kMaxKeyPhasesAhead; ++epoch) {
    SCOPED_TRACE("epoch " + std::to_string(epoch));
    const std::uint64_t first = in_epoch(epoch, 0);
    const auto come_there = [&] { EXPECT_TRUE(opens(5)); };
    const int steps = kill_who_opens(first, come_there, [&] {
      EXPECT_FALSE(opens(5));
      EXPECT_TRUE(opens(first - 1));  // was overtaken
      EXPECT_TRUE(opens(first + 1));
      EXPECT_FALSE(opens(first - 1));
      EXPECT_FALSE(opens(first + 1));
      EXPECT_EQ(keys_.slot(Slot{0}).rx_key_phase, epoch);
    });
    EXPECT_GT(steps, static_cast<int>(epoch) + 1);
  }
}

}  // namespace
}  // namespace chatd::state
