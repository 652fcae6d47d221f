// SPDX-License-Identifier: GPL-3.0-or-later
// uchat send --saved.
#include <gmock/gmock.h>

#include "client/script/script.hpp"
#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScriptSavedTest : public ScriptTest {
 protected:
  static Script saving(std::vector<std::string> rooms = {}, bool json = false) {
    return Script{{.mode = Mode::send,
                   .name = "ada",
                   .host = "host:1",
                   .text = "hello",
                   .rooms = std::move(rooms),
                   .json = json,
                   .saved = true}};
  }
  // The message is confirmed.
  void send(Script& script) {
    join_room(script);
    EXPECT_THAT(texts(script), ElementsAre("hello"));
    script.on_report(Confirmed{1});
  }
  static bool leaves(Script& script) {
    const auto orders = script.take_orders();
    return !orders.empty() && std::holds_alternative<Quit>(orders.front());
  }
  Script script_ = saving();
};

TEST_F(ScriptSavedTest, EndsWhenTheMessageIsSavedAndNotWhenItIsConfirmed) {
  send(script_);
  EXPECT_FALSE(leaves(script_));
  script_.on_report(Saved{.number = 1, .state = Outcome::done});
  EXPECT_TRUE(leaves(script_));
  script_.on_report(ended(Outcome::done));
  EXPECT_EQ(script_.outcome(), Outcome::done);
  EXPECT_EQ(script_.closing_line(), "");
}

TEST_F(ScriptSavedTest, AServerWithoutHistoryEndsItAtOnceWithAStatusOfItsOwn) {
  send(script_);
  script_.on_report(Saved{.number = 1, .state = Outcome::no_history});
  EXPECT_TRUE(leaves(script_));
  script_.on_report(ended(Outcome::done));
  EXPECT_EQ(script_.outcome(), Outcome::no_history);
  EXPECT_EQ(script_.closing_line(),
            "host:1 has the message, and stores no messages of the room on its disk");
}

TEST_F(ScriptSavedTest, AMessageThatIsNotKnownToBeSavedFails) {
  send(script_);
  script_.on_report(Saved{.number = 1, .state = Outcome::not_saved});
  script_.on_report(ended(Outcome::done));
  EXPECT_EQ(script_.outcome(), Outcome::not_saved);
  EXPECT_THAT(script_.closing_line(), HasSubstr("host:1 has the message"));
}

TEST_F(ScriptSavedTest, TheTimeLimitSaysWhetherTheServerHasTheMessage) {
  join_room(script_);
  script_.on_timeout();
  EXPECT_EQ(script_.outcome(), Outcome::not_confirmed);
  Script confirmed = saving();
  send(confirmed);
  confirmed.on_timeout();
  EXPECT_EQ(confirmed.outcome(), Outcome::not_saved);
}

TEST_F(ScriptSavedTest, ASignalEndsItAsNotSaved) {
  send(script_);
  script_.quit();
  script_.on_report(ended(Outcome::done));
  EXPECT_EQ(script_.outcome(), Outcome::not_saved);
}

TEST_F(ScriptSavedTest, ARefusedMessageKeepsItsStatus) {
  join_room(script_);
  (void)script_.take_orders();
  script_.on_report(Refused{.number = 1, .code = "muted", .text = "You are muted."});
  EXPECT_TRUE(leaves(script_));
  script_.on_report(ended(Outcome::done));
  EXPECT_EQ(script_.outcome(), Outcome::message_refused);
}

TEST_F(ScriptSavedTest, AStopOfTheServerKeepsItsStatus) {
  send(script_);
  script_.on_report(ended(Outcome::stopped));
  EXPECT_EQ(script_.outcome(), Outcome::stopped);
}

TEST_F(ScriptSavedTest, TheJoinOfARoomIsNotWaitedFor) {
  Script script = saving({"lab"});
  join_room(script);
  (void)script.take_orders();
  script.on_report(Confirmed{1});
  EXPECT_THAT(texts(script), ElementsAre("hello"));
  script.on_report(Saved{.number = 1, .state = Outcome::done});
  script.on_report(Confirmed{2});
  EXPECT_FALSE(leaves(script));
  script.on_report(Saved{.number = 2, .state = Outcome::done});
  EXPECT_TRUE(leaves(script));
}

TEST_F(ScriptSavedTest, JsonSaysItAndAsksNothingThatAnnouncesTheMember) {
  Script script = saving({"lab"}, true);
  join_room(script);
  (void)script.take_orders();
  script.on_report(Confirmed{1});
  (void)script.take_orders();
  script.on_report(RoomJoined{.room = {.id = wire::RoomId{1}, .name = "lab"}});
  EXPECT_THAT(script.take_orders(), IsEmpty()) << "a question would end its brief session";
  script.on_report(Confirmed{2});
  (void)script.take_text();
  script.on_report(Saved{.number = 2, .state = Outcome::done});
  const std::string saved = script.take_text();
  EXPECT_THAT(saved, HasSubstr(R"("event":"saved","room":"lab","outcome":"done")"));
  script.on_report(ended(Outcome::done));
  EXPECT_THAT(script.take_text(), HasSubstr(R"("event":"ended","room":"","outcome":"done")"));
}

}  // namespace
}  // namespace chatd::client
