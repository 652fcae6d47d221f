// SPDX-License-Identifier: GPL-3.0-or-later
// Facts about rooms, and changes in them, in the output of a script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScriptAbout : public ScriptTest {
 protected:
  static std::vector<std::string> asked(Script& script) {
    std::vector<std::string> rooms;
    for (const Order& order : script.take_orders()) {
      if (const auto* ask = std::get_if<AskAbout>(&order)) rooms.push_back(ask->room);
    }
    return rooms;
  }
  static Script listener(std::vector<std::string> rooms, bool json = true) {
    return in_rooms(Mode::listen, std::move(rooms), json);
  }
};

TEST_F(ScriptAbout, EachRoomIsPrintedOnceAsJson) {
  Script script = listener({"LAB"});
  join_room(script);
  EXPECT_THAT(asked(script), IsEmpty());
  const RoomJoined lab{.room = {.id = 1, .name = "lab"}};
  script.on_report(lab);
  EXPECT_THAT(asked(script), ElementsAre("lab"));
  script.on_report(lab);
  EXPECT_THAT(asked(script), IsEmpty());
  (void)script.take_text();
  script.on_report(RoomAbout{.room = "lab", .list = "topic\ttea", .more = true});
  EXPECT_EQ(script.take_text(), "");
  script.on_report(RoomAbout{.room = "lab", .list = "members\t7"});
  const std::string text = script.take_text();
  EXPECT_THAT(text, HasSubstr(R"("topic":"tea")"));
  EXPECT_THAT(text, HasSubstr(R"("members":7)"));
  Script both = listener({});
  join_room(both);
  EXPECT_THAT(asked(both), ElementsAre(""));
}

TEST_F(ScriptAbout, ARoomIsNotPrintedAsText) {
  Script script = listener({}, false);
  join_room(script);
  EXPECT_THAT(asked(script), IsEmpty());
  script.on_report(line_of(wire::RecordKind::topic, "bob", "tea"));
  script.on_report(RoomInvited{.room = "lab", .name = "bob"});
  EXPECT_EQ(script.take_text(),
            "23:15 -- bob set the topic: tea\n-- bob invites you to #lab; /join lab joins it\n");
}

TEST_F(ScriptAbout, LinesOfARenamedRoomArePrinted) {
  Script script = listener({"lab"}, false);
  join_room(script);
  script.on_report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  script.on_report(Confirmed{1});
  script.on_report(RoomRenamed{.room = {.id = 1, .name = "lab-x7"}, .before = "lab"});
  (void)script.take_text();
  Line line = said("bob", "hello");
  line.room = {.id = 1, .name = "lab-x7"};
  script.on_report(line);
  EXPECT_EQ(script.take_text(), "23:15 bob: hello\n");
  (void)script.take_orders();
  script.on_report(RoomLeft{.room = {.id = 1, .name = "lab-x7"}, .text = "dropped"});
  EXPECT_TRUE(std::holds_alternative<Quit>(script.take_orders().at(0))) << "its last room";
}

}  // namespace
}  // namespace chatd::client
