// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/script/script_fixture.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(ScriptTest, SaysEachLineAsItIs) {
  join_room(pipe_);
  pipe_.on_input("/quit\n\nqu");
  pipe_.on_input("it\r\nlast");
  EXPECT_THAT(texts(pipe_), ElementsAre("/quit", "quit"));
  pipe_.on_input_end();
  EXPECT_THAT(texts(pipe_), ElementsAre("last"));
}

TEST_F(ScriptTest, EndsWhenAllIsConfirmed) {
  join_room(pipe_);
  pipe_.on_input("a\nb\n");
  pipe_.on_input_end();
  EXPECT_THAT(texts(pipe_), ElementsAre("a", "b"));
  pipe_.on_report(Confirmed{1});
  EXPECT_THAT(pipe_.take_orders(), IsEmpty());
  pipe_.on_report(Confirmed{2});
  const auto orders = pipe_.take_orders();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Quit>(orders[0]));
  pipe_.on_report(ended(Outcome::done));
  EXPECT_EQ(pipe_.outcome(), Outcome::done);
  EXPECT_EQ(pipe_.closing_line(), "");
}

TEST_F(ScriptTest, ReadsNoFasterThanTheServerTakes) {
  EXPECT_FALSE(pipe_.wants_input());
  join_room(pipe_);
  EXPECT_TRUE(pipe_.wants_input());
  std::string many;
  for (std::size_t i = 0; i < Script::kWindow + 10; ++i) many += std::to_string(i) + "\n";
  pipe_.on_input(many);
  EXPECT_EQ(texts(pipe_).size(), Script::kWindow);
  EXPECT_FALSE(pipe_.wants_input());
  pipe_.on_report(Confirmed{1});
  EXPECT_THAT(texts(pipe_), ElementsAre(std::to_string(Script::kWindow)));
}

TEST_F(ScriptTest, RemovesColoursAndReplacesBytesThatAreNotUtf8) {
  join_room(pipe_);
  pipe_.on_input("\x1b[1mbo");
  pipe_.on_input("ld\x1b[0m\nbad\xff\n\x1b[K\nok\xe5");
  pipe_.on_input_end();
  EXPECT_THAT(texts(pipe_), ElementsAre("bold", "bad\uFFFD", "ok\uFFFD"));
}

TEST_F(ScriptTest, ALineIsCutByTheLimitThatHoldsWhenItIsSaid) {
  join_room(pipe_, 10);
  pipe_.on_report(LimitsChanged{5});
  pipe_.on_input("12345678\n");
  EXPECT_THAT(texts(pipe_), ElementsAre("12345", "678"));
}

TEST_F(ScriptTest, SendsACharacterThatIsLongerThanAMessage) {
  join_room(pipe_, 1);
  pipe_.on_input("好\n");
  EXPECT_THAT(texts(pipe_), ElementsAre("好"));
}

TEST_F(ScriptTest, CutsALineThatIsTooLongBetweenCharacters) {
  join_room(pipe_, 10);
  pipe_.on_input("小明小明小明\n");  // 18 bytes
  EXPECT_THAT(texts(pipe_), ElementsAre("小明小", "明小明"));
}

TEST_F(ScriptTest, BoundsALineWithoutAnEnd) {
  join_room(pipe_);
  for (int i = 0; i < 100; ++i) pipe_.on_input(std::string(4096, 'x'));
  EXPECT_EQ(texts(pipe_).size(), Script::kWindow);
}

TEST_F(ScriptTest, PrintsTheLinesOfOthers) {
  join_room(pipe_);
  pipe_.on_report(said("bob", "hello"));
  pipe_.on_report(said_by_me("ada", "mine"));
  pipe_.on_report(line_of(wire::RecordKind::join, "carol"));
  EXPECT_EQ(pipe_.take_text(), "23:15 bob: hello\n23:15 -- carol joined\n");
}

TEST_F(ScriptTest, ReportsRefusalsInItsStatus) {
  join_room(pipe_);
  pipe_.on_input("a\n");
  pipe_.on_input_end();
  pipe_.on_report(refused(1, "not UTF-8"));
  pipe_.on_report(ended(Outcome::done));
  EXPECT_EQ(pipe_.outcome(), Outcome::message_refused);
  EXPECT_THAT(pipe_.closing_line(), HasSubstr("not UTF-8"));
}

