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

TEST(JsonLine, IsEmptyForReportsThatAreNotPrinted) {
  EXPECT_EQ(json_line(Confirmed{1}), "");
  EXPECT_EQ(json_line(users("ada")), "");
}

TEST(JsonLine, IsValidForAnyBytes) {
  const auto json = nlohmann::json::parse(json_line(said("a\xff", "\x1b[2J")));
  EXPECT_EQ(json.at("name"), "a\xef\xbf\xbd");
  EXPECT_EQ(json.at("text"), "\x1b[2J");
}

}  // namespace
}  // namespace chatd::client
