// SPDX-License-Identifier: GPL-3.0-or-later
// A service that continues in memory of other sizes: its members do not notice.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "daemon/chat/rule_hits.hpp"
#include "daemon/handover/snapshot.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::handover {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using test::NativeWorld;

constexpr WallTime kNow{std::chrono::seconds{5000}};

void move_through_snapshot(const state::StateView& from, const state::KeyTable& from_keys,
                           const state::StateView& to, const state::KeyTable& to_keys) {
  const auto restored = read_snapshot(write_snapshot(from, from_keys), to, to_keys, kNow);
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_EQ(restored->left_out, 0U);
}

constexpr state::Geometry kLarger{.sessions = 100, .ring_bytes = 1U << 20U};
constexpr state::Geometry kSmaller{.sessions = 10, .ring_bytes = 1U << 16U};

class SnapshotReadTest : public ::testing::Test {
 protected:
  void expect_nobody_noticed(const NativeWorld::Seat& seat) const {
    EXPECT_FALSE(test::has<client::Reconnecting>(seat.events));
    EXPECT_FALSE(test::has<client::Missed>(seat.events));
    EXPECT_FALSE(test::has<client::Ended>(seat.events));
    const auto count = [&](wire::RecordKind kind) {
      return std::ranges::count_if(test::events_of<client::Line>(seat.events),
                                   [&](const client::Line& event) { return event.record == kind; });
    };
    EXPECT_EQ(count(wire::RecordKind::leave), 0);
    EXPECT_LE(count(wire::RecordKind::join), 2);
  }
  NativeWorld world_{1};
};

TEST_F(SnapshotReadTest, AConversationContinuesWithNothingLostOrDoubled) {
  auto& ada = world_.enter("ada");
  auto& bob = world_.enter("bob");
  world_.weather = {.loss = 0.1, .twice = 0.1};
  std::vector<std::string> said;
  for (int i = 0; i < 60; ++i) {
    ada.member.say(std::to_string(i), world_.now());
    said.push_back("ada: " + std::to_string(i));
    world_.run_for(milliseconds{3});
    if (i % 10 == 5) {
      world_.replace_service(i % 20 == 5 ? kLarger : kSmaller, move_through_snapshot);
    }
  }
  const auto all_is_there = [&] {
    return ada.member.unconfirmed() == 0 && ada.lines.size() >= 60 && bob.lines.size() >= 60;
  };
  ASSERT_TRUE(world_.run_until(all_is_there));
  EXPECT_EQ(ada.lines, said);
  EXPECT_EQ(bob.lines, said);
  expect_nobody_noticed(ada);
  expect_nobody_noticed(bob);
}

