// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/room_words.hpp"

#include <array>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/wire/native/record_text.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAre;
using wire::Language;
using wire::ModerateAction;
using wire::RecordKind;
using wire::RoomProperty;

constexpr auto kEn = Language::en;
constexpr auto kZh = Language::zh;

TEST(RoomWords, ADurationHasAtMostTwoUnits) {
  EXPECT_EQ(duration_text(kEn, 1), "1 second");
  EXPECT_EQ(duration_text(kEn, 60), "1 minute");
  EXPECT_EQ(duration_text(kEn, 5'400), "1 hour 30 minutes");
  EXPECT_EQ(duration_text(kEn, 7 * 86'400), "7 days");
  EXPECT_EQ(duration_text(kEn, 86'400 + 60), "1 day");
  EXPECT_EQ(duration_text(kEn, 90'061), "1 day 1 hour");
  EXPECT_EQ(duration_text(kEn, std::numeric_limits<std::uint32_t>::max()), "49710 days 6 hours");
  EXPECT_EQ(duration_text(kZh, 5'400), "1 小时 30 分钟");
}

TEST(ChangeText, LinesThatWereTakenBack) {
  const auto text = [](wire::Language language, const char* by, std::uint64_t last,
                       std::string_view author) {
    std::array<std::byte, 64> bytes{};
    wire::ByteWriter out{bytes};
    wire::encode(out, wire::ErasedLines{.first = 4, .last = last, .author = author});
    const std::string body{reinterpret_cast<const char*>(bytes.data()), out.written().size()};
    return change_text(language, line_of(RecordKind::erased, by, body));
  };
  EXPECT_EQ(text(kEn, "ada", 4, ""), "ada took back line 4");
  EXPECT_EQ(text(kZh, "ada", 4, ""), "ada 撤回了第 4 行");
  EXPECT_EQ(text(kEn, "", 9, ""), "the administrator took back the lines 4 to 9");
  EXPECT_EQ(text(kEn, "", 9, "eve"), "the administrator took back the lines 4 to 9 of eve");
  EXPECT_EQ(text(kZh, "max", 9, "eve"), "max 撤回了 eve 的第 4 至 9 行");
  EXPECT_EQ(change_text(kEn, line_of(RecordKind::erased, "ada", "short")), "");
}

TEST(RoomWords, AChangeOfTheTopicHasASentence) {
  EXPECT_EQ(change_text(kEn, line_of(RecordKind::topic, "ada", "tea")), "ada set the topic: tea");
  EXPECT_EQ(change_text(kEn, line_of(RecordKind::topic, "", "{}")),
            "the administrator set the topic: {}");
  EXPECT_EQ(change_text(kEn, line_of(RecordKind::topic, "ada")), "ada removed the topic");
  EXPECT_EQ(change_text(kZh, line_of(RecordKind::topic, "", "茶")),
            "[服务器管理员] 设置了主题：茶");
}

TEST(RoomWords, ACrowdHasASentence) {
  const auto text = [](Language language, char joined, char left) {
    const std::string numbers{joined, 0, 0, 0, left, 0, 0, 0};
    return change_text(language, line_of(RecordKind::crowd, "", numbers));
  };
  EXPECT_EQ(text(kEn, 12, 3), "[12 joined, 3 left]");
  EXPECT_EQ(text(kEn, 12, 0), "[12 joined]");
  EXPECT_EQ(text(kEn, 0, 3), "[3 left]");
  EXPECT_EQ(text(kZh, 12, 3), "[12 人进入了聊天室，3 人退出了聊天室]");
  EXPECT_EQ(text(kEn, 0, 0), "");
  EXPECT_EQ(change_text(kEn, line_of(RecordKind::crowd, "", "short")), "");
}

TEST(RoomWords, AChangeOfEachPropertyHasASentence) {
  const auto text = [](RoomProperty property, std::uint16_t value) {
    return change_text(kEn, set_by("ada", {.property = property, .value = value}));
  };
  EXPECT_EQ(text(RoomProperty::lecture, 1),
            "ada began a lecture: only owners and moderators speak now");
  EXPECT_EQ(text(RoomProperty::lecture, 0), "ada ended the lecture: all members speak now");
  EXPECT_EQ(text(RoomProperty::slow, 90),
            "ada began slow mode: each member can write once in 1 minute 30 seconds");
  EXPECT_EQ(text(RoomProperty::slow, 0), "ada ended slow mode");
  EXPECT_EQ(text(RoomProperty::history, 30),
            "ada changed the history: messages are kept for at most 30 days");
  EXPECT_EQ(text(RoomProperty::history, wire::kHistoryOff),
            "ada changed the history: messages are not kept");
  EXPECT_EQ(text(RoomProperty::history, 0),
            "ada changed the history: messages are kept as in other rooms");
  for (const auto property :
       {RoomProperty::invited, RoomProperty::hidden, RoomProperty::lecture, RoomProperty::slow}) {
    for (const bool value : {false, true}) EXPECT_NE(text(property, value), "");
  }
  EXPECT_EQ(change_text(kEn, set_by("ada", {.property = RoomProperty::name, .name = "pub"})),
            "ada renamed the room to #pub");
}

TEST(RoomWords, EachActionHasASentenceInBothLanguages) {
  const auto text = [](ModerateAction action, std::uint32_t seconds, std::string_view reason) {
    return change_text(
        kEn, moderated_by("ada",
                          {.action = action, .seconds = seconds, .name = "bob", .reason = reason}));
  };
  EXPECT_EQ(text(ModerateAction::mute, 3'600, "noise"), "ada muted bob for 1 hour: noise");
  EXPECT_EQ(text(ModerateAction::mute, 0, ""), "ada muted bob");
  EXPECT_EQ(text(ModerateAction::ban, 4'294'967'295, ""), "ada banned bob for 49710 days 6 hours");
  EXPECT_EQ(text(ModerateAction::invite, 86'400, ""), "ada invited bob");
  EXPECT_EQ(text(ModerateAction::owner, 0, ""), "ada made bob an owner");
  for (int i = 1; i <= static_cast<int>(ModerateAction::no_role); ++i) {
    const auto action = static_cast<ModerateAction>(i);
    const Line line = moderated_by("ada", {.action = action, .name = "bob"});
    EXPECT_THAT(change_text(kEn, line), ::testing::StartsWith("ada "));
    EXPECT_NE(change_text(kZh, line), change_text(kEn, line));
  }
}

TEST(RoomWords, AnUnknownChangeHasNoSentence) {
  for (const std::string_view text :
       {std::string_view{}, std::string_view{"\0\1\0", 3}, std::string_view{"\1\2\0", 3},
        std::string_view{"\4\xff\xff", 3}, std::string_view{"\x63\0\0", 3}}) {
    EXPECT_EQ(change_text(kEn, line_of(RecordKind::set, "ada", text)), "");
  }
  EXPECT_EQ(change_text(kEn, line_of(RecordKind::moderated, "ada", "")), "");
  const auto future = static_cast<ModerateAction>(99);
  EXPECT_EQ(change_text(kEn, moderated_by("ada", {.action = future, .name = "bob"})), "");
  EXPECT_EQ(change_text(kEn, moderated_by("ada", {.action = ModerateAction::ban})), "")
      << "of no member";
  EXPECT_EQ(change_text(kEn, said("ada", "hello")), "");
}

TEST(RoomWords, FactsAreASentenceEach) {
  const wire::RoomFacts facts{
      .topic = "tea",
      .topic_by = "ada",
      .made = kFriday,
      .members = 2,
      .owners = {"ada", "bob"},
      .moderators = {},
      .is_lecture = true,
      .slow_seconds = 10,
      .history = 30,
      .rules = {{.action = ModerateAction::ban,
                 .name = "mallory",
                 .until = kFriday,
                 .by = "ada",
                 .reason = "noise"},
                {.action = ModerateAction::mute, .name = "trudy"},
                {.action = ModerateAction::invite, .name = "cyd", .by = "ada"}}};
  const auto at = [](WallTime /*time*/) { return std::string{"then"}; };
  EXPECT_EQ(topic_text(kEn, facts, at), "the topic is: tea (set by ada)") << "by an older server";
  EXPECT_THAT(
      facts_text(kEn, facts, at),
      ElementsAre("2 members", "made at then", "owners: ada, bob",
                  "only owners and moderators speak", "each member can write once in 10 seconds",
                  "messages are kept for at most 30 days",
                  "mallory is banned until then by ada: noise",
                  "trudy is muted by the administrator", "cyd is invited by ada"));
  EXPECT_EQ(topic_text(kEn, {}, at), "");
  EXPECT_THAT(facts_text(kEn, {.members = 1}, at), ElementsAre("1 member"));
}

// The text that the server sends about the same ban is rounded up, too.
TEST(RoomWords, TheEndOfARuleIsRoundedUpToAMinute) {
  const auto at = [](WallTime time) { return to_rfc3339(time); };
  const auto until = [&](WallTime end) {
    const wire::RoomFacts facts{
        .rules = {{.action = ModerateAction::mute, .name = "bob", .until = end, .by = "ada"}}};
    return facts_text(kEn, facts, at).back();
  };
  EXPECT_EQ(until(kFriday), "bob is muted until 2026-11-20T23:16:00.000Z by ada");
  EXPECT_EQ(until(std::chrono::floor<std::chrono::minutes>(kFriday)),
            "bob is muted until 2026-11-20T23:15:00.000Z by ada");
  for (const WallTime end : {WallTime::min(), WallTime{}, WallTime::max()}) {
    EXPECT_EQ(until(end), "bob is muted until an unknown time by ada");
  }
}

TEST(RoomWords, AnInvitationSaysHowToJoin) {
  EXPECT_EQ(invitation_text(kEn, {.room = "lab", .name = "ada"}),
            "ada invites you to #lab; /join lab joins it");
  EXPECT_EQ(invitation_text(kEn, {.room = "lab"}),
            "the administrator invites you to #lab; /join lab joins it");
}

TEST(RoomWords, ATopicHasItsTime) {
  const auto at = [](WallTime /*time*/) { return std::string{"then"}; };
  EXPECT_EQ(topic_text(kEn, {.topic = "tea", .topic_set = kFriday}, at),
            "the topic is: tea (set by the administrator, then)");
  RoomJoined joined{.room = {.id = 1, .name = "lab"}};
  EXPECT_EQ(joined_text(kEn, joined, at), "you are in #lab");
  joined.topic = "tea";
  EXPECT_EQ(joined_text(kEn, joined, at), "you are in #lab: tea (set by the administrator)");
  joined.topic_by = "ada";
  joined.topic_set = kFriday;
  EXPECT_EQ(joined_text(kEn, joined, at), "you are in #lab: tea (set by ada, then)");
}

}  // namespace
}  // namespace chatd::client
