// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/events/event_json.hpp"

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

constexpr WallTime kFriday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} +
                           std::chrono::hours{23}};

LineEvent said(std::string_view text) {
  return {.kind = RecordKind::say, .room = "lab", .time = kFriday, .name = "ada", .text = text};
}

TEST(EventJson, ALineHasWhoSaidItAndTheNumberOfTheCommand) {
  LineEvent line = said("tea?");
  line.sequence = 7;
  line.by = "12.7";
  line.n = 17;
  line.replay = false;
  EXPECT_EQ(event_line(json_of(line)),
            R"({"schema":1,"event":"say","room":"lab","time":"2026-11-20T23:00:00.000Z",)"
            R"("sequence":7,"name":"ada","text":"tea?","by":"12.7","n":17,"replay":false})"
            "\n");
}

TEST(EventJson, MembersThatAreNotKnownAreLeftOut) {
  const EventJson json = json_of(said(""));
  for (const char* name : {"sequence", "text", "by", "n", "replay", "own", "waited"}) {
    EXPECT_FALSE(json.contains(name)) << name;
  }
}

TEST(EventJson, ARecordThatIsNoLineIsEmpty) {
  for (const RecordKind kind : {RecordKind::notice, RecordKind::who, RecordKind::joined,
                                RecordKind::stored, static_cast<RecordKind>(60'000)}) {
    EXPECT_TRUE(json_of(LineEvent{.kind = kind}).empty());
  }
  for (const RecordKind kind :
       {RecordKind::set, RecordKind::moderated, RecordKind::crowd, RecordKind::erased}) {
    EXPECT_TRUE(json_of(LineEvent{.kind = kind, .text = "\x63?"}).empty()) << "of a newer server";
  }
}

TEST(EventJson, ALineIsOneLineForAnyBytes) {
  const std::string line = event_line(json_of(said("a\n\xff\xc2\x85")));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_NE(line.find("\\n\xef\xbf\xbd\\u0085"), std::string::npos) << line;
  EXPECT_EQ(EventJson::parse(line).at("text"), "a\n\xef\xbf\xbd\xc2\x85");
}

TEST(EventJson, ATimeThatIsNotPossibleIsNull) {
  for (const WallTime time : {WallTime::min(), WallTime{}, WallTime::max()}) {
    EXPECT_TRUE(json_of(time).is_null());
  }
}

TEST(EventJson, ATopicHasItsAuthorAndTime) {
  EventJson json = begin_event("room_joined", "lab");
  add_topic(json, "", "ada", kFriday);
  EXPECT_FALSE(json.contains("topic"));
  add_topic(json, "tea", "ada", std::nullopt);
  EXPECT_EQ(json.at("topic_by"), "ada");
  EXPECT_TRUE(json.at("topic_set").is_null());
}

}  // namespace
}  // namespace chatd::wire
