// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/answer_history.hpp"

#include <gmock/gmock.h>

#include "common/wire/control/history_reports.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

class AnswerHistoryTest : public ::testing::Test {
 protected:
  AnswerHistoryTest() {
    Line with_key = test::line(1, "b");
    with_key.author.key.assign(32, std::byte{1});
    Batch batch = test::batch({test::line(0, "a", "bob"), with_key, test::line(2, "c")});
    batch.rooms[0].lines[2].kind = static_cast<std::uint16_t>(wire::RecordKind::action);
    EXPECT_TRUE(database_.save(batch));
  }
  [[nodiscard]] wire::ControlReply ask(std::vector<std::string> args) {
    return answer_history(database_, {.verb = "history", .args = std::move(args)});
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

TEST_F(AnswerHistoryTest, HistoryHasTheLinesWithTheirKindsAndKeys) {
  const auto all = report({"#chat"});
  ASSERT_EQ(all.lines.size(), 3U);
  EXPECT_EQ(all.room, "chat");
  EXPECT_EQ(all.lines[0].name, "bob");
  EXPECT_EQ(all.lines[0].key, "");
  EXPECT_TRUE(all.lines[1].key.starts_with("SHA256:")) << all.lines[1].key;
  EXPECT_EQ(all.lines[2].kind, "action");
  EXPECT_FALSE(all.more);
}

TEST_F(AnswerHistoryTest, LinesAndBeforeLimitThePage) {
  auto page = report({"chat", "2", ""});
  EXPECT_EQ(page.lines.at(0).number, 1U);
  EXPECT_TRUE(page.more);
  page = report({"chat", "", "1"});
  EXPECT_EQ(page.lines.at(0).number, 0U);
  EXPECT_FALSE(page.more);
}

TEST_F(AnswerHistoryTest, ARequestThatIsWrongIsRefusedWithItsReason) {
  EXPECT_EQ(ask({"chat", "x", ""}).error().message, "--lines takes a number from 1 on");
  EXPECT_EQ(ask({"chat", "0", ""}).error().code, "usage");
  EXPECT_EQ(ask({"chat", "", "-1"}).error().message, "--before takes the number of a line");
  EXPECT_EQ(ask({"chat", "", "3", "1"}).error().message, "--before and --after do not go together");
  EXPECT_EQ(ask({"none"}).error().code, "not_found");
}

}  // namespace
}  // namespace chatd::archive