TEST_F(ScriptTest, ALineThatIsNotConfirmedIsNotRefused) {
  join_room(pipe_);
  pipe_.on_input("a\nb\n");
  pipe_.quit();
  pipe_.on_report(ended(Outcome::done));
  EXPECT_EQ(pipe_.outcome(), Outcome::not_confirmed);
  EXPECT_EQ(pipe_.closing_line(), "the server has not confirmed everything: 2 messages");
}

TEST_F(ScriptTest, ReportsLinesThatASignalCutOff) {
  join_room(pipe_);
  pipe_.on_input("a\n");
  pipe_.quit();
  pipe_.quit();
  EXPECT_EQ(pipe_.outcome(), Outcome::not_confirmed);
}

TEST_F(ScriptTest, SendIsDoneOnlyWhenItIsConfirmed) {
  Script send = made(Mode::send, "tea is ready");
  join_room(send);
  EXPECT_THAT(texts(send), ElementsAre("tea is ready"));
  send.on_report(said("bob", "hello"));
  EXPECT_EQ(send.take_text(), "");
  EXPECT_FALSE(send.outcome());
  send.on_report(Confirmed{1});
  EXPECT_TRUE(std::holds_alternative<Quit>(send.take_orders().at(0)));
  send.on_report(ended(Outcome::done));
  EXPECT_EQ(send.outcome(), Outcome::done);
}

TEST_F(ScriptTest, SendEndsAtItsTimeout) {
  Script unconfirmed = made(Mode::send, "x");
  join_room(unconfirmed);
  unconfirmed.on_timeout();
  EXPECT_EQ(unconfirmed.outcome(), Outcome::not_confirmed);
  Script unanswered = made(Mode::send, "x");
  unanswered.start();
  unanswered.on_timeout();
  EXPECT_EQ(unanswered.outcome(), Outcome::no_answer);
}

TEST_F(ScriptTest, ReportsWhyTheServerIsAway) {
  Script send = made(Mode::send, "x");
  send.start();
  send.on_report(Waiting{.reason = Outcome::nothing_listening});
  EXPECT_EQ(send.take_remarks(), "! nothing is listening on host:1; trying again\n");
  EXPECT_FALSE(send.outcome());
  send.on_timeout();
  EXPECT_EQ(send.outcome(), Outcome::nothing_listening);
}

TEST_F(ScriptTest, GoesOnWhenAServerThatHasStoppedIsBack) {
  join_room(pipe_);
  pipe_.on_input("a\n");
  EXPECT_THAT(texts(pipe_), ElementsAre("a"));
  pipe_.on_report(ServerStopped{});
  EXPECT_THAT(pipe_.take_remarks(), HasSubstr("the server has stopped; waiting"));
  pipe_.on_report(Reconnecting{});
  pipe_.on_report(joined("ada"));
  EXPECT_FALSE(pipe_.outcome());
  pipe_.on_input("b\n");
  EXPECT_THAT(texts(pipe_), ElementsAre("b"));
}

TEST_F(ScriptTest, SendSendsOneMessageOrNone) {
  Script send = made(Mode::send, std::string(11, 'x'));
  join_room(send, 10);
  EXPECT_THAT(send.take_orders(), IsEmpty());
  EXPECT_EQ(send.outcome(), Outcome::message_refused);
  EXPECT_THAT(send.closing_line(), HasSubstr("too long by 1 of its 11 characters"));
}

TEST_F(ScriptTest, ListenPrintsJsonLines) {
  Script listen = made(Mode::listen, {}, true);
  join_room(listen);
  EXPECT_FALSE(listen.wants_input());
  EXPECT_THAT(listen.take_text(), HasSubstr("\"event\":\"entered\""));
  listen.on_report(said("bob", "hello"));
  EXPECT_THAT(listen.take_text(), HasSubstr("\"text\":\"hello\""));
  listen.on_report(ended(Outcome::stopped));
  EXPECT_THAT(listen.take_text(), HasSubstr("\"outcome\":\"stopped\""));
  EXPECT_EQ(listen.outcome(), Outcome::stopped);
}

TEST_F(ScriptTest, PrintsReportsAboutTheSessionAsRemarks) {
  pipe_.start();
  pipe_.on_report(FirstContact{.fingerprint = "SHA256:x"});
  EXPECT_EQ(pipe_.take_text(), "");
  EXPECT_THAT(pipe_.take_remarks(), HasSubstr("SHA256:x"));
}

TEST_F(ScriptTest, RefusesANameBeforeItConnects) {
  Script script{{.name = "not a name", .host = "host:1"}};
  script.start();
  EXPECT_THAT(script.take_orders(), IsEmpty());
  EXPECT_EQ(script.outcome(), Outcome::name_refused);
}

