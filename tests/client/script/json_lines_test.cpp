// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/json_lines.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

std::string line_for(const Report& report) { return json_line(report, kFriday); }
// The end of an event without a time of the server.
const std::string kTime = R"("time":"2026-11-20T23:15:04.000Z"})"
                          "\n";

TEST(JsonLine, IsOneObjectOnOneLine) {
  EXPECT_EQ(
      line_for(said("小明", "a\n\"b\"")),
      R"({"schema":1,"event":"say","room":"","time":"2026-11-20T23:15:04.000Z","name":"小明",)"
      R"("text":"a\n\"b\"","replay":false,"own":false,"text_member":false})"
      "\n");
}

TEST(JsonLine, SaysWhoHasNoKey) {
  Line line = said("ada", "hello");
  line.text_member = true;
  EXPECT_EQ(nlohmann::json::parse(line_for(line)).at("text_member"), true);
  line.record = wire::RecordKind::join;
  EXPECT_EQ(nlohmann::json::parse(line_for(line)).at("text_member"), true);
  line.record = wire::RecordKind::leave;
  EXPECT_FALSE(nlohmann::json::parse(line_for(line)).contains("text_member"));
  EXPECT_EQ(
      line_for(OtherPerson{.name = "ada", .has_key = true, .others = 2}),
      R"({"schema":1,"event":"other_person","room":"","name":"ada","has_key":true,"others":2,)"
      R"("time":"2026-11-20T23:15:04.000Z"})"
      "\n");
}

TEST(JsonLine, NamesEveryKindOfLine) {
  using wire::RecordKind;
  for (const auto& [kind, event] : {std::pair{RecordKind::join, "join"},
                                    {RecordKind::leave, "leave"},
                                    {RecordKind::announce, "announce"},
                                    {RecordKind::kick, "kick"},
                                    {RecordKind::action, "action"},
                                    {RecordKind::direct, "direct"}}) {
    EXPECT_EQ(nlohmann::json::parse(line_for(line_of(kind, "ada"))).at("event"), event);
  }
  EXPECT_EQ(line_for(line_of(wire::RecordKind::who, "", "ada")), "");
}

TEST(JsonLine, ACrowdHasTwoNumbers) {
  const std::string text{"\x0c\0\0\0\x03\0\0\0", 8};
  const auto crowd = nlohmann::json::parse(line_for(line_of(wire::RecordKind::crowd, "", text)));
  EXPECT_EQ(crowd.at("event"), "crowd");
  EXPECT_EQ(crowd.at("joined"), 12);
  EXPECT_EQ(crowd.at("left"), 3);
  EXPECT_FALSE(crowd.contains("text"));
  EXPECT_EQ(line_for(line_of(wire::RecordKind::crowd, "", "short")), "");
}

TEST(JsonLine, AnErasureHasTheNumbersOfTheLines) {
  const std::string text{"\x05\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0", 16};
  const auto one = nlohmann::json::parse(line_for(line_of(wire::RecordKind::erased, "max", text)));
  EXPECT_EQ(one.at("event"), "erased");
  EXPECT_EQ(one.at("name"), "max");
  EXPECT_EQ(one.at("first"), 5);
  EXPECT_EQ(one.at("last"), 7);
  EXPECT_FALSE(one.contains("author"));
  EXPECT_FALSE(one.contains("text"));
  const auto of_ada =
      nlohmann::json::parse(line_for(line_of(wire::RecordKind::erased, "", text + "ada")));
  EXPECT_EQ(of_ada.at("author"), "ada");
  EXPECT_EQ(line_for(line_of(wire::RecordKind::erased, "", "short")), "");
}

TEST(JsonLine, ReportsTheStateOfTheSession) {
  const auto entered = nlohmann::json::parse(line_for(joined("ada")));
  EXPECT_EQ(entered.at("event"), "entered");
  EXPECT_EQ(entered.at("name"), "ada");
  EXPECT_EQ(entered.at("server"), "the lab");
  EXPECT_EQ(entered.at("resumed"), false);
  EXPECT_EQ(entered.at("time"), "2026-11-20T23:15:04.000Z");
  const std::string begin = R"({"schema":1,"event":)";
  EXPECT_EQ(line_for(Reconnecting{}), begin + R"("reconnecting","room":"",)" + kTime);
  EXPECT_EQ(line_for(Reconnected{}), begin + R"("reconnected","room":"",)" + kTime);
  EXPECT_EQ(line_for(Missed{}), begin + R"("lost","room":"",)" + kTime);
  EXPECT_EQ(line_for(MissedHere{3}), begin + R"("missed","room":"","lines":3,)" + kTime);
  EXPECT_EQ(line_for(ended(Outcome::kicked, "spam")),
            begin + R"("ended","room":"","outcome":"kicked","text":"spam",)" + kTime);
  EXPECT_EQ(line_for(ended(Outcome::done)),
            begin + R"("ended","room":"","outcome":"done",)" + kTime);
  EXPECT_EQ(line_for(FirstContact{.fingerprint = "SHA256:x", .file = "/f"}),
            begin + R"("first_contact","room":"","fingerprint":"SHA256:x","file":"/f",)" + kTime);
  EXPECT_EQ(line_for(Waiting{.reason = Outcome::no_answer, .text = "x"}),
            begin + R"("waiting","room":"","outcome":"no_answer","text":"x",)" + kTime);
  EXPECT_EQ(line_for(Notice{"x"}), begin + R"("notice","room":"","text":"x",)" + kTime);
}

