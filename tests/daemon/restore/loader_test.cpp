// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/restore/loader.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>

#include "daemon/state/room_table.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/registry_text.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::restore {
namespace {

using state::LoadSource;
using state::LoadStage;
using test::line;
using test::RegistryText;
using test::room_row;
using test::rule_row;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LoaderTest : public test::StateFixture {
 protected:
  LoaderTest()
      : StateFixture{{.sessions = 4, .ring_bytes = 16384, .rooms = 3, .room_ring_bytes = 16384}} {
    registry_.write_database(directory_ / "registry.db");
  }
  void store_line() {
    auto database =
        archive::HistoryDb::open(directory_ / "history.db", 17, test::kLargeDatabase, [] {});
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->save(test::batch({line(4, "hello")}, state::RoomId{7}, "lab")));
  }
  [[nodiscard]] Settings settings() const { return {.directory = directory_.path(), .replay = 50}; }
  Result<> load_with(const Settings& settings) {
    return load(region_.get(), state_, settings, WallTime{std::chrono::seconds{1'700'000'000}});
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> texts;
    for (const auto& one : test::records_of(state_.room_log(state::RoomIndex{0}))) {
      texts.push_back(one.text);
    }
    return texts;
  }
  [[nodiscard]] const state::Loaded& loaded() const { return state_.loaded(); }

  test::TempDir directory_;
  const RegistryText registry_{.rooms = {room_row(7, "lab")},
                               .rules = {rule_row(1, 1, 2, R"(,"name":"eve")")},
                               .last_room = 9,
                               .last_rule = 3};
};

TEST_F(LoaderTest, AChildBringsRoomsRulesAndLinesBack) {
  store_line();
  const auto done = load_with(settings());
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(loaded().stage, LoadStage::done);
  EXPECT_EQ(loaded().began_wall, 1'700'000'000'000'000);
  EXPECT_EQ(loaded().source, LoadSource::database);
  EXPECT_EQ(loaded().rooms, 1U);
  EXPECT_EQ(loaded().rules, 1U);
  EXPECT_EQ(loaded().history_lines, 1U);
  EXPECT_THAT(texts(), ElementsAre("hello"));
  EXPECT_EQ(view_of(loaded().registry_words), "");
  EXPECT_EQ(view_of(loaded().history_words), "");
}

TEST_F(LoaderTest, ALineThatWasErasedDoesNotComeBackFromAnOlderCopy) {
  store_line();
  const std::string copy = test::file_text(directory_ / "history.db");
  {
    auto database =
        archive::HistoryDb::open(directory_ / "history.db", 17, test::kLargeDatabase, [] {
        }).value();
    auto& erasing = database.erasing();
    ASSERT_TRUE(erasing.erase(database, erasing.scan(0, 10).value(),
                              WallTime{std::chrono::seconds{1'700'000'000}}, "uid 0"));
    ASSERT_TRUE(database.save(test::batch({line(5, "after")}, state::RoomId{7}, "lab")));
  }
  test::write_file(directory_ / "history.db", copy);
  ASSERT_TRUE(load_with(settings()));
  EXPECT_EQ(loaded().history_lines, 0U);
  EXPECT_THAT(texts(), IsEmpty());
  // The archive sees that the files of the copy have the text.
  auto database =
      archive::HistoryDb::open(directory_ / "history.db", 17, test::kLargeDatabase, [] {}).value();
  EXPECT_FALSE(database.erasing().is_clean());
}

TEST_F(LoaderTest, ADamagedHistoryIsNoReasonNotToStart) {
  test::write_file(directory_ / "history.db", "this is no database, but a long text\n");
  ASSERT_TRUE(load_with(settings()));
  EXPECT_EQ(loaded().rooms, 1U);
  EXPECT_THAT(std::string{view_of(loaded().history_words)}, HasSubstr("not a database"));
  EXPECT_EQ(state_.next_sequence(), 1'700'000'000U);
}

TEST_F(LoaderTest, WithoutHistoryNoFileIsOpenedOrMade) {
  Settings without = settings();
  without.history = false;
  ASSERT_TRUE(load_with(without));
  EXPECT_NE(::access((directory_ / "history.db").c_str(), F_OK), 0);
  EXPECT_EQ(state_.next_sequence(), 0U);
}

TEST_F(LoaderTest, AChildThatDiesInTheRegistryEndsTheStart) {
  Settings dying = settings();
  dying.on_stage = [](LoadStage stage) {
    const bool reads = stage == LoadStage::registry || stage == LoadStage::document;
    if (reads) (void)::raise(SIGKILL);
  };
  const auto done = load_with(dying);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("the process that reads it has died"));
}

TEST_F(LoaderTest, AfterAChildThatDiesInTheDatabaseTheDocumentIsRead) {
  Settings dying = settings();
  dying.on_stage = [](LoadStage stage) {
    if (stage == LoadStage::registry) (void)::raise(SIGKILL);
  };
  test::write_file(directory_ / "registry.json",
                   RegistryText{.rooms = {room_row(7, "lab"), room_row(8, "den")}}.document());
  ASSERT_TRUE(load_with(dying));
  EXPECT_EQ(loaded().source, LoadSource::document);
  EXPECT_EQ(loaded().rooms, 2U);
  EXPECT_THAT(std::string{view_of(loaded().registry_words)},
              HasSubstr("registry.db cannot be read (the process that read it has died)"));
  // Without it nothing is restored, and the start ends.
  std::filesystem::remove(directory_ / "registry.json");
  renew_region();
  ASSERT_TRUE(load_with(dying));
  EXPECT_EQ(loaded().source, LoadSource::refused);
}

TEST_F(LoaderTest, AChildThatDiesWhileItWritesRowsEndsTheStart) {
  Settings dying = settings();
  dying.on_stage = [](LoadStage stage) {
    if (stage == LoadStage::rows) (void)::raise(SIGKILL);
  };
  EXPECT_FALSE(load_with(dying));
}

TEST_F(LoaderTest, AChildThatDiesInTheHistoryLeavesRoomsWithoutLines) {
  store_line();
  Settings dying = settings();
  dying.on_stage = [](LoadStage stage) {
    if (stage == LoadStage::done) (void)::raise(SIGKILL);
  };
  // The stage is stored before the call: all was read.
  ASSERT_TRUE(load_with(dying));
  dying.on_stage = [](LoadStage stage) {
    if (stage == LoadStage::history) (void)::raise(SIGKILL);
  };
  renew_region();
  ASSERT_TRUE(load_with(dying));
  EXPECT_EQ(loaded().rooms, 1U);
  EXPECT_THAT(texts(), IsEmpty());
  EXPECT_EQ(state_.room_slot(state::RoomIndex{0}).head.next_sequence, 1'700'000'000U);
  EXPECT_THAT(std::string{view_of(loaded().history_words)}, HasSubstr("has died"));
}

TEST_F(LoaderTest, AChildThatHangsIsKilled) {
  Settings hanging = settings();
  hanging.hang_limit = std::chrono::milliseconds{150};
  hanging.on_stage = [](LoadStage stage) {
    while (stage == LoadStage::registry) (void)::pause();
  };
  const auto done = load_with(hanging);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("the disk did not answer"));
  hanging.on_stage = [](LoadStage stage) {
    while (stage == LoadStage::history) (void)::pause();
  };
  renew_region();
  EXPECT_TRUE(load_with(hanging));
  EXPECT_EQ(loaded().rooms, 1U);
}

TEST_F(LoaderTest, ARefusalSaysWhatToDo) {
  test::write_file(directory_ / "registry.db", "this is no database, but a long text\n");
  ASSERT_TRUE(load_with(settings()));
  EXPECT_EQ(loaded().source, LoadSource::refused);
  EXPECT_THAT(std::string{view_of(loaded().registry_words)}, HasSubstr("from a backup"));
  Settings open = settings();
  open.registry_required = false;
  renew_region();
  ASSERT_TRUE(load_with(open));
  EXPECT_EQ(loaded().source, LoadSource::nothing);
}

}  // namespace
}  // namespace chatd::restore
