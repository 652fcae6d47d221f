// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/restore/registry_files.hpp"

#include <filesystem>

#include <gmock/gmock.h>

#include "daemon/archive/history_db.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/registry_text.hpp"

namespace chatd::restore {
namespace {

using state::LoadSource;
using test::RegistryText;
using test::room_row;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RegistryFilesTest : public ::testing::Test {
 protected:
  Registry read(bool is_required = true) {
    return read_registry({.directory = directory_.path(),
                          .is_required = is_required,
                          .lock_limit = std::chrono::milliseconds{120}},
                         [this] { ++alive_; });
  }
  void write_document(const std::string& text) { test::write_file(json_, text); }
  void break_database() { test::write_file(database_, "this is no database, but a long text\n"); }

  test::TempDir directory_;
  const std::string database_{directory_ / "registry.db"};
  const std::string json_{directory_ / "registry.json"};
  const RegistryText old_{.rooms = {room_row(1, "old")}, .last_room = 1};
  const RegistryText new_{.rooms = {room_row(1, "new"), room_row(2, "lab")}, .last_room = 5};
  int alive_{0};
};

TEST_F(RegistryFilesTest, AFirstStartHasNoFileAndMakesNone) {
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::none);
  EXPECT_TRUE(registry.document.is_null());
  EXPECT_EQ(registry.words, "");
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

TEST_F(RegistryFilesTest, WithStoredMessagesAMissingRegistryIsNoFirstStart) {
  const auto open = [&] {
    return archive::HistoryDb::open(directory_ / "history.db", 1, test::kLargeDatabase, [] {});
  };
  ASSERT_TRUE(open());
  EXPECT_EQ(read().source, LoadSource::none) << "no message was ever stored";
  ASSERT_TRUE(open()->save(test::batch({test::line(0, "hello")})));
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::refused);
  EXPECT_THAT(registry.words,
              HasSubstr("registry.db is missing and registry.json is missing, but history.db has "
                        "messages: bans, kept rooms and roles would be lost"));
  EXPECT_EQ(read(false).source, LoadSource::nothing);
  test::write_file(directory_ / "history.db", "this is no database, but a long text\n");
  EXPECT_EQ(read().source, LoadSource::none) << "a damaged database proves nothing";
}

TEST_F(RegistryFilesTest, TheDatabaseIsReadBeforeTheDocument) {
  new_.write_database(database_);
  write_document(old_.document());
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::database);
  EXPECT_EQ(registry.document.at("rooms").size(), 2U);
  EXPECT_EQ(registry.document.at("last_room"), 5);
  EXPECT_EQ(registry.document.at("memory"), 99);
  EXPECT_EQ(registry.words, "");
}

TEST_F(RegistryFilesTest, ADatabaseThatIsOlderThanTheDocumentIsReadAndSaid) {
  RegistryText newer = new_;
  newer.saved = 10;
  old_.write_database(database_);
  write_document(newer.document());
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::database);
  EXPECT_EQ(registry.document.at("rooms").size(), 1U);
  EXPECT_THAT(registry.words,
              HasSubstr("registry.db is older than registry.json, which has 3 changes more"));
  // The numbers of two memories are not compared.
  newer.memory = 98;
  write_document(newer.document());
  EXPECT_EQ(read().words, "");
  write_document("no document");
  EXPECT_EQ(read().words, "");
}

TEST_F(RegistryFilesTest, WithoutADatabaseTheDocumentIsRead) {
  write_document(old_.document());
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::document);
  EXPECT_EQ(registry.document.at("rooms").size(), 1U);
  EXPECT_THAT(registry.words, HasSubstr("registry.db is missing: "));
}

TEST_F(RegistryFilesTest, ADamagedDatabaseIsLeftAloneAndTheDocumentIsRead) {
  break_database();
  write_document(old_.document());
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::document);
  EXPECT_THAT(registry.words, AllOf(HasSubstr("registry.db cannot be read ("),
                                    HasSubstr("file is not a database")));
  EXPECT_THAT(test::file_text(database_), HasSubstr("this is no database"));
}

TEST_F(RegistryFilesTest, ADatabaseThatIsCutOffIsDamaged) {
  new_.write_database(database_);
  std::filesystem::resize_file(database_, 5000);
  write_document(old_.document());
  EXPECT_EQ(read().source, LoadSource::document);
}

TEST_F(RegistryFilesTest, ADatabaseOfALaterVersionIsNotUsed) {
  new_.write_database(database_, 2);
  write_document(old_.document());
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::document);
  EXPECT_THAT(registry.words, HasSubstr("it is of a later version of chatd (schema 2)"));
}

TEST_F(RegistryFilesTest, ALockedDatabaseIsWaitedForAndThenTheDocumentIsRead) {
  new_.write_database(database_);
  write_document(old_.document());
  const auto other = store::Database::open(database_, std::uint64_t{1} << 30U);
  ASSERT_TRUE(other);
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::document);
  EXPECT_THAT(registry.words, HasSubstr("another process has it open"));
  EXPECT_GT(alive_, 0);
}

TEST_F(RegistryFilesTest, ADatabaseInWhichNothingWasStoredIsNotThere) {
  test::write_file(database_, "");
  EXPECT_EQ(read().source, LoadSource::none);
  {
    const auto made = store::Database::open(database_, std::uint64_t{1} << 30U);
    ASSERT_TRUE(made);
  }
  EXPECT_EQ(read().source, LoadSource::none);
  write_document(old_.document());
  EXPECT_EQ(read().source, LoadSource::document);
}

TEST_F(RegistryFilesTest, IfNeitherCanBeReadTheStartIsRefusedUnlessTheSettingAllowsIt) {
  break_database();
  Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::refused);
  EXPECT_THAT(registry.words, AllOf(HasSubstr(directory_.path()), HasSubstr("registry.db cannot"),
                                    HasSubstr("registry.json is missing"),
                                    HasSubstr("set registry.required = false")));
  write_document("{\"version\":1,");
  EXPECT_THAT(read().words, HasSubstr("registry.json cannot be read (it is no document"));
  registry = read(false);
  EXPECT_EQ(registry.source, LoadSource::nothing);
  EXPECT_TRUE(registry.document.is_null());
  EXPECT_THAT(registry.words, HasSubstr("are lost (registry.required is false)"));
}

TEST_F(RegistryFilesTest, ADamagedDocumentWithoutADatabaseIsNoFirstStart) {
  write_document("garbage");
  EXPECT_EQ(read().source, LoadSource::refused);
}

TEST_F(RegistryFilesTest, RowsThatAreNoJsonAreCounted) {
  RegistryText damaged = new_;
  damaged.rooms.push_back("{");
  damaged.write_database(database_);
  const Registry registry = read();
  EXPECT_EQ(registry.source, LoadSource::database);
  EXPECT_EQ(registry.document.at("rooms").size(), 2U);
  EXPECT_EQ(registry.damaged, 1U);
}

}  // namespace
}  // namespace chatd::restore
