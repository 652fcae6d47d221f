// SPDX-License-Identifier: GPL-3.0-or-later
//
// A process is killed after some of the machine instructions of the operations of every tool
// (with CHATD_KILL_STRIDE=1 after each one). The survivors must be able to continue, with no
// damaged data.
#include <array>
#include <cstring>
#include <numeric>

#include <gtest/gtest.h>

#include "common/process/pipe.hpp"
#include "common/process/process.hpp"
#include "common/toolkit/event.hpp"
#include "common/toolkit/queue.hpp"
#include "common/toolkit/semaphore.hpp"
#include "common/toolkit/shared_array.hpp"
#include "tests/fault/toolkit/kill_steps.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::process {
namespace {

using std::chrono::seconds;
constexpr seconds kGenerous{30};

class EveryInstruction : public test::LeakCheck {};

TEST_F(EveryInstruction, SemaphoreKeepsCounting) {
  auto semaphore = Semaphore::create(2).value();
  const auto take_and_give = [&] {
    static_cast<void>(semaphore.acquire());
    static_cast<void>(semaphore.release());
  };
  take_and_give();
  test::kill_at_every_step(take_and_give, [&](long step) {
    // The unit of the dead process may be lost; there is never one more.
    ASSERT_GE(semaphore.value(), 1U) << step;
    ASSERT_LE(semaphore.value(), 2U) << step;
    ASSERT_TRUE(semaphore.acquire(kGenerous).has_value()) << step;
    ASSERT_TRUE(semaphore.release(2 - semaphore.value()).has_value()) << step;
  });
}

// A process sleeps on the event while another one is killed in set(). Afterwards the event is
// either set, and the sleeper wakes up, or not set, and another set() wakes it.
TEST_F(EveryInstruction, EventWakesItsSleepers) {
  auto event = Event::create().value();
  const auto set = [&] { event.set(); };
  set();
  bool at_end = false;
  auto random = test::sample_random("EventWakesItsSleepers");
  for (long step = 0; !at_end; step = test::next_step(step, random)) {
    event.clear();
    Process sleeper{{.name = "sleeper", .daemon = true},
                    [&] { return event.wait(kGenerous) ? 0 : 1; }};
    ASSERT_TRUE(sleeper.start().has_value());
    at_end = test::kill_after(step, set);
    if (!event.is_set()) event.set();
    ASSERT_TRUE(sleeper.join(2 * kGenerous).value_or(false)) << step;
    ASSERT_TRUE(sleeper.exit_status()->succeeded()) << step;
  }
}

TEST_F(EveryInstruction, QueueLosesAtMostTheItemOfTheDeadProcess) {
  auto queue = Queue<int>::create(4).value();
  const auto put = [&] { static_cast<void>(queue.put(7)); };
  put();
  EXPECT_EQ(queue.get().value(), 7);
  test::kill_at_every_step(put, [&](long step) {
    ASSERT_TRUE(queue.put(8, kGenerous).has_value()) << step;
    const int first = queue.get(kGenerous).value().value();
    if (first == 7) {
      ASSERT_EQ(queue.get(kGenerous).value(), 8) << step;
    } else {
      ASSERT_EQ(first, 8) << step;
    }
    ASSERT_TRUE(queue.empty()) << step;
  });
  const auto get = [&] { static_cast<void>(queue.get()); };
  test::kill_at_every_step(
      [&] {
        static_cast<void>(queue.put(1));
        get();
      },
      [&](long step) {
        ASSERT_LE(queue.size(), 1U) << step;
        if (!queue.empty()) {
          ASSERT_EQ(queue.get(kGenerous).value(), 1) << step;
        }
        ASSERT_TRUE(queue.put(2, kGenerous).has_value()) << step;
        ASSERT_EQ(queue.get(kGenerous).value(), 2) << step;
      });
}

using Pair = std::array<long, 4>;

TEST_F(EveryInstruction, SharedValuesAreNeverMixed) {
  auto array = SharedArray<Pair>::create(2).value();
  const auto count_up = [](Pair& pair) {
    for (long& half : pair) ++half;
  };
  const auto change = [&] {
    array.update(1, count_up);
    array.update_all([&](std::span<Pair> pairs) {
      for (Pair& pair : pairs) count_up(pair);
    });
  };
  change();
  test::kill_at_every_step(change, [&](long step) {
    const auto all = array.get_all();
    for (const Pair& pair : all) {
      for (const long half : pair) ASSERT_EQ(half, pair[0]) << step;
    }
    ASSERT_GE(all[1][0], all[0][0]) << step;
    array.update_all([&](std::span<Pair> pairs) { std::ranges::fill(pairs, Pair{}); });
  });
}

TEST_F(EveryInstruction, PipeDeliversMessagesSentAfterTheDeath) {
  auto [receiver, sender] = make_pipe(PipeKind::one_way).value();
  const int seven = 7;
  const int eight = 8;
  const auto bytes_of = [](const int& value) { return std::as_bytes(std::span{&value, 1}); };
  const auto next = [&receiver] {
    int value = 0;
    const auto message = receiver.receive(kGenerous).value().value();
    std::memcpy(&value, message.data(), sizeof value);
    return value;
  };
  const auto send = [&] { static_cast<void>(sender.send(bytes_of(seven))); };
  send();
  EXPECT_EQ(next(), 7);
  test::kill_at_every_step(send, [&](long step) {
    ASSERT_TRUE(sender.send(bytes_of(eight), kGenerous).has_value()) << step;
    const int first = next();
    if (first == 7) {
      ASSERT_EQ(next(), 8) << step;
    } else {
      ASSERT_EQ(first, 8) << step;
    }
  });
  test::kill_at_every_step(
      [&] {
        send();
        static_cast<void>(receiver.receive());
      },
      [&](long step) {
        ASSERT_TRUE(sender.send(bytes_of(eight), kGenerous).has_value()) << step;
        const int first = next();
        if (first == 7) {
          ASSERT_EQ(next(), 8) << step;
        }
      });
}

}  // namespace
}  // namespace chatd::process
