// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/questions.hpp"

#include <sys/socket.h>

#include <array>

#include <gmock/gmock.h>

#include "common/base/unique_fd.hpp"
#include "common/wire/control/history_reports.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

class QuestionsTest : public ::testing::Test {
 protected:
  QuestionsTest() {
    Line with_key = test::line(1, "b");
    with_key.author.key.assign(32, std::byte{1});
    Batch batch = test::batch({test::line(0, "a", "bob"), with_key, test::line(2, "c")});
    batch.rooms[0].lines[2].kind = static_cast<std::uint16_t>(wire::RecordKind::action);
    EXPECT_TRUE(database_.save(batch));
  }
  [[nodiscard]] wire::ControlReply ask(std::vector<std::string> args) {
    return answer_history(&database_, {.verb = "history", .args = std::move(args)});
  }
  [[nodiscard]] wire::HistoryReport report(std::vector<std::string> args) {
    const auto reply = ask(std::move(args));
    EXPECT_TRUE(reply) << reply.error().message;
    return wire::parse_report<wire::HistoryReport>(*reply).value();
  }

  test::TempDir directory_;
  HistoryDb database_{
      HistoryDb::open(directory_ / "history.db", 1, test::kLargeDatabase, [] {}).value()};
};

TEST_F(QuestionsTest, HistoryHasTheLinesWithTheirKindsAndKeys) {
  const auto all = report({"#chat"});
  ASSERT_EQ(all.lines.size(), 3U);
  EXPECT_EQ(all.room, "chat");
  EXPECT_EQ(all.lines[0].name, "bob");
  EXPECT_EQ(all.lines[0].key, "");
  EXPECT_TRUE(all.lines[1].key.starts_with("SHA256:")) << all.lines[1].key;
  EXPECT_EQ(all.lines[2].kind, "action");
  EXPECT_FALSE(all.more);
}

TEST_F(QuestionsTest, LinesAndBeforeLimitThePage) {
  auto page = report({"chat", "2", ""});
  EXPECT_EQ(page.lines.at(0).number, 1U);
  EXPECT_TRUE(page.more);
  page = report({"chat", "", "1"});
  EXPECT_EQ(page.lines.at(0).number, 0U);
  EXPECT_FALSE(page.more);
}

TEST_F(QuestionsTest, ARequestThatIsWrongIsRefusedWithItsReason) {
  EXPECT_EQ(ask({}).error().code, "usage");
  EXPECT_EQ(ask({"chat", "x", ""}).error().message, "--lines takes a number from 1 on");
  EXPECT_EQ(ask({"chat", "0", ""}).error().code, "usage");
  EXPECT_EQ(ask({"chat", "", "-1"}).error().message, "--before takes the number of a line");
  EXPECT_EQ(ask({"none"}).error().code, "not_found");
  EXPECT_EQ(answer_history(nullptr, {.verb = "history", .args = {"chat"}}).error().code, "failed");
}

TEST_F(QuestionsTest, TheCallerGetsTheAnswerOnItsOwnConnection) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const UniqueFd caller{ends[0]};
  const UniqueFd passed{ends[1]};
  for (const std::string& line :
       {wire::encode(wire::ControlRequest{"history", {"chat"}}), std::string{"no request"}}) {
    answer_request(&database_, {line}, passed.get());
    std::string answer(100'000, '\0');
    const ssize_t got = ::recv(caller.get(), answer.data(), answer.size(), 0);
    ASSERT_GT(got, 0);
    answer.resize(static_cast<std::size_t>(got));
    EXPECT_EQ(wire::decode_reply(answer.substr(0, answer.find('\n'))).has_value(),
              line.starts_with('{'));
  }
}

TEST_F(QuestionsTest, ACallerThatReadsNothingIsNotWaitedFor) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const UniqueFd caller{ends[0]};
  const UniqueFd passed{ends[1]};
  const std::string line = wire::encode(wire::ControlRequest{"history", {"chat"}});
  for (int i = 0; i < 2000; ++i) answer_request(&database_, {line}, passed.get());
}

}  // namespace
}  // namespace chatd::archive
