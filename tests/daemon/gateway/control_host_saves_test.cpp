// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to administrators that wait until their change is on disk.
#include <chrono>
#include <list>
#include <string>

#include <gmock/gmock.h>

#include "tests/daemon/gateway/control_host_fixture.hpp"

namespace chatd::gateway {
namespace {

using ::testing::HasSubstr;

class ControlHostSavesTest : public ControlHostFixture {
 protected:
  ControlHostSavesTest() {
    (void)host();
    inheritance_.archive = 99;  // of a test that nobody reads
    inheritance_.processes.push_back({.role = roles::kArchive, .row = 3});
    state_.process(3).state.store(state::ProcessState::ready);
  }
  // The answer; "": none yet.
  std::string& run(const wire::Verb& verb, const control::Args& args) {
    auto& answer = answers_.emplace_back();
    host().handlers().run(verb, args, [&answer](const wire::ControlReply& reply) {
      answer = reply ? *reply : reply.error().code;
    });
    return answer;
  }
  void save() {
    state_.registry_figures().saved = state_.registry_head().version.load();
    (void)host().look_at_saved(mono_now());
  }
  std::list<std::string> answers_;
};

TEST_F(ControlHostSavesTest, AChangeIsAnsweredWhenItIsOnDisk) {
  const std::string& made = run(wire::verb::kRoomMake.row, {"lab"});
  EXPECT_EQ(made, "");
  EXPECT_EQ(changes_, 1) << "the archive is told";
  EXPECT_TRUE(host().waits_for_archive());
  EXPECT_FALSE(host().look_at_saved(mono_now()));
  save();
  EXPECT_EQ(made, R"({"name":"lab","saved":true,"save_problem":""})");
  EXPECT_FALSE(host().waits_for_archive());
  const std::string& banned = run(wire::verb::kBan.row, {"bob"});
  EXPECT_EQ(banned, "");
  save();
  EXPECT_THAT(banned, HasSubstr(R"("saved":true)"));
}

TEST_F(ControlHostSavesTest, AnAnswerWaitsTwoSecondsAndSaysWhy) {
  state_.registry_figures().state = state::ArchiveState::full;
  const std::string& made = run(wire::verb::kRoomMake.row, {"lab"});
  (void)host().look_at_saved(mono_now() + std::chrono::milliseconds{1900});
  EXPECT_EQ(made, "");
  (void)host().look_at_saved(mono_now() + std::chrono::seconds{2});
  EXPECT_EQ(made, R"({"name":"lab","saved":false,"save_problem":"the disk is full"})");
}

TEST_F(ControlHostSavesTest, AChangeThatDoesNotLastIsAnsweredAtOnce) {
  enter(ada_, "ada");
  run(wire::verb::kRoomMake.row, {"lab"});
  save();
  state_.room_slot(state::RoomIndex{0}).is_kept = 0;  // as if a member had made it
  EXPECT_THAT(run(wire::verb::kRoomSet.row, {"lab", "slow", "10"}), HasSubstr(R"("saved":null)"));
  EXPECT_THAT(run(wire::verb::kBan.row, {"ada", "", "", "", "yes"}), HasSubstr(R"("saved":null)"));
  EXPECT_THAT(run(wire::verb::kUnban.row, {"ada"}), "not_found");
  EXPECT_FALSE(host().waits_for_archive());
}

TEST_F(ControlHostSavesTest, AtTheEndOfTheProcessTheyAreAnswered) {
  const std::string& made = run(wire::verb::kRoomMake.row, {"lab"});
  host().release_followers(mono_now());
  EXPECT_THAT(made, HasSubstr(R"("saved":false,"save_problem":"the disk has not answered yet")"));
}

}  // namespace
}  // namespace chatd::gateway