TEST_F(ScriptTest, SaysWhenTheSessionProcessHasDied) {
  pipe_.start();
  pipe_.on_session_lost("signal 9");
  EXPECT_EQ(pipe_.outcome(), Outcome::failed);
}

class ScriptRooms : public ScriptTest {
 protected:
  static void report_line(Script& script, const std::string& room, std::string_view text) {
    Line line = said("bob", text);
    line.room = {.id = 1, .name = room};
    script.on_report(line);
  }
  // Confirms that the script has joined its rooms, and drops its orders and its text so far.
  static void enter_rooms(Script& script, const std::vector<std::string>& rooms) {
    join_room(script);
    for (const std::string& room : rooms) {
      script.on_report(RoomJoined{.room = {.id = 1, .name = room}});
    }
    for (std::uint64_t number = 1; number <= rooms.size(); ++number) {
      script.on_report(Confirmed{number});
    }
    (void)script.take_orders();
    (void)script.take_text();
  }
  // The administrator removes the member from a room.
  static void remove(Script& script, const std::string& room) {
    script.on_report(RoomLeft{.room = {.id = 1, .name = room}, .text = "Spam."});
  }
  // The script orders Quit, and ends with this outcome and a reason that has this text.
  static void expect_end(Script& script, Outcome outcome, const std::string& reason) {
    EXPECT_TRUE(std::holds_alternative<Quit>(script.take_orders().at(0)));
    script.on_report(ended(Outcome::done));
    EXPECT_EQ(script.outcome(), outcome);
    EXPECT_THAT(script.closing_line(), HasSubstr(reason));
  }
  // The rooms of the joins, and the texts of the messages, that were ordered.
  static std::vector<std::string> posts(Script& script) {
    std::vector<std::string> found;
    for (const Order& order : script.take_orders()) {
      if (const auto* post = std::get_if<Post>(&order)) found.push_back(text_of(post->message));
    }
    return found;
  }
};

TEST_F(ScriptRooms, SendsToARoomWhenItHasJoinedIt) {
  Script script = in_rooms(Mode::send, {"lab"});
  join_room(script);
  EXPECT_THAT(posts(script), ElementsAre("lab"));
  script.on_report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  script.on_report(Confirmed{1});
  const auto orders = script.take_orders();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(std::get<Post>(orders[0]).message, (Message{Say{.text = "hello", .room = "lab"}}));
  script.on_report(Confirmed{2});
  EXPECT_TRUE(std::holds_alternative<Quit>(script.take_orders().at(0)));
  script.on_report(ended(Outcome::done));
  EXPECT_EQ(script.outcome(), Outcome::done);
  EXPECT_EQ(script.take_text() + script.take_remarks(), "");
}

TEST_F(ScriptRooms, PrintsTheMembersOfARoomAndLeaves) {
  Script script = in_rooms(Mode::users, {"lab"}, true);
  join_room(script);
  EXPECT_THAT(posts(script), ElementsAre("lab"));
  script.on_report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  EXPECT_TRUE(std::holds_alternative<AskPrograms>(script.take_orders().at(0)));
  script.on_report(ProgramList{.list = "1\there\t0\t0\tthis"});
  EXPECT_EQ(std::get<AskUsers>(script.take_orders().at(0)), AskUsers{"lab"});
  report_line(script, "lab", "not printed");
  script.on_report(users("ada\nbob\taway"));
  expect_end(script, Outcome::done, "");
  EXPECT_EQ(script.take_text(),
            R"({"schema":1,"event":"users","room":"lab","time":null,)"
            R"("users":[{"name":"bob","away":true,"text_member":false,"owned":false}]})"
            "\n");
}

TEST_F(ScriptRooms, ARoomThatRefusesEndsWithTheReason) {
  for (const Mode mode : {Mode::send, Mode::listen}) {
    Script script = in_rooms(mode, {"lab"}, true);
    join_room(script);
    EXPECT_THAT(posts(script), ElementsAre("lab"));
    script.on_report(Refused{.number = 1, .code = "no_such_room", .text = "No."});
    expect_end(script, Outcome::message_refused, "cannot join #lab: there is no such room");
    EXPECT_EQ(script.closing_line(), "cannot join #lab: there is no such room");
    EXPECT_THAT(script.take_text(),
                HasSubstr("\"outcome\":\"message_refused\",\"text\":\"cannot join #lab: "));
  }
}