TEST(JsonLine, HasNoMemberWithoutAText) {
  const auto parsed = [](const Report& report) { return nlohmann::json::parse(line_for(report)); };
  EXPECT_FALSE(parsed(line_of(wire::RecordKind::announce, "", "tea")).contains("name"));
  EXPECT_FALSE(parsed(line_of(wire::RecordKind::join, "ada")).contains("text"));
  EXPECT_FALSE(parsed(line_of(wire::RecordKind::topic, "ada")).contains("text"));
  EXPECT_FALSE(parsed(RoomJoined{}).contains("topic"));
  EXPECT_FALSE(parsed(RoomInvited{.room = "lab"}).contains("name"));
  const auto kick =
      parsed(moderated_by("ada", {.action = wire::ModerateAction::kick, .name = "b"}));
  EXPECT_FALSE(kick.contains("text") || kick.contains("duration_seconds"));
  EXPECT_TRUE(parsed(Line{.record = wire::RecordKind::say}).contains("time"));
}

TEST(JsonLine, HasTheNumberOfALineInItsRoom) {
  Line line = said("bob", "hello");
  EXPECT_FALSE(nlohmann::json::parse(line_for(line)).contains("sequence"));
  line.sequence = 7;
  EXPECT_EQ(nlohmann::json::parse(line_for(line)).at("sequence"), 7);
}

TEST(JsonLine, HasTheNameOfTheRoom) {
  const RoomRef lab{.id = 7, .name = "lab"};
  Line line = said("bob", "hello");
  line.room = lab;
  EXPECT_EQ(nlohmann::json::parse(line_for(line)).at("room"), "lab");
  EXPECT_EQ(nlohmann::json::parse(line_for(joined("ada"))).at("room"), "");
  EXPECT_EQ(nlohmann::json::parse(line_for(Missed{.room = lab})).at("room"), "lab");
  EXPECT_EQ(
      line_for(RoomJoined{
          .room = lab, .topic = "tea", .again = true, .topic_by = "ada", .topic_set = kFriday}),
      R"({"schema":1,"event":"room_joined","room":"lab","topic":"tea","topic_by":"ada",)"
      R"("topic_set":"2026-11-20T23:15:04.000Z","resumed":true,)" +
          kTime);
  EXPECT_EQ(line_for(RoomLeft{.room = lab, .code = "no_such_room", .text = "No."}),
            R"({"schema":1,"event":"room_left","room":"lab","code":"no_such_room","text":"No.",)" +
                kTime);
}

TEST(JsonLine, SaysWhatIsChangedInARoom) {
  Line topic = line_of(wire::RecordKind::topic, "ada", "tea");
  topic.room = {.id = 7, .name = "lab"};
  EXPECT_EQ(line_for(topic),
            R"({"schema":1,"event":"topic","room":"lab","time":"2026-11-20T23:15:04.000Z",)"
            R"("name":"ada","text":"tea","replay":false,"own":false})"
            "\n");
  EXPECT_EQ(line_for(set_by("", {.property = wire::RoomProperty::slow, .value = 30})),
            R"({"schema":1,"event":"set","room":"","time":"2026-11-20T23:15:04.000Z",)"
            R"("property":"slow","value":30,"replay":false,"own":false})"
            "\n");
  const auto renamed = nlohmann::json::parse(
      line_for(set_by("ada", {.property = wire::RoomProperty::name, .name = "lab-x7"})));
  EXPECT_EQ(renamed.at("property"), "name");
  EXPECT_EQ(renamed.at("value"), "lab-x7");
  EXPECT_EQ(
      line_for(moderated_by("ada", {.action = wire::ModerateAction::mute,
                                    .seconds = 4'294'967'295,
                                    .name = "bob",
                                    .reason = "noise"})),
      R"({"schema":1,"event":"moderated","room":"","time":"2026-11-20T23:15:04.000Z",)"
      R"("name":"ada","action":"mute","target":"bob","duration_seconds":4294967295,"text":"noise",)"
      R"("replay":false,"own":false})"
      "\n");
  EXPECT_EQ(line_for(RoomInvited{.room = "lab", .name = "ada"}),
            R"({"schema":1,"event":"invited","room":"lab","name":"ada",)" + kTime);
}

