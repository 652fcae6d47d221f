// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/json_lines.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

TEST(JsonLine, IsOneObjectOnOneLine) {
  EXPECT_EQ(
      json_line(said("小明", "a\n\"b\"")),
      R"({"schema":1,"event":"say","room":"","time":"2026-11-20T23:15:04.000Z","name":"小明",)"
      R"("text":"a\n\"b\"","replay":false,"own":false})"
      "\n");
}

TEST(JsonLine, NamesEveryKindOfLine) {
  using wire::RecordKind;
  for (const auto& [kind, event] : {std::pair{RecordKind::join, "join"},
                                    {RecordKind::leave, "leave"},
                                    {RecordKind::announce, "announce"},
                                    {RecordKind::kick, "kick"},
                                    {RecordKind::action, "action"},
                                    {RecordKind::letter, "direct"}}) {
    EXPECT_EQ(nlohmann::json::parse(json_line(line_of(kind, "ada"))).at("event"), event);
  }
  EXPECT_EQ(json_line(line_of(wire::RecordKind::who, "", "ada")), "");
}

TEST(JsonLine, ACrowdHasTwoNumbers) {
  const std::string text{"\x0c\0\0\0\x03\0\0\0", 8};
  const auto crowd = nlohmann::json::parse(json_line(line_of(wire::RecordKind::crowd, "", text)));
  EXPECT_EQ(crowd.at("event"), "crowd");
  EXPECT_EQ(crowd.at("joined"), 12);
  EXPECT_EQ(crowd.at("left"), 3);
  EXPECT_FALSE(crowd.contains("text"));
  EXPECT_EQ(json_line(line_of(wire::RecordKind::crowd, "", "short")), "");
}

TEST(JsonLine, ReportsTheStateOfTheSession) {
  const auto entered = nlohmann::json::parse(json_line(joined("ada")));
  EXPECT_EQ(entered.at("event"), "entered");
  EXPECT_EQ(entered.at("name"), "ada");
  EXPECT_EQ(entered.at("server"), "the lab");
  EXPECT_EQ(entered.at("resumed"), false);
  EXPECT_EQ(json_line(Reconnecting{}), "{\"schema\":1,\"event\":\"reconnecting\",\"room\":\"\"}\n");
  EXPECT_EQ(json_line(Reconnected{}), "{\"schema\":1,\"event\":\"reconnected\",\"room\":\"\"}\n");
  EXPECT_EQ(json_line(Missed{}), "{\"schema\":1,\"event\":\"lost\",\"room\":\"\"}\n");
  EXPECT_EQ(json_line(MissedHere{3}),
            "{\"schema\":1,\"event\":\"missed\",\"room\":\"\",\"lines\":3}\n");
  EXPECT_EQ(json_line(ended(Outcome::kicked, "spam")),
            "{\"schema\":1,\"event\":\"ended\",\"room\":\"\",\"outcome\":\"kicked\",\"text\":"
            "\"spam\"}\n");
  EXPECT_EQ(json_line(FirstContact{.fingerprint = "SHA256:x", .file = "/f"}),
            "{\"schema\":1,\"event\":\"first_contact\",\"room\":\"\",\"fingerprint\":\"SHA256:x\","
            "\"file\":\"/f\"}\n");
  EXPECT_EQ(json_line(Waiting{.reason = Outcome::no_answer, .text = "x"}),
            "{\"schema\":1,\"event\":\"waiting\",\"room\":\"\",\"outcome\":\"no_answer\",\"text\":"
            "\"x\"}\n");
  EXPECT_EQ(json_line(Notice{"x"}),
            "{\"schema\":1,\"event\":\"notice\",\"room\":\"\",\"text\":\"x\"}\n");
}

TEST(JsonLine, HasTheNameOfTheRoom) {
  const RoomRef lab{.id = 7, .name = "lab"};
  Line line = said("bob", "hello");
  line.room = lab;
  EXPECT_EQ(nlohmann::json::parse(json_line(line)).at("room"), "lab");
  EXPECT_EQ(nlohmann::json::parse(json_line(joined("ada"))).at("room"), "");
  EXPECT_EQ(nlohmann::json::parse(json_line(Missed{.room = lab})).at("room"), "lab");
  EXPECT_EQ(json_line(RoomJoined{.room = lab, .topic = "tea", .again = true}),
            R"({"schema":1,"event":"room_joined","room":"lab","topic":"tea","resumed":true})"
            "\n");
  EXPECT_EQ(json_line(RoomLeft{.room = lab, .code = "no_such_room", .text = "No."}),
            R"({"schema":1,"event":"room_left","room":"lab","code":"no_such_room","text":"No."})"
            "\n");
}

