// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/event_feed.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/sys/log_events.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::array kJoin{LogField{"CHATD_EVENT", "join"}};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class EventFeedTest : public ::testing::Test {
 protected:
  void note(const std::string& message, std::string_view event = "join") {
    const std::initializer_list<LogField> fields{
        {"CHATD_EVENT", event}, {"CHATD_USER", "ada"}, {"CHATD_ADDRESS", "10.1.2.3"}};
    feed_.note({LogLevel::info, message, fields}, test::wall_at(seconds{5}));
  }
  // An answer that has come, or not yet.
  struct Answered {
    std::optional<control::Answer<wire::EventsReport>> answer;
    [[nodiscard]] std::vector<std::string> messages() const {
      std::vector<std::string> all;
      for (const auto& event : answer.value().value().events) all.push_back(event.message);
      return all;
    }
    [[nodiscard]] std::string cursor() const { return answer.value().value().cursor; }
    [[nodiscard]] std::string error() const { return answer.value().error().code; }
  };
  std::shared_ptr<Answered> follow(const std::string& cursor = "", uid_t user = 0) {
    auto answered = std::make_shared<Answered>();
    feed_.follow(
        cursor, user, [answered](const auto& answer) { answered->answer = answer; }, now_);
    return answered;
  }
  std::string begin() { return follow()->cursor(); }

  MonoTime now_{seconds{100}};
  EventFeed feed_{0xabc, 0};
};

TEST_F(EventFeedTest, AFollowerBeginsWithTheNextEvent) {
  note("before");
  const auto first = follow();
  ASSERT_TRUE(first->answer);
  EXPECT_THAT(first->messages(), IsEmpty());
  const auto second = follow(first->cursor());
  EXPECT_FALSE(second->answer);
  note("ada joined");
  feed_.tick(now_);
  ASSERT_TRUE(second->answer);
  EXPECT_THAT(second->messages(), ElementsAre("ada joined"));
  const wire::EventRow& row = second->answer->value().events[0];
  EXPECT_EQ(row.event, "join");
  EXPECT_EQ(row.user, "ada");
  EXPECT_EQ(row.address, "10.1.2.3");
  EXPECT_EQ(row.time, test::wall_at(seconds{5}));
}

TEST_F(EventFeedTest, AnEventHasEachFieldOfItsLogRecord) {
  const std::string cursor = begin();
  for (const sys::LogEvent& event : sys::kLogEvents) {
    std::istringstream names{std::string{event.fields}};
    const std::vector<std::string> fields{std::istream_iterator<std::string>{names}, {}};
    std::vector<LogField> record{{"CHATD_EVENT", event.name}};
    for (const std::string& name : fields) record.push_back({name, "7"});
    feed_.note({LogLevel::info, "a line", record}, test::wall_at(seconds{5}));
    const auto asked = follow(cursor);
    const std::string json = wire::to_json(asked->answer->value().events.back());
    for (const std::string& name : fields) {
      const std::string member = lower_case(name.substr(std::string_view{"CHATD_"}.size()));
      EXPECT_THAT(json, ::testing::ContainsRegex("\"" + member + "\":\"?7\"?[,}]"));
    }
  }
}

TEST_F(EventFeedTest, AFieldThatIsNoNumberIsLeftOut) {
  const std::string cursor = begin();
  const std::initializer_list<LogField> fields{
      {"CHATD_EVENT", "crowd"}, {"CHATD_JOINED", "3"}, {"CHATD_LEFT", "4x"}, {"OTHER_COUNT", "5"}};
  feed_.note({LogLevel::info, "many", fields}, test::wall_at(seconds{5}));
  const auto asked = follow(cursor);
  const wire::EventRow& row = asked->answer->value().events[0];
  EXPECT_EQ(row.joined, 3U);
  EXPECT_EQ(row.left, std::nullopt);
  EXPECT_EQ(row.count, std::nullopt);
}

TEST_F(EventFeedTest, EventsBetweenTwoRequestsAreInTheNextAnswer) {
  const std::string cursor = begin();
  note("one");
  note("two");
  const auto next = follow(cursor);
  ASSERT_TRUE(next->answer) << "the answer need not wait";
  EXPECT_THAT(next->messages(), ElementsAre("one", "two"));
}

TEST_F(EventFeedTest, ARecordWithoutAnEventIsIgnored) {
  const std::string cursor = begin();
  feed_.note({LogLevel::info, "a line", {}}, test::wall_at(seconds{5}));
  EXPECT_FALSE(follow(cursor)->answer);
}

TEST_F(EventFeedTest, AFollowerThatWaitsLongGetsAnEmptyAnswer) {
  const auto waiting = follow(begin());
  now_ += EventFeed::kLongestWait - Micros{1};
  feed_.tick(now_);
  EXPECT_FALSE(waiting->answer);
  now_ += Micros{1};
  feed_.tick(now_);
  ASSERT_TRUE(waiting->answer);
  EXPECT_THAT(waiting->messages(), IsEmpty());
}

