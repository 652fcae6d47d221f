// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/outcome.hpp"

#include <string>

#include <gtest/gtest.h>

#include "tests/client/in_utc.hpp"

namespace chatd::client {
namespace {

constexpr auto kEnglish = wire::Language::en;

class Explain : public InUtc {};
class Reasons : public InUtc {};

TEST(Outcome, ExitStatusIsThatOfTheTable) {
  EXPECT_EQ(exit_status_of(Outcome::done), 0);
  EXPECT_EQ(exit_status_of(Outcome::usage), 2);
  EXPECT_EQ(exit_status_of(Outcome::not_welcome), 20);
  EXPECT_EQ(exit_status_of(Outcome::banned), 21);
  EXPECT_EQ(exit_status_of(Outcome::program_ended), 22);
}

TEST_F(Explain, GivesOneLineForEachOutcomeInBothLanguages) {
  for (const wire::ReasonRow& row : wire::reason_table()) {
    if (!row.status) continue;
    for (const auto language : {wire::Language::en, wire::Language::zh}) {
      const std::string line =
          explain(row.reason, {.host = "h:1", .name = "ada", .detail = "d"}, language);
      EXPECT_FALSE(line.empty()) << row.code;
      EXPECT_EQ(line.find_first_of("{}\n"), std::string::npos) << line;
    }
  }
}

TEST_F(Explain, NamesHostNameAndDetail) {
  EXPECT_EQ(
      explain(Outcome::no_such_host, {.host = "h:1", .name = "ada", .detail = "unknown"}, kEnglish),
      "there is no host h:1: unknown");
  EXPECT_EQ(explain(Outcome::name_taken, {.host = "h:1", .name = "ada"}, kEnglish),
            "the name ada is taken");
}

TEST_F(Explain, DoesNotCallAnUnwelcomeClientsRoomFull) {
  EXPECT_EQ(explain(Outcome::not_welcome,
                    {.host = "h:1", .name = "ada", .detail = "this network is blocked"}, kEnglish),
            "h:1 does not let you in: this network is blocked");
}

TEST_F(Explain, ShowsTheTextAboutABan) {
  EXPECT_EQ(
      explain(Outcome::banned,
              {.host = "h:1", .name = "ada", .detail = "banned until 2026-11-29 14:05 UTC: noise"},
              kEnglish),
      "you are banned from h:1 until 2026-11-29 14:05: noise");
  EXPECT_EQ(explain(Outcome::banned, {.host = "h:1", .name = "ada", .detail = "banned: \x1b[2J"},
                    wire::Language::zh),
            "你已被禁止进入 h:1：\\x1b[2J");
  EXPECT_EQ(explain(Outcome::banned, {.host = "h:1", .name = "ada", .detail = "banned"}, kEnglish),
            "you are banned from h:1");
  EXPECT_EQ(
      explain(Outcome::banned, {.host = "h:1", .name = "ada", .detail = "not today"}, kEnglish),
      "you are banned from h:1: not today")
      << "a text of another form";
}

TEST_F(Explain, TranslatesTheTextAboutABanThatEndsTheSession) {
  const Circumstances banned{
      .host = "h", .name = "ada", .detail = "banned until 2026-11-29 14:05 UTC: noise"};
  EXPECT_EQ(explain(Outcome::kicked, banned, kEnglish),
            "you were removed from the server: banned until 2026-11-29 14:05: noise");
  EXPECT_EQ(explain(Outcome::kicked, banned, wire::Language::zh),
            "你被移出了服务器：已被封禁，直到 2026-11-29 14:05：noise");
}

TEST_F(Explain, NamesABanOfTheNetworkWithoutAText) {
  EXPECT_EQ(explain(Outcome::banned, {.host = "h:1", .name = "ada"}, kEnglish),
            "you are banned from h:1");
}

TEST_F(Explain, SaysWhatAnotherProgramHasDone) {
  EXPECT_EQ(explain(Outcome::replaced, {.host = "h:1", .name = "ada"}, kEnglish),
            "another program of ada has taken this session, since h:1 allows no more at once");
  EXPECT_EQ(explain(Outcome::program_ended, {.host = "h:1", .name = "ada"}, wire::Language::zh),
            "ada 的另一个程序结束了这个程序");
}

TEST_F(Explain, LeavesOutAnEmptyDetail) {
  EXPECT_EQ(explain(Outcome::kicked, {.host = "h", .name = "ada"}, kEnglish),
            "you were removed from the server");
  EXPECT_EQ(explain(Outcome::kicked, {.host = "h", .name = "ada"}, wire::Language::zh),
            "你被移出了服务器");
}

TEST_F(Explain, EscapesTheTextOfTheServer) {
  EXPECT_EQ(
      explain(Outcome::kicked, {.host = "h", .name = "ada", .detail = "\x1b[2J{name}"}, kEnglish),
      "you were removed from the server: \\x1b[2J{name}");
}

using wire::Language;
using wire::NameFault;

std::string name_reason(std::string_view name, Language language = Language::en) {
  const auto checked = wire::check_name(name);
  EXPECT_FALSE(checked) << name;
  return checked ? std::string{} : why_no_name(language, checked.error(), name);
}

std::string refusal(std::string code, std::string text, Language language = Language::en) {
  return why_refused(language, {.code = std::move(code), .text = std::move(text)});
}

TEST_F(Reasons, NameTheInvisibleCharacter) {
  EXPECT_EQ(name_reason("a\u200b"
                        "b"),
            "the character U+200B in it does not show");
  EXPECT_EQ(name_reason("a\x1b[1m"), "the character U+001B in it does not show");
  EXPECT_EQ(name_reason("a\u200b"
                        "b",
                        Language::zh),
            "其中的字符 U+200B 无法显示");
  EXPECT_EQ(name_reason("\u0301a"), "it has characters that do not show") << "a lone accent";
  EXPECT_EQ(name_reason("a b"), "a name has no spaces");
}

TEST_F(Reasons, AreInTheUsersLanguageForEachCodeOfTheServer) {
  for (const char* code :
       {"empty", "not_utf8", "too_long", "no_such_member", "not_native", "mailbox_full"}) {
    const std::string english = refusal(code, "As the server says it.");
    const std::string chinese = refusal(code, "As the server says it.", Language::zh);
    EXPECT_NE(english, "As the server says it") << code;
    EXPECT_FALSE(english.ends_with('.')) << code;
    EXPECT_NE(english, chinese) << code;
    EXPECT_FALSE(chinese.ends_with("。")) << code;
  }
  const Refused refused{.code = "no_such_member"};
  EXPECT_EQ(why_refused(Language::en, refused, "bob"), "nobody named bob is here");
}

TEST_F(Reasons, SayThatTheServerHasNotConfirmedACommand) {
  EXPECT_EQ(refusal("not_confirmed", ""), "the session ended before the server confirmed it");
  EXPECT_EQ(refusal("not_confirmed", "", Language::zh), "会话在服务器确认之前结束了");
}

TEST_F(Reasons, HaveTheEndAndTheReasonOfAMute) {
  EXPECT_EQ(refusal("muted", "muted until 2026-11-29 14:05 UTC: noise"),
            "you are muted until 2026-11-29 14:05: noise");
  EXPECT_EQ(refusal("muted", "muted: noise", Language::zh), "你已被禁言：noise");
  EXPECT_EQ(refusal("muted", "You are muted: nobody receives what you write."),
            "you are muted: nobody receives what you write");
}

TEST_F(Reasons, OfABanInARoomAreInTheUsersLanguage) {
  EXPECT_EQ(refusal("", "banned until 2026-11-29 14:05 UTC: noise", Language::zh),
            "已被封禁，直到 2026-11-29 14:05：noise");
  EXPECT_EQ(refusal("", "by ada: noise", Language::zh), "执行者 ada：noise");
}

TEST_F(Reasons, UnknownCodesGiveTheServersTextWithoutItsFullStop) {
  EXPECT_EQ(refusal("of_tomorrow", "Not today."), "Not today");
  EXPECT_EQ(refusal("", "今天不行。"), "今天不行");
  EXPECT_EQ(refusal("", ""), "");
}

TEST(WhyTooLong, CountsCharacters) {
  std::string text;
  for (int i = 0; i < 41; ++i) text += "字";
  EXPECT_EQ(why_too_long(wire::Language::en, text, 120), "too long by 1 of its 41 characters");
  EXPECT_EQ(why_too_long(wire::Language::zh, text, 118), "太长：41 个字中多出 2 个");
}

}  // namespace
}  // namespace chatd::client
