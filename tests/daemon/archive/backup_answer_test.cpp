// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/backup_answer.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/daemon/archive/long_answer_fixture.hpp"

namespace chatd::archive {
namespace {

using test::stored;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class BackupAnswerTest : public test::LongAnswerFixture {
 protected:
  BackupAnswerTest() {
    say("one", "ada");
    store();
    test::write_file(directory_ / "server.key", "the key");
    test::write_file(directory_ / "server.cert", "its certificate");
    test::write_file(directory_ / "server.key.next", "a key without one");
    test::write_file(directory_ / "registry.json", "{}");
    test::write_file(directory_ / "history.db.erased", "");
  }
  Made make(bool with_key = false, const BackupAnswer::Databases& others = {}) {
    const auto& verb = wire::verb::kBackup.row;
    return BackupAnswer::make(*history_, others, directory_.path(),
                              request(verb, {{"--with-key", with_key ? "yes" : ""}}, {}),
                              connect());
  }
  // Unpacks the answer, which is as long as it says. Returns the report.
  wire::BackupReport unpack(Made& made, const std::string& into) {
    const std::string output = run(made);
    const std::size_t end = output.find('\n');
    const auto reply = wire::decode_reply(output.substr(0, end));
    EXPECT_TRUE(reply) << output.substr(0, end);
    const auto report = wire::parse_report<wire::BackupReport>(reply.value_or("{}")).value();
    EXPECT_EQ(output.size() - end - 1, report.bytes);
    test::write_file(unpacked_ / "backup.tar", output.substr(end + 1));
    std::filesystem::create_directory(into);
    EXPECT_EQ(::system(("tar -xf " + (unpacked_ / "backup.tar") + " -C " + into).c_str()), 0);
    return report;
  }

  test::TempDir unpacked_;
};

TEST_F(BackupAnswerTest, TarUnpacksADatabaseThatHasAllThatWasStored) {
  auto made = make();
  say("two", "bob");  // not in it
  store();
  const auto report = unpack(made, unpacked_ / "a");
  EXPECT_THAT(report.files, ElementsAre("registry.json", "history.db"));
  auto database = HistoryDb::open(unpacked_ / "a/history.db", follower_.header().epoch,
                                  test::kLargeDatabase, [] {})
                      .value();
  EXPECT_THAT(stored(database), ElementsAre("0 ada one"));
  struct stat status {};
  ASSERT_EQ(::stat((unpacked_ / "a/history.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(BackupAnswerTest, TheKeyIsInItIfItIsAskedFor) {
  auto made = make(true);
  EXPECT_THAT(unpack(made, unpacked_ / "a").files,
              ElementsAre("registry.json", "server.cert", "server.key", "history.db"));
  EXPECT_EQ(test::file_text(unpacked_ / "a/server.key"), "the key");
}

TEST_F(BackupAnswerTest, AnotherDatabaseOfTheFolderIsInIt) {
  auto other = store::Database::open(directory_ / "registry.db", test::kLargeDatabase).value();
  ASSERT_TRUE(other.run("CREATE TABLE kept(list TEXT); INSERT INTO kept VALUES('rooms')"));
  auto made = make(false, {{"registry.db", &other}});
  unpack(made, unpacked_ / "a");
  auto copy = store::Database::open(unpacked_ / "a/registry.db", test::kLargeDatabase).value();
  EXPECT_EQ(copy.number("SELECT count(*) FROM kept").value(), 1);
}

TEST_F(BackupAnswerTest, ADatabaseThatIsNotOpenMakesItFail) {
  const auto made = make(false, {{"registry.db", nullptr}});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("registry.db cannot be read now"));
  history_->finish(std::chrono::seconds{1});
  EXPECT_FALSE(make());
}

TEST_F(BackupAnswerTest, WithoutHistoryItHasTheRegistryAndTheKeys) {
  history_.emplace(History::Settings{.is_enabled = false,
                                     .directory = directory_.path(),
                                     .epoch = follower_.header().epoch,
                                     .max_bytes = test::kLargeDatabase,
                                     .max_age = {}},
                   *reader_, state_.archive(),
                   History::Hooks{.clock = [this] { return clock_; }, .alive = [] {}});
  store();
  auto other = store::Database::open(directory_ / "registry.db", test::kLargeDatabase).value();
  ASSERT_TRUE(other.run("CREATE TABLE kept(list TEXT)"));
  auto made = make(true, {{"registry.db", &other}});
  EXPECT_THAT(unpack(made, unpacked_ / "a").files,
              ElementsAre("registry.json", "server.cert", "server.key", "registry.db"));
}

TEST_F(BackupAnswerTest, OneIsMadeAtATimeAndTheNextOneAfterIt) {
  auto made = make();
  const auto second = make();
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another backup"));
  made->reset();
  EXPECT_TRUE(make());
}

TEST_F(BackupAnswerTest, IsCutWhenTheJournalIsNeeded) {
  auto made = make();
  history_->database()->file().end_backups();
  const std::string output = run(made);
  EXPECT_EQ(output.find("SQLite format 3"), std::string::npos);
}

}  // namespace
}  // namespace chatd::archive
