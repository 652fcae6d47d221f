// SPDX-License-Identifier: GPL-3.0-or-later
// The keys' owner is killed after each of its steps, also between a counter and the packet for
// it: no counter is ever used twice with one key.
#include <sys/mman.h>

#include <array>
#include <set>
#include <vector>

#include "daemon/state/key_table.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::state {
namespace {

constexpr MonoTime kNow{std::chrono::seconds{10}};
constexpr MonoTime kAnHourLater{std::chrono::seconds{10 + 3600}};

// What was sealed, in memory that a killed child leaves to its parent.
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

  static crypto::Key key(int byte) {
    crypto::Key key{};
    key.fill(static_cast<std::byte>(byte));
    return key;
  }
  std::atomic<std::uint64_t>& counter() { return state_.native_slots()[0].packet_counter; }
  void install(int byte) { keys_.install(0, key(byte), key(byte + 100), counter(), kNow); }
  void seal(int packets) {
    for (int i = 0; i < packets; ++i) {
      if (const auto taken = keys_.take(0, counter())) sealed_->seal[sealed_->count++] = *taken;
    }
  }
  void never_twice(const std::function<void()>& work) {
    for (int step = 1; step < 100; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      sealed_->count = 0;
      install(1);
      seal(3);
      const bool was_killed = test::is_killed_at(step, work);
      seal(3);                         // the successor goes on with what it finds
      (void)keys_.take(0, counter());  // killed before it could send
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

TEST_F(KeyTableCrashTest, NoNonceIsUsedTwiceWhenANewHandshakeIsCutOff) {
  never_twice([&] {
    install(2);
    seal(3);
  });
}

TEST_F(KeyTableCrashTest, NorWhenTheKeyMovesOn) {
  never_twice([&] {
    keys_.age(0, counter(), kAnHourLater);
    seal(3);
    keys_.age(0, counter(), kAnHourLater + std::chrono::hours{1});
    seal(3);
  });
}

TEST_F(KeyTableCrashTest, NorWhenTheSessionEndsAndAnotherBegins) {
  never_twice([&] {
    keys_.wipe(0);
    seal(3);
    install(3);
    seal(3);
  });
}

}  // namespace
}  // namespace chatd::state