// The memory is another one, in which nothing is stored until the archive has looked.
TEST_F(SnapshotReadTest, AMemberThatWaitsForTheDiskGoesOnWaiting) {
  auto& ada = world_.add({.name = "ada", .wants_saved = true});
  world_.start(ada);
  ASSERT_TRUE(world_.run_until([&] { return ada.member.is_joined(); }));
  ada.member.say("hello", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  world_.view().archive().lost_tail = 1;
  world_.replace_service(kLarger, move_through_snapshot);
  EXPECT_EQ(world_.view().archive().lost_tail, 1U);
  world_.view().archive().lost_tail = 0;
  world_.run_for(std::chrono::seconds{5});
  EXPECT_FALSE(test::has<client::Saved>(ada.events));
  world_.store_all();
  EXPECT_TRUE(world_.run_until([&] { return test::has<client::Saved>(ada.events); }));
  EXPECT_EQ(test::first_of<client::Saved>(ada.events)->state, wire::Reason::done);
}

TEST_F(SnapshotReadTest, AnUnacknowledgedDirectMessageArrives) {
  auto& ada = world_.enter("ada");
  auto& bob = world_.enter("bob");
  bob.asleep = true;
  ada.member.write_to("bob", "between us", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  world_.replace_service(kLarger, move_through_snapshot);
  bob.asleep = false;
  EXPECT_TRUE(world_.run_until([&] {
    return std::ranges::any_of(
        test::events_of<client::Line>(bob.events), [](const client::Line& event) {
          return event.record == wire::RecordKind::direct && event.text == "between us";
        });
  }));
}

TEST_F(SnapshotReadTest, NoCounterIsUsedAgainWithTheSameKey) {
  auto& ada = world_.enter("ada");
  std::vector<std::uint64_t> counters;
  world_.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    const auto header = wire::read_sealed(bytes);
    if (!to_server && header) counters.push_back(header->counter);
  };
  for (int i = 0; i < 20; ++i) {
    ada.member.say("x", world_.now());
    world_.run_for(milliseconds{50});
    world_.replace_service(i % 2 == 0 ? kLarger : kSmaller, move_through_snapshot);
  }
  ASSERT_GT(counters.size(), 20U);
  std::ranges::sort(counters);
  EXPECT_EQ(std::ranges::adjacent_find(counters), counters.end());
}

// The session's gateway was killed before the keys were stored. The client logs in again; until
// then the session has no keys.
TEST_F(SnapshotReadTest, ASessionWithoutKeysStaysWithoutKeys) {
  const chat::Slot ada = world_.begin_to_enter("ada");
  world_.replace_service(kLarger, move_through_snapshot);
  auto& counter = world_.view().native_slots()[ada].packet_counter;
  EXPECT_FALSE(world_.keys().take(ada, counter));
  EXPECT_FALSE(world_.keys().rx_key(ada, 0));
}

TEST_F(SnapshotReadTest, AMemberWithoutASlotIsCountedAndSeenToLeave) {
  auto& ada = world_.enter("ada");
  for (const char* name : {"bob", "cyd"}) world_.enter(name);
  world_.run_for(std::chrono::seconds{1});
  world_.replace_service(
      {.sessions = 2, .ring_bytes = 1U << 16U},
      [](const auto& from, const auto& from_keys, const auto& to, const auto& to_keys) {
        const auto restored = read_snapshot(write_snapshot(from, from_keys), to, to_keys, kNow);
        ASSERT_TRUE(restored);
        EXPECT_EQ(restored->sessions, 2U);
        EXPECT_EQ(restored->left_out, 1U);
      });
  EXPECT_TRUE(world_.run_until([&] {
    return std::ranges::any_of(
        test::events_of<client::Line>(ada.events), [](const client::Line& event) {
          return event.record == wire::RecordKind::leave && event.name == "cyd";
        });
  }));
}

// Of ada's two programs one has no slot in the next service.
TEST_F(SnapshotReadTest, AMemberStaysWhileOneOfItsProgramsIsRestored) {
  const auto identity = crypto::generate_key_pair().value();
  NativeWorld::Seat* const programs[] = {&world_.add({.name = "ada", .identity = identity}),
                                         &world_.add({.name = "ada", .identity = identity})};
  auto& bob = world_.enter("bob");
  for (NativeWorld::Seat* const program : programs) {
    world_.start(*program);
    ASSERT_TRUE(world_.run_until([&] { return program->member.is_joined(); }));
  }
  for (const std::uint32_t sessions : {2U, 1U}) {
    world_.run_for(std::chrono::seconds{1});
    world_.replace_service(
        {.sessions = sessions, .ring_bytes = 1U << 16U},
        [](const auto& from, const auto& from_keys, const auto& to, const auto& to_keys) {
          ASSERT_TRUE(read_snapshot(write_snapshot(from, from_keys), to, to_keys, kNow));
        });
    world_.run_for(std::chrono::seconds{1});
    const auto leaves = std::ranges::count_if(
        test::events_of<client::Line>(bob.events), [](const client::Line& event) {
          return event.record == wire::RecordKind::leave && event.name == "ada";
        });
    EXPECT_EQ(leaves, sessions == 2 ? 0 : 1) << sessions;
  }
}

// Members move, processes are killed and services are replaced in a random order, in bad weather.
// However that was, afterwards every command is confirmed and every member hears the others soon.
TEST(SnapshotReadInDisorder, EveryMemberHearsTheOthersAfterAnyOrderOfFaults) {
  constexpr state::Geometry kAnother{
      .sessions = 90, .ring_bytes = 1U << 17U, .rooms = 20, .room_ring_bytes = 1U << 15U};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    NativeWorld world{seed};
    std::vector<NativeWorld::Seat*> seats;
    for (const char* name : {"ada", "bob", "cyd", "dan"}) seats.push_back(&world.enter(name));
    (void)seats[0]->member.send(client::MakeRoom{.name = "lab"}, world.now());
    std::mt19937_64 random{seed};
    world.weather = {.loss = 0.2, .twice = 0.1};
    for (int step = 0; step < 60; ++step) {
      NativeWorld::Seat& seat = *seats[random() % seats.size()];
      switch (random() % 7) {
        case 0:
          world.move(seat);
          break;
        case 1:
          world.replace_gateway();
          break;
        case 2:
          world.replace_worker();
          break;
        case 3:
          world.replace_service(kAnother, move_through_snapshot);
          break;
        case 4:
          (void)seat.member.send(client::JoinRoom{.name = "lab"}, world.now());
          break;
        default:
          seat.member.say(std::string(random() % 900, 'x'), world.now());
      }
      world.run_for(milliseconds{random() % 300});
    }
    world.weather = {};
    for (NativeWorld::Seat* const seat : seats) seat->member.say("the end", world.now());
    EXPECT_TRUE(world.run_until(
        [&] {
          return std::ranges::all_of(seats, [](const NativeWorld::Seat* seat) {
            return seat->member.unconfirmed() == 0 &&
                   std::ranges::count_if(seat->lines, [](const std::string& line) {
                     return line.ends_with(": the end");
                   }) == 4;
          });
        },
        std::chrono::seconds{15}));
  }
}