TEST_F(EventFeedTest, ASlowFollowerGetsTheNumberOfMissedEvents) {
  const std::string cursor = begin();
  for (std::size_t i = 0; i < EventFeed::kKept + 3; ++i) note(std::to_string(i));
  const auto next = follow(cursor);
  const auto& report = next->answer.value().value();
  EXPECT_EQ(report.missed, 3U);
  ASSERT_EQ(report.events.size(), EventFeed::kMaxEvents);
  EXPECT_EQ(report.events[0].message, "3");
  EXPECT_EQ(follow(report.cursor)->messages()[0], std::to_string(3 + EventFeed::kMaxEvents));
}

TEST_F(EventFeedTest, ANinthFollowerIsRefusedUntilAnotherOneIsAway) {
  std::vector<std::shared_ptr<Answered>> waiting;
  for (std::size_t i = 0; i < EventFeed::kMaxFollowers; ++i) waiting.push_back(follow(begin()));
  EXPECT_EQ(follow()->error(), wire::code::kBusy);
  now_ += EventFeed::kLongestWait;
  feed_.tick(now_);  // all are answered, and do not ask again
  EXPECT_EQ(follow()->error(), wire::code::kBusy);
  now_ += EventFeed::kLongestPause;
  EXPECT_TRUE(follow()->answer.value().has_value());
}

TEST_F(EventFeedTest, OtherUsersLeavePlacesForRoot) {
  const auto follow_as = [&](uid_t user) { return follow("", user)->answer->has_value(); };
  for (std::size_t i = 0; i < EventFeed::kOfOneUser; ++i) EXPECT_TRUE(follow_as(1001));
  EXPECT_FALSE(follow_as(1001)) << "one user has a limit";
  for (std::size_t i = 0; i < EventFeed::kOfOneUser; ++i) EXPECT_TRUE(follow_as(1002));
  EXPECT_FALSE(follow_as(1003)) << "the others are reserved";
  for (std::size_t i = 0; i < EventFeed::kReserved; ++i) EXPECT_TRUE(follow_as(0));
  EXPECT_FALSE(follow_as(0));
}

TEST_F(EventFeedTest, ACursorOfAnotherUserIsThatOfANewFollower) {
  const std::string cursor = begin();
  const auto waiting = follow(cursor);
  const auto other = follow(cursor, 1001);
  note("ada joined");
  feed_.tick(now_);
  EXPECT_THAT(waiting->messages(), ElementsAre("ada joined"));
  EXPECT_THAT(other->messages(), ElementsAre("ada joined"));
  EXPECT_NE(waiting->cursor(), other->cursor());
}

TEST_F(EventFeedTest, ACursorOfTheGatewayBeforeContinuesWithTheFirstEvent) {
  note("after the restart");
  const auto next = follow("999-1-77");
  ASSERT_TRUE(next->answer);
  EXPECT_THAT(next->messages(), ElementsAre("after the restart"));
  EXPECT_EQ(next->answer->value().missed, 0U);
}

TEST_F(EventFeedTest, EventsThatOnlyTheGatewayBeforeHadAreMissed) {
  EventFeed next{0xdef, 80};
  next.note({LogLevel::info, "after", kJoin}, test::wall_at(seconds{5}));
  const auto from = [&](const std::string& cursor) {
    Answered answered;
    next.follow(
        cursor, 0, [&](const auto& answer) { answered.answer = answer; }, now_);
    return answered;
  };
  const Answered behind = from("abc-1-4d");
  EXPECT_EQ(behind.answer->value().missed, 3U);
  EXPECT_THAT(behind.messages(), ElementsAre("after"));
  EXPECT_EQ(from("abc-1-50").answer->value().missed, 0U);
  // A number that the gateway before cannot have had.
  EXPECT_THAT(from("abc-1-ffff").messages(), ElementsAre("after"));
}

TEST_F(EventFeedTest, ACursorThatNoFeedWroteIsRefused) {
  for (const char* const cursor :
       {"x", "1-2", "1-2-", "1-2-3-4", "-1-2-3", "1-2-3 ", "1--3", "11111111111111111-2-3"}) {
    EXPECT_EQ(follow(cursor)->error(), wire::code::kUsage) << cursor;
  }
}

TEST_F(EventFeedTest, ACursorOfTheFutureWaitsForTheNextEvent) {
  const auto waiting = follow("abc-1-ffffffffffffffff");
  EXPECT_FALSE(waiting->answer);
  note("next");
  feed_.tick(now_);
  EXPECT_THAT(waiting->messages(), ElementsAre("next"));
}

TEST_F(EventFeedTest, AFollowerThatAsksTwiceGetsTwoAnswers) {
  const std::string cursor = begin();
  const auto first = follow(cursor);
  const auto second = follow(cursor);
  ASSERT_TRUE(first->answer);
  EXPECT_EQ(first->cursor(), cursor);
  EXPECT_FALSE(second->answer);
}

TEST_F(EventFeedTest, TheEndOfTheProcessAnswersAll) {
  const auto waiting = follow(begin());
  feed_.release(now_);
  EXPECT_TRUE(waiting->answer);
}

}  // namespace
}  // namespace chatd::gateway
