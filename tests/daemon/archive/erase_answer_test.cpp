// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/erase_answer.hpp"

#include <gmock/gmock.h>

#include "daemon/store/backup.hpp"
#include "tests/daemon/archive/long_answer_fixture.hpp"

namespace chatd::archive {
namespace {

using test::stored;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class EraseAnswerTest : public test::LongAnswerFixture {
 protected:
  EraseAnswerTest() {
    say("one", "ada");
    say("two-plugh", "Bob");
    say("three", "ada");
    make_room(0, 5, "lab");
    say_in(0, "in the lab");
    store();
  }
  std::vector<std::string> lines(std::string_view room = "chat") {
    return stored(*history_->database(), room);
  }
};

TEST_F(EraseAnswerTest, OneLineByItsNumber) {
  EXPECT_THAT(erase({{"--message", "1"}}, "#chat"), HasSubstr(R"("lines":1)"));
  EXPECT_THAT(lines(), ElementsAre("0 ada one", "2 ada three"));
  EXPECT_THAT(erase({{"--message", "1"}}, "chat"), HasSubstr("not_found"));
  EXPECT_THAT(erase({{"--message", "1"}}, "nowhere"), HasSubstr("not_found"));
}

TEST_F(EraseAnswerTest, TheLinesOfAnAuthorInAnyCaseInAllRoomsOrInOne) {
  EXPECT_THAT(erase({{"--author", "ADA"}}, "lab"), HasSubstr(R"("lines":1)"));
  EXPECT_THAT(lines("lab"), IsEmpty());
  EXPECT_EQ(lines().size(), 3U);
  EXPECT_THAT(erase({{"--author", "ADA"}}), HasSubstr(R"("lines":2)"));
  EXPECT_THAT(lines(), ElementsAre("1 Bob two-plugh"));
  EXPECT_THAT(erase({{"--author", "nobody"}}), HasSubstr("not_found"));
}

TEST_F(EraseAnswerTest, ARoomAndWhatIsOld) {
  EXPECT_THAT(erase({{"--before", "1970-01-01T00:00:01Z"}}), HasSubstr("not_found"));
  EXPECT_THAT(erase({{"--before", "yesterday"}}), HasSubstr("usage"));
  EXPECT_THAT(erase({}, "lab"), HasSubstr(R"("lines":1)"));
  EXPECT_THAT(erase({{"--before", "2500-01-01T00:00:01Z"}}), HasSubstr(R"("lines":3)"));
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(EraseAnswerTest, ADryRunCountsAndErasesNothing) {
  EXPECT_THAT(erase({{"--author", "ada"}, {"--dry-run", "yes"}}),
              HasSubstr(R"("lines":3,"dry_run":true,"gone":false)"));
  EXPECT_EQ(lines().size(), 3U);
}

TEST_F(EraseAnswerTest, ALineThatWasErasedInMemoryBeforeItWasStoredCounts) {
  EXPECT_THAT(erase({{"--message", "77"}}, "chat", "1"), HasSubstr(R"("lines":1)"));
  EXPECT_THAT(erase({{"--author", "eve"}}, "", "2"), HasSubstr(R"("lines":2)"));
}

TEST_F(EraseAnswerTest, NowWaitsUntilNoFileHasTheText) {
  test::write_file(directory_ / "history.db.broken", "two-plugh");
  test::write_file(directory_ / "history.db.broken-wal", "two-plugh");
  ASSERT_THAT(files_with("two-plugh"), Not(IsEmpty()));
  const std::string answer = erase({{"--author", "bob"}, {"--now", "yes"}});
  EXPECT_THAT(answer, HasSubstr(R"("gone":true)"));
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
  EXPECT_THAT(files_with("Bob"), IsEmpty()) << "the author has no line any more";
  EXPECT_EQ(lines().size(), 2U);
}

// The archive answers few long requests at once: a request without a caller makes place for
// another.
TEST_F(EraseAnswerTest, ACallerThatHangsUpIsNotKeptWaitingForTheFiles) {
  auto made = EraseAnswer::make(
      *history_,
      request(wire::verb::kErase.row, {{"--author", "bob"}, {"--now", "yes"}}, {}, {"uid 0", "0"}),
      connect());
  ASSERT_TRUE(made);
  Next next = Next::at_once;
  while (next == Next::at_once) next = (*made)->step(*history_, clock_.mono);
  EXPECT_EQ(next, Next::later) << "the files have the text";
  ASSERT_EQ(::shutdown(caller_.get(), SHUT_WR), 0);
  EXPECT_EQ((*made)->step(*history_, clock_.mono), Next::later) << "it still reads";
  caller_.reset();
  EXPECT_EQ((*made)->step(*history_, clock_.mono), Next::done);
  EXPECT_THAT(lines(), ElementsAre("0 ada one", "2 ada three")) << "erased nevertheless";
}

TEST_F(EraseAnswerTest, ASetAsideDatabaseGoesAlsoIfTheLinesWereInMemoryOnly) {
  const auto set_aside = [this] { test::write_file(directory_ / "history.db.broken", "eve-said"); };
  set_aside();
  EXPECT_THAT(erase({{"--author", "eve"}, {"--dry-run", "yes"}}, "", "2"), HasSubstr("lines"));
  EXPECT_THAT(files_with("eve-said"), ElementsAre("history.db.broken")) << "a dry run";
  EXPECT_THAT(erase({{"--author", "eve"}, {"--now", "yes"}}, "", "2"), HasSubstr(R"("gone":true)"));
  EXPECT_THAT(files_with("eve-said"), IsEmpty());
  set_aside();
  EXPECT_THAT(erase({{"--message", "77"}}, "chat", "1"), HasSubstr(R"("gone":true)"));
  EXPECT_THAT(files_with("eve-said"), IsEmpty());
}

TEST_F(EraseAnswerTest, WithoutNowTheFilesFollow) {
  test::write_file(directory_ / "history.db.broken", "two-plugh");
  EXPECT_THAT(erase({{"--author", "bob"}}), HasSubstr(R"("gone":false)"));
  EXPECT_FALSE(history_->is_clean());
  maintain();
  EXPECT_TRUE(history_->is_clean());
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
}

TEST_F(EraseAnswerTest, AProcessThatIsKilledBeforeItCleanedIsFollowedByOneThatDoes) {
  EXPECT_THAT(erase({{"--author", "bob"}}), HasSubstr(R"("lines":1)"));
  test::write_file(directory_ / "history.db.broken", "two-plugh");
  open();
  EXPECT_FALSE(history_->is_clean());
  maintain();
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
}

TEST_F(EraseAnswerTest, ADamagedDatabaseStaysWhileNothingIsErased) {
  test::write_file(directory_ / "history.db.broken", "precious");
  maintain();
  EXPECT_THAT(files_with("precious"), ElementsAre("history.db.broken"));
}

TEST_F(EraseAnswerTest, ABackupThatIsBeingMadeEnds) {
  auto backup = store::Backup::begin(history_->database()->file());
  ASSERT_TRUE(backup);
  EXPECT_THAT(erase({{"--author", "bob"}, {"--now", "yes"}}), HasSubstr(R"("gone":true)"));
  std::array<std::byte, 16> out{};
  EXPECT_FALSE(backup->read(0, out));
}

TEST_F(EraseAnswerTest, ADatabaseThatIsRestoredFromAnOlderCopyLosesTheLinesAgain) {
  maintain();
  history_->finish(std::chrono::seconds{1});
  const std::string copy = test::file_text(directory_ / "history.db");
  open();
  EXPECT_THAT(erase({{"--author", "bob"}, {"--now", "yes"}}), HasSubstr(R"("gone":true)"));
  history_->finish(std::chrono::seconds{1});
  test::write_file(directory_ / "history.db", copy);
  ASSERT_THAT(files_with("two-plugh"), ElementsAre("history.db"));
  open();
  EXPECT_THAT(lines(), ElementsAre("0 ada one", "2 ada three"));
  maintain();
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
}

// Its rooms have other numbers.
TEST_F(EraseAnswerTest, AnotherDatabaseIsNotChanged) {
  EXPECT_THAT(erase({{"--message", "1"}}, "chat"), HasSubstr(R"("lines":1)"));
  history_->finish(std::chrono::seconds{1});
  std::filesystem::remove(directory_ / "history.db");
  test::write_file(directory_ / "history.db.broken", "precious");
  open();
  EXPECT_EQ(lines().size(), 3U) << "read again from memory, which this test has not erased";
  maintain();
  EXPECT_THAT(files_with("precious"), ElementsAre("history.db.broken"));
}

TEST_F(EraseAnswerTest, LinesOfLaterMayHaveTheNumbersOfAnErasure) {
  EXPECT_THAT(erase({}, "chat"), HasSubstr(R"("lines":3)"));
  // A copy from before has the same rooms, and new lines get the numbers again.
  clock_.wall += std::chrono::hours{1};
  open();
  say("after", "ada");
  store();
  EXPECT_THAT(lines(), ElementsAre("3 ada after"));
}

// --- what members take back -----------------------------------------------------------

TEST_F(EraseAnswerTest, ALineThatAMemberTakesBackIsDeletedWithTheRecord) {
  take_back(1, "Bob");
  store();
  EXPECT_THAT(lines(), ElementsAre("0 ada one", "2 ada three"));
  maintain();
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
  EXPECT_THAT(test::file_text(directory_ / "history.db.erased"), HasSubstr(R"("by":"Bob")"));
}

TEST_F(EraseAnswerTest, ALineThatIsTakenBackBeforeItIsStoredIsNot) {
  say("a secret", "eve");
  take_back(3, "eve");
  say("     ", "eve");
  store();
  EXPECT_THAT(lines(), Not(::testing::Contains(HasSubstr("eve"))));
}

TEST_F(EraseAnswerTest, ARecordOfTheAdministratorDeletesNothingByItself) {
  take_back(1, "");
  store();
  EXPECT_EQ(lines().size(), 3U);
}

}  // namespace
}  // namespace chatd::archive