// A snapshot without "protocol" was written by a service of protocol version 1.
TEST_F(SnapshotReadTest, NativeSessionsOfAnotherProtocolVersionLeave) {
  auto& ada = world_.enter("ada");
  world_.inject(std::as_bytes(std::span{std::string_view{"L tom"}}),
                test::endpoint("127.0.0.1:40000"));
  ASSERT_TRUE(world_.sessions().find_name("tom"));
  world_.replace_service(
      kLarger, [](const auto& from, const auto& from_keys, const auto& to, const auto& to_keys) {
        json snapshot = json::from_cbor(write_snapshot(from, from_keys));
        ASSERT_EQ(snapshot["protocol"], wire::kNativeVersion);
        snapshot.erase("protocol");
        const auto restored = read_snapshot(json::to_cbor(snapshot), to, to_keys, kNow);
        ASSERT_TRUE(restored);
        EXPECT_EQ(restored->sessions, 1U);
        EXPECT_EQ(restored->other_protocol, 1U);
        EXPECT_EQ(restored->left_out, 0U);
      });
  EXPECT_FALSE(world_.sessions().find_name("ada"));
  EXPECT_TRUE(world_.sessions().find_name("tom"));
  // Its next packet is answered with a RESET, after which it logs in again.
  ada.member.say("still here", world_.now());
  ASSERT_TRUE(world_.run_until([&] { return test::has<client::Reconnected>(ada.events); }));
  EXPECT_TRUE(world_.run_until([&] { return ada.member.unconfirmed() == 0; }));
  EXPECT_EQ(ada.lines, std::vector<std::string>{"ada: still here"});
}

// The predecessor was killed between a ban of the server and the end of the session.
TEST_F(SnapshotReadTest, ABanOfThePersonOfASessionIsInForceInTheNextService) {
  auto& ada = world_.enter("ada");
  const state::PersonId person =
      world_.sessions().person(world_.sessions().find_name("ada").value());
  ASSERT_TRUE(world_.chat().rules.add({.kind = state::RuleKind::ban,
                                       .target = state::RuleTarget::person,
                                       .person = person,
                                       .reason = "noise"}));
  world_.replace_service(kLarger, move_through_snapshot);
  const auto banned =
      chat::banned_members(world_.sessions(), world_.chat().rules, world_.server_now().wall);
  ASSERT_EQ(banned.size(), 1U);
  EXPECT_EQ(world_.sessions().name(banned[0].member), "ada");
  EXPECT_EQ(world_.sessions().person(banned[0].member), person);
  world_.service().remove(banned[0].member, state::LeaveKind::kicked, "banned: noise",
                          world_.server_now());
  ASSERT_TRUE(world_.run_until([&] { return ada.member.has_ended(); }));
  EXPECT_EQ(test::end_of(ada.events).text, "banned: noise");
}

TEST_F(SnapshotReadTest, OfALogThatIsTooLongTheEndIsKept) {
  auto& ada = world_.enter("ada");
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(world_.chat().commands.announce(std::string(300, 'x'), world_.server_now()));
  }
  ASSERT_TRUE(world_.run_until([&] { return ada.events.size() > 500; }));
  world_.replace_service(kSmaller, move_through_snapshot);
  const auto records = test::records_of(world_.view());
  EXPECT_GT(records.size(), 100U);
  EXPECT_EQ(records.back().sequence, 500U);
  ada.member.say("still here", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return !ada.lines.empty(); }));
}

TEST_F(SnapshotReadTest, ADamagedSnapshotIsRefusedOrHarmless) {
  auto& ada = world_.enter("ada");
  ada.member.say("hello", world_.now());
  world_.run_for(milliseconds{100});
  const auto whole = write_snapshot(world_.view(), world_.keys());
  struct Fresh : test::StandaloneRegion {
    [[nodiscard]] bool takes(std::span<const std::uint8_t> bytes) {
      return read_snapshot(bytes, state_, keys_, kNow).has_value();
    }
  };
  EXPECT_TRUE(Fresh{}.takes(whole));
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 50) {
    EXPECT_FALSE(Fresh{}.takes(std::span{whole}.first(size))) << size;
  }
  for (std::size_t at = 0; at < whole.size(); at += 1 + at / 100) {
    auto wrong = whole;
    wrong[at] ^= 0x41;
    (void)Fresh{}.takes(wrong);  // returns without a crash
  }
  json other = json::from_cbor(whole);
  other["format"] = 2;
  EXPECT_FALSE(Fresh{}.takes(json::to_cbor(other)));
  // Found while the fuzz target was written: a log without valid records was accepted, and its
  // readers failed.
  for (const std::size_t at : {0U, 6U, 12U}) {  // in the first record
    json torn = json::from_cbor(whole);
    torn["log"]["bytes"].get_binary().at(at) ^= 0xFF;
    EXPECT_FALSE(Fresh{}.takes(json::to_cbor(torn))) << at;
  }
  json crooked = json::from_cbor(whole);
  crooked["log"]["from"] = 4;
  EXPECT_FALSE(Fresh{}.takes(json::to_cbor(crooked)));
  json secret = json::from_cbor(whole);
  secret["reset_secret"].get_binary().pop_back();
  EXPECT_FALSE(Fresh{}.takes(json::to_cbor(secret)));
  json beyond = json::from_cbor(whole);
  beyond["sessions"][0]["session"]["acked"][1] = std::uint64_t{1} << 40U;
  EXPECT_FALSE(Fresh{}.takes(json::to_cbor(beyond)));
}

}  // namespace
}  // namespace chatd::handover