TEST(JsonLine, ReportsOtherProgramsAndTheirDirectMessages) {
  EXPECT_EQ(line_for(OtherProgram{.address = "192.0.2.1:50000", .number = 2, .time = kFriday}),
            R"({"schema":1,"event":"program","room":"","time":"2026-11-20T23:15:04.000Z",)"
            R"("address":"192.0.2.1:50000","number":2})"
            "\n");
  Line direct = line_of(wire::RecordKind::direct, "bob", "psst");
  direct.own = true;
  EXPECT_EQ(line_for(direct),
            R"({"schema":1,"event":"direct","room":"","time":"2026-11-20T23:15:04.000Z",)"
            R"("name":"bob","text":"psst","replay":false,"own":true})"
            "\n");
}

TEST(JsonLine, SaysWhoIsAwayAndThatThisMemberIsBack) {
  EXPECT_EQ(line_for(MemberAway{.name = "bob", .text = "lunch"}),
            R"({"schema":1,"event":"away","room":"","name":"bob","text":"lunch",)" + kTime);
  EXPECT_EQ(line_for(MemberAway{}), R"({"schema":1,"event":"away","room":"",)" + kTime);
  EXPECT_EQ(line_for(MemberBack{}), R"({"schema":1,"event":"back","room":"",)" + kTime);
}

TEST(JsonLine, SaysWhatIsKnownOfARoom) {
  const auto about = nlohmann::json::parse(line_for(
      RoomAbout{.room = "lab",
                .list = "topic\ttea\nmade\t1795216504000000\nmembers\t2\nowner\tada\nhidden\t1\n"
                        "ban\t7\tbob\t1795216504000000\tada\tnoise\nmute\t8\tcyd\t0\t\t"}));
  EXPECT_EQ(about.at("event"), "about");
  EXPECT_EQ(about.at("room"), "lab");
  EXPECT_EQ(about.at("topic"), "tea");
  EXPECT_EQ(about.at("made"), "2026-11-20T23:15:04.000Z");
  EXPECT_EQ(about.at("members"), 2);
  EXPECT_EQ(about.at("owners"), nlohmann::json::array({"ada"}));
  EXPECT_TRUE(about.at("moderators").empty());
  EXPECT_EQ(about.at("hidden"), true);
  EXPECT_EQ(about.at("lecture"), false);
  EXPECT_EQ(about.at("slow_seconds"), 0);
  EXPECT_EQ(about.at("history"), "default");
  const auto& rules = about.at("rules");
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].at("action"), "ban");
  EXPECT_EQ(rules[0].at("target"), "bob");
  EXPECT_EQ(rules[0].at("until"), "2026-11-20T23:15:04.000Z");
  EXPECT_EQ(rules[0].at("text"), "noise");
  EXPECT_TRUE(rules[1].at("until").is_null());
  EXPECT_TRUE(nlohmann::json::parse(line_for(RoomAbout{})).at("made").is_null());
}

TEST(JsonLine, ATimeThatIsNotPossibleIsNull) {
  for (const WallTime time : {WallTime::min(), WallTime{}, WallTime::max()}) {
    Line line = said("bob", "hello");
    line.time = time;
    EXPECT_TRUE(nlohmann::json::parse(line_for(line)).at("time").is_null());
    EXPECT_TRUE(nlohmann::json::parse(line_for(OtherProgram{.time = time})).at("time").is_null());
  }
  const auto about = nlohmann::json::parse(
      line_for(RoomAbout{.list = "made\t9223372036854775807\nban\t7\tbob\t-1\tada\t"}));
  EXPECT_TRUE(about.at("made").is_null());
  EXPECT_TRUE(about.at("rules").at(0).at("until").is_null());
}

TEST(JsonLine, IsEmptyForReportsThatAreNotPrinted) {
  EXPECT_EQ(line_for(Confirmed{1}), "");
  EXPECT_EQ(line_for(RoomAbout{.code = "unknown_command", .text = "No."}), "");
  EXPECT_EQ(line_for(RoomRenamed{.before = "lab"}), "");
  for (const auto kind : {wire::RecordKind::set, wire::RecordKind::moderated}) {
    EXPECT_EQ(line_for(line_of(kind, "ada", "\x63???????")), "") << "of a newer server";
  }
  EXPECT_EQ(line_for(users("ada")), "");
  EXPECT_EQ(line_for(ProgramList{.list = "1\there"}), "");
  EXPECT_EQ(line_for(MemberAbout{.list = "name\tbob"}), "");
}

TEST(JsonLine, IsValidForAnyBytes) {
  const auto other = nlohmann::json::parse(line_for(OtherProgram{.address = "\xff"}));
  EXPECT_EQ(other.at("address"), "\xef\xbf\xbd");
  const auto json = nlohmann::json::parse(line_for(said("a\xff", "\x1b[2J")));
  EXPECT_EQ(json.at("name"), "a\xef\xbf\xbd");
  EXPECT_EQ(json.at("text"), "\x1b[2J");
}

}  // namespace
}  // namespace chatd::client
