// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/streams.hpp"

#include <sys/socket.h>

#include <gmock/gmock.h>

#include "common/wire/native/native_command.hpp"
#include "tests/support/members_fixture.hpp"

namespace chatd::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using wire::CommandKind;

class StreamsTest : public MembersFixture {
 protected:
  StreamsTest() { (void)world_.enter(ada_); }

  // Opens a stream of the page from the cursor on. The other end of its socket.
  UniqueFd open(const BrowserWorld::Page& page, const Cursor& cursor) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    streams_.open(EventSocket{UniqueFd{ends[0]}}, *page.entered, cursor, world_.now().mono);
    return UniqueFd{ends[1]};
  }
  // All bytes that the socket has now.
  static std::string text_of(const UniqueFd& end) {
    std::string text;
    std::array<char, 65'536> part{};
    for (;;) {
      const ssize_t got = ::recv(end.get(), part.data(), part.size(), MSG_DONTWAIT);
      if (got <= 0) return text;
      text.append(part.data(), static_cast<std::size_t>(got));
    }
  }
  // The place of a browser that has read nothing, and has the room from its beginning.
  Cursor beginning() {
    return {.history_id = world_.view().header().epoch, .mailbox = 0, .rooms = {0}};
  }

  io::EventLoop loop_{io::EventLoop::create().value()};
  Streams streams_{world_.web_view(), world_.members(), loop_};
};

TEST_F(StreamsTest, AnErasedLineIsNotSentFromTheCache) {
  (void)world_.say(ada_, 1, "my number is 4711");
  const UniqueFd before = open(ada_, beginning());
  EXPECT_THAT(text_of(before), HasSubstr("4711")) << "the line is in the cache";
  EXPECT_TRUE(*world_.command(ada_, 2, CommandKind::erase, {}));
  const UniqueFd after = open(ada_, beginning());
  const std::string text = text_of(after);
  EXPECT_THAT(text, HasSubstr("\"join\""));
  EXPECT_THAT(text, HasSubstr("erased"));
  EXPECT_THAT(text, Not(HasSubstr("4711")));
}

TEST_F(StreamsTest, AReaderOfALongLogGetsOneBatchInItsTurn) {
  auto bob = BrowserWorld::page("bob", 2);
  (void)world_.enter(bob);
  const UniqueFd new_one = open(bob, {});
  for (std::uint64_t n = 1; n <= 60; ++n) {
    (void)world_.say(ada_, n, std::string(400, 'x'));
    EXPECT_TRUE(streams_.pass(world_.now().mono));
  }
  (void)text_of(new_one);
  const UniqueFd late = open(ada_, beginning());
  EXPECT_LT(text_of(late).size(), Streams::kMaxBatch + 4096);
  EXPECT_EQ(streams_.behind(), 1U);
  (void)world_.say(ada_, 61, "for all");
  EXPECT_TRUE(streams_.pass(world_.now().mono));
  EXPECT_THAT(text_of(new_one), HasSubstr("for all"));
  EXPECT_EQ(text_of(late), "") << "its next turn is when the loop has looked at the others";
  std::string rest;
  auto end = loop_.every(std::chrono::milliseconds{1}, [&] {
    rest += text_of(late);
    if (streams_.behind() == 0) loop_.stop();
  });
  ASSERT_TRUE(loop_.run());
  rest += text_of(late);
  EXPECT_THAT(rest, HasSubstr("for all"));
  EXPECT_FALSE(streams_.pass(world_.now().mono));
}

TEST_F(StreamsTest, AStreamThatIsBehindMayEnd) {
  for (std::uint64_t n = 1; n <= 60; ++n) (void)world_.say(ada_, n, std::string(400, 'x'));
  const UniqueFd late = open(ada_, beginning());
  EXPECT_EQ(streams_.behind(), 1U);
  streams_.end(ada_.entered->session, "quit", "");
  EXPECT_EQ(streams_.behind(), 0U);
  EXPECT_EQ(streams_.count(), 0U);
}

}  // namespace
}  // namespace chatd::web
