// SPDX-License-Identifier: GPL-3.0-or-later
// SAVED between clients and the gateway, over a network that loses packets, with gateways that die,
// and with hostile clients.
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::NativeWorld;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NativeSaved : public ::testing::Test {
 protected:
  NativeWorld::Seat& enter(std::string_view name, bool is_brief = true) {
    auto& seat = world_.add({.name = std::string{name}, .is_brief = is_brief, .wants_saved = true});
    world_.start(seat);
    EXPECT_TRUE(world_.run_until([&] { return seat.member.is_joined(); }));
    return seat;
  }
  // "done": of each command that was answered.
  static std::vector<std::string> answers(const NativeWorld::Seat& seat) {
    std::vector<std::string> all;
    for (const auto& saved : test::events_of<client::Saved>(seat.events)) {
      all.emplace_back(wire::code_of(saved.state));
    }
    return all;
  }
  bool say(NativeWorld::Seat& seat, int messages = 1) {
    for (int i = 0; i < messages; ++i) seat.member.say("hello", world_.now());
    return world_.run_until([&] { return seat.member.unconfirmed() == 0; });
  }
  bool run_until_answered(const NativeWorld::Seat& seat, std::size_t count) {
    return world_.run_until([&] { return answers(seat).size() >= count; });
  }
  // Packets that the server sends while `forge` runs.
  template <class Forge>
  std::size_t sent_during(Forge forge) {
    std::size_t count = 0;
    world_.on_datagram = [&](std::span<const std::byte>, bool to_server) {
      count += to_server ? 0 : 1;
    };
    forge();
    world_.run_for(milliseconds{10});
    world_.on_datagram = nullptr;
    return count;
  }

  NativeWorld world_{1};
};

TEST_F(NativeSaved, AMessageIsSavedWhenItIsStoredAndNotWhenItIsConfirmed) {
  auto& ada = enter("ada");
  EXPECT_TRUE(say(ada));
  world_.run_for(seconds{60});
  EXPECT_THAT(answers(ada), IsEmpty());
  EXPECT_TRUE(world_.service().waits_for_archive());
  world_.store_all();
  EXPECT_TRUE(run_until_answered(ada, 1));
  EXPECT_THAT(answers(ada), ElementsAre("done"));
  EXPECT_FALSE(world_.service().waits_for_archive());
}

TEST_F(NativeSaved, AClientThatDoesNotAskGetsNoAnswer) {
  auto& bob = world_.enter("bob");
  EXPECT_TRUE(say(bob));
  EXPECT_FALSE(world_.service().waits_for_archive());
  world_.store_all();
  world_.run_for(seconds{2});
  EXPECT_THAT(answers(bob), IsEmpty());
}

TEST_F(NativeSaved, WithoutAnArchiveTheAnswerComesAtOnce) {
  world_.has_archive = false;
  world_.replace_gateway();
  auto& ada = enter("ada");
  EXPECT_TRUE(say(ada));
  EXPECT_TRUE(world_.run_until([&] { return !answers(ada).empty(); }, milliseconds{100}));
  EXPECT_THAT(answers(ada), ElementsAre("no_history"));
}

TEST_F(NativeSaved, EachMessageIsAnsweredOnceOverABadNetwork) {
  world_.weather.loss = 0.3;
  auto& ada = enter("ada", false);
  for (int round = 1; round <= 20; ++round) {
    EXPECT_TRUE(say(ada, 3));
    world_.store_all();
    EXPECT_TRUE(run_until_answered(ada, 3 * static_cast<std::size_t>(round)));
  }
  world_.run_for(seconds{30});
  EXPECT_THAT(answers(ada), SizeIs(60));
  EXPECT_THAT(answers(ada), Each("done"));
}

TEST_F(NativeSaved, ASuccessorOfTheGatewayAnswersWhatItsPredecessorWasAsked) {
  auto& ada = enter("ada");
  EXPECT_TRUE(say(ada, 3));
  world_.replace_gateway();
  world_.run_for(seconds{5});
  EXPECT_THAT(answers(ada), IsEmpty());
  world_.store_all();
  EXPECT_TRUE(run_until_answered(ada, 3));
  EXPECT_THAT(answers(ada), Each("done"));
}

// The answer is lost with the gateway that sent it.
TEST_F(NativeSaved, ASuccessorRepeatsAnAnswerThatWasLost) {
  auto& ada = enter("ada");
  EXPECT_TRUE(say(ada));
  world_.weather.loss = 1;
  world_.store_all();
  world_.run_for(milliseconds{100});
  world_.weather.loss = 0;
  world_.replace_gateway();
  EXPECT_TRUE(run_until_answered(ada, 1));
  EXPECT_THAT(answers(ada), ElementsAre("done"));
}

TEST_F(NativeSaved, WhenTheSessionIsLostTheMessageIsNotKnownToBeSaved) {
  auto& ada = enter("ada");
  EXPECT_TRUE(say(ada));
  world_.service().remove(world_.sessions().find_name("ada").value(), state::LeaveKind::idle, {},
                          world_.server_now());
  EXPECT_TRUE(run_until_answered(ada, 1));
  EXPECT_THAT(answers(ada), ElementsAre("not_saved"));
}

// --- hostile clients -----------------------------------------------------------------

TEST_F(NativeSaved, AForgedQuestionHasNoAnswerAndCostsNothing) {
  auto& ada = enter("ada");
  const auto forge = [&](std::uint64_t offset) {
    const std::vector<wire::Frame> frames(
        wire::kMaxFrames, wire::SavedFrame{.offset = offset, .state = wire::SavedState{7}});
    return sent_during([&] { world_.forge(ada, "ada", frames); });
  };
  EXPECT_EQ(forge(0), 0U) << "it has said nothing";
  EXPECT_EQ(forge(1), 0U);
  EXPECT_EQ(forge(~std::uint64_t{0}), 0U);
  EXPECT_FALSE(world_.service().waits_for_archive());
}

TEST_F(NativeSaved, APacketFullOfQuestionsHasOneAnswer) {
  auto& ada = enter("ada");
  EXPECT_TRUE(say(ada));
  world_.store_all();
  EXPECT_TRUE(run_until_answered(ada, 1));
  const std::vector<wire::Frame> frames(wire::kMaxFrames, wire::SavedFrame{.offset = 1});
  EXPECT_EQ(sent_during([&] { world_.forge(ada, "ada", frames); }), 1U);
}

TEST_F(NativeSaved, AQuestionOfAClientThatHasNotAskedAtItsLoginIsIgnored) {
  auto& bob = world_.enter("bob");
  EXPECT_TRUE(say(bob));
  world_.store_all();
  world_.run_for(seconds{2});
  const std::array<wire::Frame, 1> frames{wire::SavedFrame{.offset = 1}};
  EXPECT_EQ(sent_during([&] { world_.forge(bob, "bob", frames); }), 0U);
}

// An answer that the server has not given: its offset is beyond everything.
TEST_F(NativeSaved, AClientIgnoresAnswersThatItHasNotAskedFor) {
  auto& bob = world_.enter("bob");
  std::array<std::byte, 64> plain{};
  wire::ByteWriter out{plain};
  wire::write_frame(out, wire::SavedFrame{.offset = ~std::uint64_t{0}});
  world_.forge_to(bob, "bob", out.written());
  EXPECT_TRUE(say(bob));
  EXPECT_THAT(answers(bob), IsEmpty());
}

}  // namespace
}  // namespace chatd::gateway