TEST(JsonLine, SaysWhatIsChangedInARoom) {
  Line topic = line_of(wire::RecordKind::topic, "ada", "tea");
  topic.room = {.id = 7, .name = "lab"};
  EXPECT_EQ(json_line(topic),
            R"({"schema":1,"event":"topic","room":"lab","time":"2026-11-20T23:15:04.000Z",)"
            R"("name":"ada","text":"tea","replay":false,"own":false})"
            "\n");
  EXPECT_EQ(json_line(set_by("", {.property = wire::RoomProperty::slow, .value = 30})),
            R"({"schema":1,"event":"set","room":"","time":"2026-11-20T23:15:04.000Z","name":"",)"
            R"("property":"slow","value":30,"replay":false,"own":false})"
            "\n");
  const auto renamed = nlohmann::json::parse(
      json_line(set_by("ada", {.property = wire::RoomProperty::name, .name = "lab-x7"})));
  EXPECT_EQ(renamed.at("property"), "name");
  EXPECT_EQ(renamed.at("value"), "lab-x7");
  EXPECT_EQ(json_line(moderated_by("ada", {.action = wire::ModerateAction::mute,
                                           .seconds = 4'294'967'295,
                                           .name = "bob",
                                           .reason = "noise"})),
            R"({"schema":1,"event":"moderated","room":"","time":"2026-11-20T23:15:04.000Z",)"
            R"("name":"ada","action":"mute","target":"bob","seconds":4294967295,"text":"noise",)"
            R"("replay":false,"own":false})"
            "\n");
  EXPECT_EQ(json_line(RoomInvited{.room = "lab", .name = "ada"}),
            R"({"schema":1,"event":"invited","room":"lab","name":"ada"})"
            "\n");
}

TEST(JsonLine, ReportsOtherProgramsAndTheirDirectMessages) {
  EXPECT_EQ(json_line(OtherProgram{.address = "192.0.2.1:50000", .number = 2, .time = kFriday}),
            R"({"schema":1,"event":"program","room":"","time":"2026-11-20T23:15:04.000Z",)"
            R"("address":"192.0.2.1:50000","number":2})"
            "\n");
  Line direct = line_of(wire::RecordKind::letter, "bob", "psst");
  direct.own = true;
  EXPECT_EQ(json_line(direct),
            R"({"schema":1,"event":"direct","room":"","time":"2026-11-20T23:15:04.000Z",)"
            R"("name":"bob","text":"psst","replay":false,"own":true})"
            "\n");
}

TEST(JsonLine, SaysWhatIsKnownOfARoom) {
  const auto about = nlohmann::json::parse(json_line(
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
  EXPECT_EQ(about.at("slow"), 0);
  const auto& rules = about.at("rules");
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].at("action"), "ban");
  EXPECT_EQ(rules[0].at("target"), "bob");
  EXPECT_EQ(rules[0].at("until"), "2026-11-20T23:15:04.000Z");
  EXPECT_EQ(rules[0].at("text"), "noise");
  EXPECT_TRUE(rules[1].at("until").is_null());
  EXPECT_TRUE(nlohmann::json::parse(json_line(RoomAbout{})).at("made").is_null());
}

TEST(JsonLine, ATimeThatIsNotPossibleIsNull) {
  for (const WallTime time : {WallTime::min(), WallTime{}, WallTime::max()}) {
    Line line = said("bob", "hello");
    line.time = time;
    EXPECT_TRUE(nlohmann::json::parse(json_line(line)).at("time").is_null());
    EXPECT_TRUE(nlohmann::json::parse(json_line(OtherProgram{.time = time})).at("time").is_null());
  }
  const auto about = nlohmann::json::parse(
      json_line(RoomAbout{.list = "made\t9223372036854775807\nban\t7\tbob\t-1\tada\t"}));
  EXPECT_TRUE(about.at("made").is_null());
  EXPECT_TRUE(about.at("rules").at(0).at("until").is_null());
}

TEST(JsonLine, IsEmptyForReportsThatAreNotPrinted) {
  EXPECT_EQ(json_line(Confirmed{1}), "");
  EXPECT_EQ(json_line(RoomAbout{.code = "unknown_command", .text = "No."}), "");
  EXPECT_EQ(json_line(RoomRenamed{.before = "lab"}), "");
  for (const auto kind : {wire::RecordKind::set, wire::RecordKind::moderated}) {
    EXPECT_EQ(json_line(line_of(kind, "ada", "\x63???????")), "") << "of a newer server";
  }
  EXPECT_EQ(json_line(users("ada")), "");
  EXPECT_EQ(json_line(ProgramList{.list = "1\there"}), "");
}

TEST(JsonLine, IsValidForAnyBytes) {
  const auto other = nlohmann::json::parse(json_line(OtherProgram{.address = "\xff"}));
  EXPECT_EQ(other.at("address"), "\xef\xbf\xbd");
  const auto json = nlohmann::json::parse(json_line(said("a\xff", "\x1b[2J")));
  EXPECT_EQ(json.at("name"), "a\xef\xbf\xbd");
  EXPECT_EQ(json.at("text"), "\x1b[2J");
}

}  // namespace
}  // namespace chatd::client
