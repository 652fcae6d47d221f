// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway is killed after each step of a change of an owned name: its successor has the name as
// before or as afterwards, and the change can be repeated.
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/chat/names.hpp"
#include "tests/support/crash.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using state::PersonId;
using ::testing::AnyOf;

class NamesCrashTest : public test::StateFixture {
 protected:
  static constexpr WallTime kNow{std::chrono::hours{1000}};
  static crypto::Hash key(int number) {
    crypto::Hash hash{};
    hash.fill(static_cast<std::byte>(number));
    return hash;
  }
  struct Gateway {
    explicit Gateway(const state::StateView& state)
        : names{state, keys_only, std::chrono::hours{24}} {
      names.adopt();
    }
    PersonId person(int number) const { return all.of_fingerprint(key(number)); }
    void claim(int number) {
      const auto name = wire::check_name("ada").value();
      (void)names.claim({.name = name, .person = person(number), .key = key(number)}, kNow);
    }
    void add(int of, int number) { (void)names.add_key(person(of), key(number), "", kNow); }
    void drop(int by, int number) { (void)names.drop_key(person(by), key(by), key(number)); }
    // "owned 1 2": the keys of the name, and whether it rests.
    std::string state() const {
      const auto owner = names.owner("ada");
      if (!owner) return "free";
      std::string text = names.owns(*owner) ? "owned" : "rests";
      for (const auto* row : names.keys(*owner)) {
        text += " " + std::to_string(static_cast<int>(row->hash[0]));
      }
      return text;
    }
    Persons keys_only{crypto::SecretKey{}};
    Names names;
    Persons all{keys_only, names};
  };

  // Kills a gateway at each step of the change, and its successor at each step of the adoption.
  // Then the change is made again. `between`: a further state that a kill may leave.
  template <class Prepare, class Change>
  void run(Prepare prepare, Change change, const std::string& before, const std::string& after,
           const std::string& between = "none") {
    for (int step = 1;; ++step) {
      SCOPED_TRACE("crash point " + std::to_string(step));
      renew_region();
      Gateway gateway{state_};
      prepare(gateway);
      const bool was_killed = test::is_killed_at(step, [&] { change(gateway); });
      for (int second = 1; test::is_killed_at(second, [&] { const Gateway again{state_}; });
           ++second) {
      }
      Gateway next{state_};
      EXPECT_THAT(next.state(), AnyOf(before, after, between));
      change(next);
      EXPECT_EQ(next.state(), after);
      EXPECT_EQ(Gateway{state_}.state(), after);
      if (!was_killed) {
        EXPECT_GT(step, 3);
        return;
      }
    }
  }
};

TEST_F(NamesCrashTest, ANameIsClaimedOrNot) {
  run([](Gateway&) {}, [](Gateway& gateway) { gateway.claim(1); }, "free", "owned 1");
}

TEST_F(NamesCrashTest, AKeyIsAddedOrNot) {
  run([](Gateway& gateway) { gateway.claim(1); }, [](Gateway& gateway) { gateway.add(1, 2); },
      "owned 1", "owned 1 2");
}

TEST_F(NamesCrashTest, AKeyIsDroppedOrNot) {
  const auto prepare = [](Gateway& gateway) {
    gateway.claim(1);
    gateway.add(1, 2);
    gateway.add(1, 3);
  };
  run(
      prepare, [](Gateway& gateway) { gateway.drop(1, 2); }, "owned 1 2 3", "owned 1 3");
  run(
      prepare, [](Gateway& gateway) { gateway.drop(1, 1); }, "owned 1 2 3", "owned 2 3");
}

TEST_F(NamesCrashTest, ANameIsReleasedAndTakenOrNot) {
  const auto prepare = [](Gateway& gateway) { gateway.claim(1); };
  run(
      prepare, [](Gateway& gateway) { (void)gateway.names.release(gateway.person(1), kNow); },
      "owned 1", "rests 1");
  run(
      prepare,
      [](Gateway& gateway) {
        if (const auto name = gateway.names.find("ada")) gateway.names.take(*name);
      },
      "owned 1", "free");
}

TEST_F(NamesCrashTest, ANameIsRevokedWithAllItsKeysOrCanBeRevokedOnceMore) {
  run([](Gateway& gateway) { gateway.claim(1); },
      [](Gateway& gateway) {
        if (const auto name = gateway.names.find("ada")) gateway.names.revoke(*name);
        EXPECT_TRUE(gateway.names.person_of(key(1)).value().is_dropped);
      },
      "owned 1", "free", "owned");
}

}  // namespace
}  // namespace chatd::chat
