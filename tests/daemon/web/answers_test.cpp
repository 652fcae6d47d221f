// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/answers.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/wire/native/native_history.hpp"

namespace chatd::web {
namespace {

using nlohmann::json;

TEST(AnswersTest, ARefusalSaysWhetherToTryAgain) {
  using Kind = Refusal::Kind;
  for (const auto& [kind, status, has_retry] : {std::tuple{Kind::too_soon, 429, true},
                                                {Kind::no_space, 429, true},
                                                {Kind::busy, 503, true},
                                                {Kind::late, 504, true},
                                                {Kind::unknown, 401, false},
                                                {Kind::gap, 409, false}}) {
    const auto response = response_of({.kind = kind, .wait = Micros{1'200'000}, .next = 7});
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(!response.headers.empty(), has_retry) << status;
    EXPECT_TRUE(json::parse(response.body).contains("error"));
  }
  EXPECT_EQ(json::parse(response_of({.kind = Kind::gap, .next = 7}).body).at("next"), 7);
  EXPECT_EQ(response_of({.kind = Kind::too_soon, .wait = Micros{1'200'000}}).headers.front().second,
            "2");
}

// An entry above the rate of its network, for example.
TEST(AnswersTest, ARefusalForARateSaysWhenToTryAgain) {
  for (const auto reason : {wire::Reason::busy, wire::Reason::questions_full}) {
    const auto response = response_of({.reason = reason});
    EXPECT_EQ(response.status, 503);
    ASSERT_EQ(response.headers.size(), 1U);
    EXPECT_EQ(response.headers.front(), (std::pair<std::string, std::string>{"Retry-After", "1"}));
  }
  EXPECT_TRUE(response_of({.reason = wire::Reason::room_full}).headers.empty());
}

TEST(AnswersTest, AReasonHasItsCodeAndASentence) {
  const auto taken = response_of({.reason = wire::Reason::name_taken});
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(json::parse(taken.body).at("error"), "name_taken");
  EXPECT_FALSE(json::parse(taken.body).at("message").get<std::string>().empty());
  EXPECT_EQ(response_of({.reason = wire::Reason::no_session}).status, 401);
  EXPECT_EQ(response_of({.reason = wire::Reason::banned}).status, 410);
  EXPECT_EQ(response_of({.reason = wire::Reason::needs_tls}).status, 403);
}

TEST(AnswersTest, AnEntryHasTheRoomsAndTheNextNumber) {
  const auto response =
      entered_response({.session = {}, .person = 255, .name = "ada", .uplink = 4, .is_again = true},
                       {{.name = "", .topic = "tea"}, {.name = "lab", .topic = ""}}, "a-b");
  EXPECT_EQ(response.status, 201);
  const json body = json::parse(response.body);
  EXPECT_EQ(body.at("person"), "00000000000000ff");
  EXPECT_EQ(body.at("next"), 5);
  EXPECT_EQ(body.at("resumed"), true);
  EXPECT_EQ(body.at("cursor"), "a-b");
  EXPECT_EQ(body.at("rooms").at(0).at("topic"), "tea");
  EXPECT_EQ(body.at("rooms").at(1).at("room"), "lab");
}

TEST(AnswersTest, ListsAreReadFromTheirRows) {
  const json users =
      json::parse(users_response("ada\t00000000000000ff\taway\towned\nbob\ttext\n").body)
          .at("users");
  ASSERT_EQ(users.size(), 2U);
  EXPECT_EQ(users.at(0).at("person"), "00000000000000ff");
  EXPECT_EQ(users.at(0).at("away"), true);
  EXPECT_EQ(users.at(0).at("owned"), true);
  EXPECT_EQ(users.at(1).at("text_member"), true);
  const json rooms = json::parse(rooms_response("lab\t3\tin\ntea\t0").body).at("rooms");
  EXPECT_EQ(rooms.at(0).at("members"), 3);
  EXPECT_EQ(rooms.at(0).at("in"), true);
  EXPECT_EQ(rooms.at(1).at("in"), false);
}

TEST(AnswersTest, StoredLinesAreEvents) {
  sys::Answer answer{.is_read = true, .lines = {}, .has_older = true, .has_newer = false};
  answer.lines.push_back({.number = 7,
                          .at = 1'795'216'504'000'000,
                          .kind = static_cast<std::uint16_t>(wire::RecordKind::say),
                          .person = 255,
                          .name = "ada",
                          .text = "tea?"});
  answer.lines.push_back(
      {.number = 9, .kind = wire::kStoredGap, .last = 12, .name = {}, .text = {}});
  const auto page = [&](bool is_forward) {
    return json::parse(
        lines_response(answer, is_forward, [](std::uint32_t) { return std::string{"lab"}; }).body);
  };
  EXPECT_EQ(page(false).at("more"), true);
  EXPECT_EQ(page(true).at("more"), false);
  const json lines = page(false).at("lines");
  EXPECT_EQ(lines.at(0).at("event"), "say");
  EXPECT_EQ(lines.at(0).at("room"), "lab");
  EXPECT_EQ(lines.at(0).at("sequence"), 7);
  EXPECT_EQ(lines.at(0).at("person"), "00000000000000ff");
  EXPECT_EQ(lines.at(1).at("event"), "gap");
  EXPECT_EQ(lines.at(1).at("last"), 12);
  answer.first = UINT64_MAX;
  EXPECT_EQ(page(false).at("first"), 0) << "a script holds no larger number";
}

}  // namespace
}  // namespace chatd::web