TEST_F(ScriptRooms, AListenerEndsWhenItIsRemovedFromItsLastRoom) {
  Script script = in_rooms(Mode::listen, {"lab", "PUB"}, true);
  enter_rooms(script, {"lab", "pub"});
  remove(script, "lab");
  EXPECT_THAT(script.take_orders(), IsEmpty());
  remove(script, "pub");
  expect_end(script, Outcome::kicked, "you were removed from #pub: Spam");
  EXPECT_THAT(script.take_text(), HasSubstr("\"outcome\":\"kicked\",\"text\":\"#pub: Spam\""));
}

TEST_F(ScriptRooms, AListenerEndsIfItIsRemovedBeforeItsJoinIsConfirmed) {
  Script script = in_rooms(Mode::listen, {"LAB"});
  join_room(script);
  (void)script.take_orders();
  script.on_report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  remove(script, "lab");
  expect_end(script, Outcome::kicked, "you were removed from #lab: Spam");
}

TEST_F(ScriptRooms, AListenerEndsIfItCannotJoinItsLastRoomAgain) {
  Script script = in_rooms(Mode::listen, {"lab"});
  enter_rooms(script, {"lab"});
  script.on_report(RoomLeft{.room = {.id = 1, .name = "lab"}, .code = "no_such_room"});
  expect_end(script, Outcome::message_refused, "cannot join #lab: there is no such room");
}

TEST_F(ScriptRooms, EachListenerPrintsAnnouncementsToAllMembers) {
  Script script = in_rooms(Mode::listen, {"lab"});
  enter_rooms(script, {"lab"});
  script.on_report(line_of(wire::RecordKind::announce, "", "tea"));
  EXPECT_EQ(script.take_text(), "23:15 #the lab [admin] tea\n");
  Line of_pub = line_of(wire::RecordKind::announce, "", "not here");
  of_pub.room = {.id = 2, .name = "pub"};
  script.on_report(of_pub);
  EXPECT_EQ(script.take_text(), "");
}

TEST_F(ScriptRooms, PrintsTheLinesOfTheRoomsThatWereAskedFor) {
  Script one = in_rooms(Mode::listen, {"LAB"});
  join_room(one);
  one.on_report(RoomJoined{.room = {.id = 1, .name = "lab"}});
  report_line(one, "lab", "here");
  report_line(one, "", "in the default room");
  one.on_report(line_of(wire::RecordKind::direct, "bob", "psst"));
  EXPECT_EQ(one.take_text(), "23:15 bob: here\n23:15 [from bob] psst\n");

  Script two = in_rooms(Mode::listen, {"lab", "pub"});
  join_room(two);
  EXPECT_THAT(posts(two), ElementsAre("lab", "pub"));
  report_line(two, "lab", "here");
  report_line(two, "pub", "there");
  EXPECT_EQ(two.take_text(), "23:15 #lab bob: here\n23:15 #pub bob: there\n");

  Script none = in_rooms(Mode::listen, {});
  join_room(none);
  report_line(none, "", "in the default room");
  EXPECT_EQ(none.take_text(), "23:15 bob: in the default room\n");
}

TEST_F(ScriptRooms, JoinsAtMostTheRoomsThatAMemberCanBeIn) {
  Script script{{.mode = Mode::listen, .name = "ada", .host = "host:1", .all_rooms = true}};
  join_room(script);
  std::string list;
  for (int i = 0; i < 100; ++i) list += "room" + std::to_string(i) + "\t1\n";
  script.on_report(RoomList{.list = list});
  EXPECT_EQ(posts(script).size(), 31U);
}

TEST_F(ScriptRooms, JoinsAllRoomsThatAreListed) {
  Script script{{.mode = Mode::listen, .name = "ada", .host = "host:1", .all_rooms = true}};
  join_room(script);
  EXPECT_TRUE(std::holds_alternative<AskRooms>(script.take_orders().at(0)));
  script.on_report(RoomList{.list = "pub\t7", .more = true});
  script.on_report(RoomList{.list = "zoo\t1"});
  EXPECT_THAT(posts(script), ElementsAre("pub", "zoo"));
  script.on_report(Refused{.number = 2, .code = "too_many_rooms", .text = "No."});
  EXPECT_THAT(script.take_remarks(), HasSubstr("! cannot join #zoo: you are in 31 rooms already"));
  EXPECT_FALSE(script.outcome());
  report_line(script, "pub", "there");
  report_line(script, "", "everywhere");
  EXPECT_EQ(script.take_text(), "23:15 #pub bob: there\n23:15 #the lab bob: everywhere\n");
}

}  // namespace
}  // namespace chatd::client
