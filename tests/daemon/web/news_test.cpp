// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/news.hpp"

#include <gmock/gmock.h>

#include "tests/support/browser_world.hpp"

namespace chatd::web {
namespace {

using test::BrowserWorld;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::CommandKind;

TEST(WebCursor, IsReadAsItWasWritten) {
  const Cursor cursor{.history_id = 0xABC, .mailbox = 64, .rooms = {0, 1ULL << 41U}};
  EXPECT_EQ(cursor.to_text(), "abc-40-0-20000000000");
  const auto read = Cursor::read(cursor.to_text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->to_text(), cursor.to_text());
  EXPECT_TRUE(Cursor::read("abc-40"));
}

TEST(WebCursor, OtherTextIsNone) {
  for (const char* text : {"", "-", "abc", "abc-", "abc-xyz", "-1-2", "abc-1-", "abc-1--2", "abc 1",
                           "+abc-1", "fffffffffffffffff-1"}) {
    EXPECT_FALSE(Cursor::read(text) && Cursor::read(text)->to_text() == text) << text;
  }
  EXPECT_FALSE(Cursor::read(std::string(Cursor::kMaxText + 1, '1')));
  std::string rooms = "1-1";
  for (int i = 0; i < 33; ++i) rooms += "-1";
  EXPECT_FALSE(Cursor::read(rooms));
}

class NewsTest : public ::testing::Test {
 protected:
  NewsTest() {
    (void)world_.enter(ada_);
    (void)world_.enter(bob_);
  }
  chat::Slot slot_of(const BrowserWorld::Page& page) {
    return chat::Slot{page.entered->session.slot};
  }
  BrowserWorld world_;
  BrowserWorld::Page ada_{BrowserWorld::page("ada", 1)};
  BrowserWorld::Page bob_{BrowserWorld::page("bob", 2, 2)};
  Cursor cursor_;
};

TEST_F(NewsTest, EachRecordComesOnceAndOwnOnesHaveTheirNumber) {
  (void)world_.say(ada_, 1, "hello");
  EXPECT_THAT(world_.news(ada_, cursor_),
              ElementsAre("join ada ", "join bob ", "say ada hello #1"));
  EXPECT_THAT(world_.news(ada_, cursor_), IsEmpty());
  (void)world_.say(bob_, 1, "hi");
  EXPECT_THAT(world_.news(ada_, cursor_), ElementsAre("say bob hi"));
}

TEST_F(NewsTest, FurtherRoomsAreReadWhileTheSessionIsInThem) {
  (void)world_.news(ada_, cursor_);
  (void)world_.command(ada_, 1, CommandKind::make, "den");
  const auto den = world_.chat().rooms.find_name("den").value();
  const auto id = wire::as_argument(wire::RoomAddress{static_cast<std::uint32_t>(den.id)});
  const std::string_view name{id.data(), id.size()};
  (void)world_.command(ada_, 2, CommandKind::say, name, "here");
  const auto news = world_.news(ada_, cursor_);
  ASSERT_EQ(news.size(), 3U);
  EXPECT_TRUE(news[0].starts_with("mailbox joined den"));
  EXPECT_TRUE(news[0].ends_with(" #1"));
  EXPECT_EQ(news[1], "den join ada ");
  EXPECT_EQ(news[2], "den say ada here #2");
  Cursor bobs;
  for (const std::string& line : world_.news(bob_, bobs)) EXPECT_FALSE(line.starts_with("den"));
  (void)world_.command(ada_, 3, CommandKind::leave, name);
  const auto left = world_.news(ada_, cursor_);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_TRUE(left[0].starts_with("mailbox left den"));
}

// The cursor is text of a browser.
TEST_F(NewsTest, NothingBelowTheBeginningOfTheStreamIsRead) {
  (void)world_.say(ada_, 1, "before");
  auto& native = world_.view().native_slots()[slot_of(bob_)];
  native.room_start = std::uint64_t{world_.view().room_log().tail()};
  Cursor forged{.history_id = test::kHistoryId, .mailbox = 0, .rooms = {0}};
  EXPECT_THAT(world_.news(bob_, forged), IsEmpty());
}

TEST_F(NewsTest, AForgedCursorNeitherEndsTheProcessNorLoops) {
  (void)world_.say(ada_, 1, std::string(500, 'x'));
  for (std::uint64_t offset = 0; offset < 700; ++offset) {
    Cursor forged{.history_id = test::kHistoryId, .mailbox = offset, .rooms = {offset}};
    const auto news = world_.news(ada_, forged);
    EXPECT_LT(news.size(), 100U);
  }
  for (const std::uint64_t offset : {~0ULL, ~0ULL - 7, 1ULL << 63U, 1ULL << 40U}) {
    Cursor forged{.history_id = test::kHistoryId, .mailbox = offset, .rooms = {offset, offset}};
    EXPECT_EQ(world_.news(ada_, forged).size(), 3U) << "as without a cursor";
  }
}

TEST_F(NewsTest, ACursorOfAnotherHistoryIsNone) {
  Cursor old{.history_id = 5, .mailbox = 0, .rooms = {64}};
  EXPECT_THAT(world_.news(ada_, old), ElementsAre("join ada ", "join bob "));
}

TEST_F(NewsTest, RecordsThatWereOverwrittenAreToldAsLost) {
  Cursor cursor;
  (void)world_.news(ada_, cursor);
  for (std::uint64_t n = 1; n <= 200; ++n) (void)world_.say(bob_, n, std::string(400, 'y'));
  const auto news = world_.news(ada_, cursor);
  ASSERT_FALSE(news.empty());
  EXPECT_EQ(news.front(), "lost");
  EXPECT_TRUE(news.back().starts_with("say bob y"));
}

TEST_F(NewsTest, ASessionThatHasEndedHasNoStreams) {
  const auto session = ada_.entered->session;
  (void)world_.command(ada_, 1, CommandKind::quit, {});
  logs::RecordBuffer buffer;
  const News news{world_.web_view(), buffer};
  EXPECT_TRUE(news.streams(session, {}).empty());
  EXPECT_TRUE(news.streams({.slot = 0, .generation = 1, .client = 1}, {}).empty());
  EXPECT_TRUE(news.streams({.slot = 99, .generation = 1, .client = 1}, {}).empty());
}

// The stream was made before; the code that speaks HTTP keeps it.
TEST_F(NewsTest, AMemberThatIsRemovedHearsNothingOfWhatIsSaidThen) {
  (void)world_.command(ada_, 1, CommandKind::make, "den");
  logs::RecordBuffer buffer;
  News news{world_.web_view(), buffer};
  auto streams = news.streams(ada_.entered->session, {});
  ASSERT_EQ(streams.size(), 3U);
  const auto den = world_.chat().rooms.find_name("den").value();
  const auto id = wire::as_argument(wire::RoomAddress{static_cast<std::uint32_t>(den.id)});
  (void)world_.command(ada_, 2, CommandKind::leave, {id.data(), id.size()});
  News::Event event;
  EXPECT_EQ(news.next(ada_.entered->session, {}, streams[2], event), News::Status::ended);
  // Before the slot is free again.
  world_.sessions().remove(slot_of(ada_), state::LeaveKind::kicked, "", world_.now());
  (void)world_.say(bob_, 1, "she is gone");
  EXPECT_EQ(news.next(ada_.entered->session, {}, streams[1], event), News::Status::ended);
}

TEST_F(NewsTest, APageWithoutACursorMayBeginWithTheLastBytes) {
  for (std::uint64_t n = 1; n <= 20; ++n) (void)world_.say(bob_, n, std::string(400, 'y'));
  logs::RecordBuffer buffer;
  News news{world_.web_view(), buffer};
  auto streams = news.streams(ada_.entered->session, {});
  news.skip_to_recent(ada_.entered->session, streams.at(1), 1000);
  News::Event event;
  int lines = 0;
  while (news.next(ada_.entered->session, {}, streams.at(1), event) == News::Status::record)
    ++lines;
  EXPECT_EQ(lines, 2);
}

TEST_F(NewsTest, TheRecentLinesOfALogAreFoundAgainFromWhereTheyWereFound) {
  logs::RecordBuffer buffer;
  News often{world_.web_view(), buffer};
  const auto recent = [&](News& news) {
    auto streams = news.streams(ada_.entered->session, {});
    news.skip_to_recent(ada_.entered->session, streams.at(1), 1000);
    return streams.at(1).at;
  };
  std::uint64_t last = 0;
  for (std::uint64_t n = 1; n <= 200; ++n) {
    ASSERT_TRUE(*world_.say(ada_, n, std::string(300, 'x')));
    const std::uint64_t at = recent(often);
    News once{world_.web_view(), buffer};
    ASSERT_EQ(at, recent(once)) << n;
    ASSERT_GE(at, last);
    last = at;
  }
  EXPECT_GT(last, 0U);
}

}  // namespace
}  // namespace chatd::web
