// SPDX-License-Identifier: GPL-3.0-or-later
// Direct messages that wait, by sealed packets over a bad network, with gateways that die and an
// owner that comes and goes: each message that was confirmed is received once.
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "common/crypto/hash.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using test::NativeWorld;
using ::testing::_;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Pair;

class NativeWaiting : public ::testing::Test {
 protected:
  NativeWorld::Seat& bob_comes(bool is_brief = false, bool reads_direct = true) {
    auto& bob = world_.add(
        {.name = "bob", .identity = bobs_key_, .is_brief = is_brief, .reads_direct = reads_direct});
    world_.start(bob);
    EXPECT_TRUE(world_.run_until([&] { return bob.member.is_joined(); }));
    return bob;
  }
  void leave(NativeWorld::Seat& seat) {
    seat.member.quit(world_.now());
    EXPECT_TRUE(world_.run_until([&] { return seat.member.has_ended(); }));
    collect(seat);
  }
  // bob has its name and is not in.
  void own() {
    auto& bob = bob_comes();
    const auto slot = world_.sessions().find_name("bob").value();
    const auto name = wire::check_name("bob").value();
    ASSERT_TRUE(
        world_.chat().names.claim({.name = name,
                                   .person = world_.sessions().person(slot),
                                   .key = crypto::sha256({world_.sessions().identity(slot)})},
                                  world_.server_now().wall));
    leave(bob);
  }
  // Counts the direct messages that the client has received.
  void collect(NativeWorld::Seat& seat) {
    for (const auto& line : test::events_of<client::Line>(seat.events)) {
      if (line.record == wire::RecordKind::direct) ++heard_[line.text];
    }
    seat.events.clear();
  }
  void write(std::string_view text) {
    texts_[ada_.member.write_to("bob", text, world_.now())] = text;
  }
  bool all_is_confirmed() {
    const bool is_done = world_.run_until([&] { return ada_.member.unconfirmed() == 0; });
    for (const auto& confirmed : test::events_of<client::Confirmed>(ada_.events)) {
      if (!confirmed.waits_for.empty()) waited_.insert(texts_[confirmed.number]);
    }
    return is_done;
  }
  [[nodiscard]] std::size_t waiting() {
    return world_.chat().waiting.count(world_.chat().names.owner("bob").value());
  }

  NativeWorld world_{1};
  const crypto::KeyPair bobs_key_{crypto::generate_key_pair().value()};
  NativeWorld::Seat& ada_{world_.enter("ada")};
  std::map<std::uint64_t, std::string> texts_;  // by the number of the command
  std::set<std::string> waited_;                // that the server has let wait
  std::map<std::string, int> heard_;
};

TEST_F(NativeWaiting, AMessageComesWhenItsReceiverLogsIn) {
  own();
  write("psst");
  ASSERT_TRUE(all_is_confirmed());
  const auto confirmed = test::first_of<client::Confirmed>(ada_.events);
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->waits_for, "bob");
  world_.run_for(seconds{3600});
  auto& bob = bob_comes();
  EXPECT_TRUE(world_.run_until([&] { return waiting() == 0; }));
  const auto line = test::first_of<client::Line>(bob.events);
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->waited);
  EXPECT_LT(line->time + seconds{3000}, world_.server_now().wall) << "the time when it was said";
  collect(bob);
  EXPECT_THAT(heard_, ElementsAre(Pair("psst", 1)));
}

TEST_F(NativeWaiting, AClientThatOnlyWritesDoesNotTakeTheMessage) {
  own();
  write("psst");
  ASSERT_TRUE(all_is_confirmed());
  auto& brief = bob_comes(true);
  brief.member.say("hello", world_.now());
  EXPECT_TRUE(world_.run_until([&] { return brief.member.unconfirmed() == 0; }));
  leave(brief);
  EXPECT_EQ(waiting(), 1U);
  EXPECT_TRUE(heard_.empty());
}

// As `uchat own` and `uchat history`, which ask something and leave.
TEST_F(NativeWaiting, AClientThatShowsNoDirectMessagesDoesNotTakeTheMessage) {
  own();
  write("psst");
  ASSERT_TRUE(all_is_confirmed());
  for (const bool is_brief : {true, false}) {
    auto& script = bob_comes(is_brief, false);
    script.member.ask_blocks(world_.now());  // it is not brief any more
    world_.run_for(seconds{30});
    write("again");
    EXPECT_TRUE(all_is_confirmed());
    leave(script);
    EXPECT_TRUE(heard_.empty());
  }
  EXPECT_EQ(waiting(), 3U);
  auto& bob = bob_comes();
  EXPECT_TRUE(world_.run_until([&] { return waiting() == 0; }));
  collect(bob);
  EXPECT_THAT(heard_, ElementsAre(Pair("again", 2), Pair("psst", 1)));
}

TEST_F(NativeWaiting, EachMessageComesOnceThoughTheOwnerComesAndGoesAndGatewaysDie) {
  own();
  world_.weather = {
      .loss = 0.1, .twice = 0.05, .least_delay = Micros{500}, .most_delay = Micros{20'000}};
  int number = 0;
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 1 + round % 3; ++i) write(fmt::format("{}", number++));
    if (round % 3 == 0) world_.replace_gateway();
    EXPECT_TRUE(all_is_confirmed());
    auto& bob = bob_comes();
    if (round % 2 == 0) world_.replace_gateway();
    world_.run_for(Micros{(round % 5) * 30'000});
    write(fmt::format("{}", number++));
    leave(bob);
    EXPECT_TRUE(all_is_confirmed());
  }
  world_.weather = {};
  auto& bob = bob_comes();
  EXPECT_TRUE(world_.run_until([&] { return waiting() == 0; }));
  world_.run_for(seconds{5});
  collect(bob);
  EXPECT_GT(waited_.size(), 5U);
  for (const std::string& text : waited_) EXPECT_EQ(heard_[text], 1) << text;
  EXPECT_THAT(heard_, Each(Pair(_, 1)));
}

}  // namespace
}  // namespace chatd::gateway
