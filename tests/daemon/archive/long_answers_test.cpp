// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/long_answers.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/archive/long_answer_fixture.hpp"

namespace chatd::archive {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::stored;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LongAnswersTest : public test::LongAnswerFixture {
 protected:
  LongAnswersTest() {
    say("one", "ada");
    say("two-plugh", "bob");
    store();
  }
  // A caller that asks; returns its end of the connection.
  UniqueFd ask(const wire::ControlRequest& asked) {
    const UniqueFd theirs = connect();
    EXPECT_TRUE(answers_.take(asked, theirs.get()));
    return std::move(caller_);
  }
  UniqueFd ask_to_follow() {
    auto asked = request(wire::verb::kHistory.row, {{"--follow", "yes"}}, {});
    asked.args[0] = "chat";
    return ask(asked);
  }
  UniqueFd ask_to_export() { return ask(request(wire::verb::kExport.row, {})); }
  UniqueFd ask_to_erase(std::string author) {
    return ask(request(wire::verb::kErase.row, {{"--author", std::move(author)}, {"--now", "yes"}},
                       {}, {"uid 0", "0"}));
  }
  UniqueFd ask_for_backup() { return ask(request(wire::verb::kBackup.row, {})); }
  // Answers go on for this time, and the archive's maintenance.
  void pass(milliseconds time) {
    auto end = loop_.after(time, [this] { loop_.stop(); });
    auto work = loop_.every(milliseconds{10}, [this] { maintain(); });
    ASSERT_TRUE(end && work && loop_.run());
  }
  // All that the caller gets, until its connection is closed.
  std::string all(UniqueFd caller) {
    caller_ = std::move(caller);
    std::string bytes;
    for (int i = 0; i < 200; ++i) {
      bytes += read();
      char byte = 0;
      if (::recv(caller_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) return bytes;
      pass(milliseconds{20});
    }
    ADD_FAILURE() << "the connection stays open";
    return bytes;
  }
  // More lines than a socket takes.
  void store_many() {
    std::vector<Line> many;
    for (std::uint64_t i = 100; i < 5000; ++i) {
      many.push_back(test::line(i, "line " + std::string(200, 'x')));
    }
    ASSERT_TRUE(history_->database()->save(test::batch(std::move(many), state::RoomId{9}, "big")));
  }

  io::EventLoop loop_{io::EventLoop::create().value()};
  LongAnswers answers_{loop_,
                       *history_,
                       {.directory = directory_.path(), .databases = [] { return Others{}; }},
                       [this] { return clock_.mono; }};

 private:
  using Others = BackupAnswer::Databases;
};

TEST_F(LongAnswersTest, OtherRequestsAreNotTaken) {
  const UniqueFd theirs = connect();
  auto asked = request(wire::verb::kHistory.row, {}, {});
  asked.args[0] = "chat";
  EXPECT_FALSE(answers_.take(asked, theirs.get())) << "without --follow";
  EXPECT_FALSE(answers_.take({.verb = "archive", .args = {}}, theirs.get()));
  EXPECT_FALSE(answers_.take({.verb = "backup", .args = {}}, theirs.get())) << "without its file";
  EXPECT_EQ(answers_.size(), 0U);
}

TEST_F(LongAnswersTest, SixteenAreGivenAtOnceAndTheNextOneIsRefused) {
  std::vector<UniqueFd> followers;
  for (std::size_t i = 0; i < LongAnswers::kMaxAtOnce; ++i) {
    followers.push_back(ask_to_follow());
  }
  EXPECT_EQ(answers_.size(), LongAnswers::kMaxAtOnce);
  EXPECT_THAT(all(ask_to_export()), HasSubstr(R"("code":"busy")"));
  say("three", "ada");
  store();
  pass(milliseconds{300});
  for (UniqueFd& follower : followers) {
    caller_ = std::move(follower);
    EXPECT_THAT(read(), HasSubstr("three"));
    caller_.reset();
  }
  pass(milliseconds{300});
  EXPECT_EQ(answers_.size(), 0U) << "they have hung up";
  EXPECT_THAT(all(ask_to_export()), EndsWith("\"end\":true,\"lines\":3}\n"));
}

TEST_F(LongAnswersTest, ARefusalIsNoAnswerThatIsGiven) {
  EXPECT_THAT(all(ask_to_erase("nobody")), HasSubstr("not_found"));
  EXPECT_EQ(answers_.size(), 0U);
}

TEST_F(LongAnswersTest, AReaderThatTakesNothingIsCutAndOthersGoOn) {
  store_many();
  UniqueFd idle = ask_to_export();
  pass(milliseconds{100});
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_THAT(all(ask_to_export()), EndsWith("\"end\":true,\"lines\":4902}\n"));
  answers_.tick();
  EXPECT_EQ(answers_.size(), 1U) << "it has its time";
  clock_.mono += LongAnswer::kStalled + seconds{1};
  answers_.tick();
  EXPECT_EQ(answers_.size(), 0U);
  EXPECT_THAT(all(std::move(idle)), Not(HasSubstr("\"end\":true")));
}

TEST_F(LongAnswersTest, AnExportThatIsBeingGivenDoesNotHoldUpAnErasure) {
  store_many();
  UniqueFd slow = ask_to_export();
  pass(milliseconds{50});
  ASSERT_EQ(answers_.size(), 1U);
  EXPECT_THAT(all(ask_to_erase("bob")), HasSubstr(R"("gone":true)"));
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
  EXPECT_THAT(all(std::move(slow)), HasSubstr("\"end\":true")) << "it goes on, and is whole";
}

TEST_F(LongAnswersTest, LinesThatAreErasedMeanwhileAreNotInTheRestOfAnExport) {
  store_many();
  ASSERT_TRUE(history_->database()->save(
      test::batch({test::line(5000, "last-plugh", "eve")}, state::RoomId{9}, "big")));
  UniqueFd slow = ask_to_export();
  pass(milliseconds{50});
  EXPECT_THAT(all(ask_to_erase("eve")), HasSubstr(R"("lines":1)"));
  const std::string exported = all(std::move(slow));
  EXPECT_THAT(exported, Not(HasSubstr("last-plugh")));
  EXPECT_THAT(exported, EndsWith("\"end\":true,\"lines\":4902}\n"));
}

TEST_F(LongAnswersTest, AnErasureEndsABackupAndItIsNotWhole) {
  store_many();
  UniqueFd slow = ask_for_backup();
  pass(milliseconds{50});
  ASSERT_EQ(answers_.size(), 1U) << "the socket is full";
  EXPECT_THAT(all(ask_to_erase("bob")), HasSubstr(R"("gone":true)"));
  EXPECT_THAT(files_with("two-plugh"), IsEmpty());
  const std::string backup = all(std::move(slow));
  const auto reply = wire::decode_reply(backup.substr(0, backup.find('\n')));
  const auto report = wire::parse_report<wire::BackupReport>(reply.value_or("{}")).value();
  EXPECT_LT(backup.size() - backup.find('\n') - 1, report.bytes);
}

TEST_F(LongAnswersTest, ACallerThatHangsUpDoesNotStopItsErasure) {
  { const UniqueFd gone = ask_to_erase("bob"); }
  pass(milliseconds{200});
  EXPECT_EQ(answers_.size(), 0U);
  EXPECT_THAT(stored(*history_->database()), ElementsAre("0 ada one"));
  EXPECT_TRUE(history_->is_clean());
}

}  // namespace
}  // namespace chatd::archive
