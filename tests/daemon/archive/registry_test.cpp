// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/registry.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>

#include "daemon/state/kept_table.hpp"
#include "tests/daemon/archive/registry_to_save.hpp"
#include "tests/support/log_lines.hpp"

namespace chatd::archive {
namespace {

using nlohmann::json;
using state::ArchiveState;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RegistryTest : public test::RegistryToSave {
 protected:
  [[nodiscard]] Registry make() {
    return {directory_.path(),
            follower_,
            {.clock = [this] { return clock_ += step_; }, .alive = [] {}}};
  }
  // A new archive saves. Returns the rows that are on disk then.
  std::vector<std::string> save_all() {
    {
      Registry registry = make();
      registry.save();
    }
    return stored();
  }
  [[nodiscard]] state::RegistryFigures& figures() const { return state_.registry_figures(); }
  [[nodiscard]] bool is_all_saved() const {
    return figures().saved == state_.registry_head().version;
  }
  [[nodiscard]] json meta() const {
    auto database = RegistryDb::open(path(), [] {}).value();
    const auto meta = database.contents().value().meta;
    return {{"memory", meta.memory}, {"saved", meta.saved}, {"last_rule", meta.last_rule}};
  }
  MonoTime clock_{test::mono_at(seconds{100})};
  seconds step_{0};  // between two looks at the clock
};

TEST_F(RegistryTest, ChangesAreSavedAndSaidToBe) {
  Registry registry = make();
  registry.save();
  EXPECT_TRUE(is_all_saved());
  EXPECT_EQ(figures().state, ArchiveState::ok);
  ban(0, "bob");
  make_room(0, 7, "lab");
  EXPECT_FALSE(is_all_saved());
  EXPECT_TRUE(registry.take_moved());
  EXPECT_FALSE(registry.take_moved());
  registry.save();
  EXPECT_TRUE(is_all_saved());
  EXPECT_TRUE(registry.take_moved());
  registry.finish();
  EXPECT_THAT(stored(), ElementsAre("rooms 0 lab -", "rules 0 bob 0", "properties 0 -"));
  EXPECT_EQ(meta().at("saved"), state_.registry_head().version.load());
  EXPECT_EQ(meta().at("memory"), 5);
  EXPECT_EQ(figures().behind_since, 0);
}

TEST_F(RegistryTest, TheTextOfAMessageThatWaitsNoMoreIsInNoFile) {
  state::KeptTable<state::WaitingRow> waiting{state_};
  waiting.adopt();
  const auto at = waiting.add([](state::WaitingRow& row) {
    constexpr std::string_view kText = "plugh-and-xyzzy";
    row.receiver = state::PersonId{7};
    row.author = state::PersonId{8};
    assign(row.name, "ada");
    row.text_bytes = static_cast<std::uint16_t>(kText.copy(row.text.data(), row.text.size()));
  });
  const auto files = [this] {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{directory_.path()}) {
      std::ifstream file{entry.path(), std::ios::binary};
      const std::string text{std::istreambuf_iterator<char>{file}, {}};
      if (text.contains("plugh-and-xyzzy")) names.push_back(entry.path().filename().string());
    }
    return names;
  };
  Registry registry = make();
  registry.save();
  registry.save_copy();
  EXPECT_THAT(files(), ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(files(), ::testing::Not(Contains("registry.json")));
  std::filesystem::copy_file(path(), path() + ".before");
  std::filesystem::copy_file(path() + "-wal", path() + ".before-wal");
  waiting.remove(at.value());
  clock_ += seconds{60};
  registry.save();
  registry.save_copy();
  EXPECT_THAT(files(), ::testing::Each(HasSubstr(".before"))) << "the journal is emptied";
  EXPECT_TRUE(registry.clean());
  EXPECT_THAT(files(), ::testing::IsEmpty());
}

TEST_F(RegistryTest, BeforeAGatewayHasLookedAtTheMemoryNothingIsSaved) {
  name_rows(0);
  Registry registry = make();
  registry.save();
  registry.save_copy();
  registry.finish();
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_FALSE(std::filesystem::exists(copy()));
}

TEST_F(RegistryTest, ASuccessorSavesWhatHasChangedMeanwhile) {
  ban(0, "bob");
  ban(1, "cyd");
  (void)save_all();
  unban(0);
  ban(2, "dan");
  EXPECT_THAT(save_all(), ElementsAre("rules 1 cyd 0", "rules 2 dan 0", "properties 0 -"));
  EXPECT_TRUE(is_all_saved());
}

TEST_F(RegistryTest, AfterASnapshotAllRowsAreSavedAnew) {
  ban(0, "bob");
  ban(1, "cyd");
  (void)save_all();
  // Another memory, which has less, and lower versions.
  renew_region();
  follower_ = follower();
  name_rows(6);
  state_.registry_head().loaded_from = 5;
  ban(0, "eve");
  EXPECT_THAT(save_all(), ElementsAre("rules 0 eve 0", "properties 0 -"));
  EXPECT_EQ(meta().at("memory"), 6);
  EXPECT_FALSE(std::filesystem::exists(path() + ".before"));
}

TEST_F(RegistryTest, ARegistryThatWasNotReadAtTheStartIsKept) {
  ban(0, "bob");
  (void)save_all();
  renew_region();
  follower_ = follower();
  name_rows(6);
  const test::LogLines log;
  EXPECT_THAT(save_all(), ElementsAre("properties 0 -"));
  EXPECT_THAT(rows_of(path() + ".before"), Contains("rules 0 bob 0"));
  EXPECT_THAT(log.messages(), Contains(HasSubstr("was started without the rules and rooms")));
  EXPECT_EQ(figures().state, ArchiveState::ok);
}

TEST_F(RegistryTest, ARegistryFromWhichTheStartLeftOutRowsIsKeptOnce) {
  ban(0, "bob");
  (void)save_all();
  renew_region();
  follower_ = follower();
  name_rows(6);
  state_.registry_head().loaded_from = 5;
  state_.loaded().rows_left_out = 2;
  const test::LogLines log;
  (void)save_all();
  EXPECT_THAT(rows_of(path() + ".before"), Contains("rules 0 bob 0"));
  EXPECT_THAT(log.messages(), Contains(HasSubstr("without some owned names")));
  std::filesystem::remove(path() + ".before");
  ban(0, "eve");
  (void)save_all();
  EXPECT_FALSE(std::filesystem::exists(path() + ".before")) << "the database is of this memory";
}

TEST_F(RegistryTest, HitsAloneAreSavedOnceAMinute) {
  ban(0, "bob");
  Registry registry = make();
  registry.save();
  const auto stored_hits = [&] {
    return json::parse(registry.database()->contents()->rows.at({KeptList::rules, 0}))
        .value("hits", 0);
  };
  rules().hit(state::RuleIndex{0}, WallTime{Micros{5}});
  clock_ += seconds{59};
  registry.save();
  EXPECT_EQ(stored_hits(), 0);
  clock_ += seconds{1};
  registry.save();
  EXPECT_EQ(stored_hits(), 1);
  rules().hit(state::RuleIndex{0}, WallTime{Micros{5}});
  ban(1, "cyd");
  registry.save();
  EXPECT_EQ(stored_hits(), 2) << "with the next change";
}

TEST_F(RegistryTest, TemporaryRoomsCostNoTransaction) {
  Registry registry = make();
  registry.save();
  const auto changes = [&] { return registry.database()->contents()->meta; };
  const auto before = changes();
  make_temporary(0, 7, "lab");
  ban(0, "bob", state::RoomId{7});
  registry.save();
  EXPECT_TRUE(is_all_saved());
  clock_ += seconds{60};
  registry.save();
  EXPECT_EQ(changes().last_room, 7U);  // an id is not used again
  EXPECT_EQ(before.last_room, 0U);
}

// --- the copy ----------------------------------------------------------------------

TEST_F(RegistryTest, TheCopyIsOneDocument) {
  ban(0, "bob");
  ban(1, "cyd");
  make_room(0, 7, "lab");
  make_temporary(1, 8, "den");
  set_topic(std::nullopt, "tea");
  Registry registry = make();
  registry.save();
  registry.save_copy();
  const json document = json::parse(test::file_text(copy()));
  EXPECT_EQ(document.at("version"), 1);
  EXPECT_EQ(document.at("epoch"), follower_.header().epoch);
  EXPECT_EQ(document.at("memory"), 5);
  EXPECT_EQ(document.at("saved"), state_.registry_head().version.load());
  EXPECT_EQ(document.at("last_rule"), 2);
  EXPECT_EQ(document.at("last_room"), 8);
  EXPECT_EQ(document.at("rules").size(), 2U);
  EXPECT_EQ(document.at("rules").at(1).at("name"), "cyd");
  EXPECT_EQ(document.at("rooms").size(), 1U);
  EXPECT_EQ(document.at("rooms").at(0).at("name"), "lab");
  EXPECT_EQ(document.at("properties").at("topic"), "tea");
  EXPECT_EQ(std::filesystem::status(copy()).permissions(), std::filesystem::perms{0600});
}

TEST_F(RegistryTest, TheCopyIsWrittenAtMostOnceInTenSecondsAndAtTheEnd) {
  Registry registry = make();
  registry.save();
  registry.save_copy();
  const auto rules = [this] { return json::parse(test::file_text(copy())).at("rules").size(); };
  EXPECT_EQ(rules(), 0U);
  ban(0, "bob");
  clock_ += seconds{9};
  registry.save_copy();
  EXPECT_EQ(rules(), 0U);
  clock_ += seconds{1};
  registry.save_copy();
  EXPECT_EQ(rules(), 1U);
  ban(1, "cyd");
  registry.finish();
  EXPECT_EQ(rules(), 2U);
}

TEST_F(RegistryTest, TheCopyIsWrittenAlsoIfTheDatabaseCannotBe) {
  std::filesystem::create_directory(path());
  ban(0, "bob");
  Registry registry = make();
  registry.save();
  registry.save_copy();
  EXPECT_EQ(figures().state, ArchiveState::broken);
  EXPECT_FALSE(is_all_saved());
  EXPECT_EQ(json::parse(test::file_text(copy())).at("rules").size(), 1U);
}

TEST_F(RegistryTest, ACopyThatCannotBeWrittenIsLoggedOnce) {
  std::filesystem::create_directory(copy());
  const test::LogLines log;
  Registry registry = make();
  registry.save();
  for (int i = 0; i < 5; ++i) {
    registry.save_copy();
    clock_ += seconds{10};
  }
  EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("changes are saved in"),
                                          HasSubstr("registry: the copy is not written: ")));
}

// --- faults ------------------------------------------------------------------------

TEST_F(RegistryTest, ADamagedDatabaseIsSetAsideAndWrittenAnewFromMemory) {
  ban(0, "bob");
  test::write_file(path(), std::string(10'000, 'x'));
  {
    Registry registry = make();
    registry.save();
    EXPECT_EQ(figures().state, ArchiveState::broken);
    EXPECT_FALSE(is_all_saved());
    EXPECT_NE(figures().behind_since, 0);
    clock_ += seconds{1};
    registry.save();
    EXPECT_TRUE(is_all_saved());
    EXPECT_EQ(figures().state, ArchiveState::ok);
  }
  EXPECT_EQ(test::file_text(path() + ".broken"), std::string(10'000, 'x'));
  EXPECT_EQ(figures().set_aside, 1U);
  EXPECT_THAT(stored(), ElementsAre("rules 0 bob 0", "properties 0 -"));
}

TEST_F(RegistryTest, ADatabaseThatIsDamagedWhileItIsOpenIsWrittenAnew) {
  for (std::uint32_t i = 0; i < 200; ++i) ban(i, "bob" + std::to_string(i));
  (void)save_all();
  std::string text = test::file_text(path());
  std::fill(text.begin() + 4096, text.end(), 'x');
  test::write_file(path(), text);
  Registry registry = make();
  registry.save();
  EXPECT_EQ(figures().set_aside, 1U);
  clock_ += seconds{1};
  registry.save();
  registry.finish();
  EXPECT_EQ(stored().size(), 201U);
}

TEST_F(RegistryTest, ALaterSchemaIsNotTouchedAndNeitherIsItsCopy) {
  {
    auto database = store::Database::open(path(), 1U << 20U).value();
    ASSERT_TRUE(database.run("PRAGMA user_version=99"));
  }
  test::write_file(copy(), "of a later version");
  ban(0, "bob");
  Registry registry = make();
  registry.save();
  registry.save_copy();
  registry.finish();
  EXPECT_EQ(figures().state, ArchiveState::newer);
  EXPECT_FALSE(is_all_saved());
  EXPECT_EQ(test::file_text(copy()), "of a later version");
  EXPECT_FALSE(std::filesystem::exists(path() + ".broken"));
}

TEST_F(RegistryTest, WhileAnotherProcessHasTheDatabaseItIsTriedAgain) {
  ban(0, "bob");
  const test::LogLines log;
  Registry registry = make();
  {
    auto other = store::Database::open(path(), 1U << 20U).value();
    ASSERT_TRUE(other.run("CREATE TABLE t(x)"));
    registry.save();
    EXPECT_EQ(figures().state, ArchiveState::locked);
    registry.save();  // within the pause
  }
  EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("another process has the database open")));
  EXPECT_EQ(log.all().back().field("CHATD_EVENT"), "registry");
  EXPECT_EQ(log.all().back().field("CHATD_STATE"), "locked");
  clock_ += seconds{1};
  registry.save();
  EXPECT_EQ(figures().state, ArchiveState::ok);
  EXPECT_TRUE(is_all_saved());
}

TEST_F(RegistryTest, ARowThatAKilledGatewayLeftHalfWrittenIsSavedByItsSuccessor) {
  ban(0, "bob");
  Registry registry = make();
  registry.save();
  auto& version = state_.rule_slots()[0].version;
  version = version + 1;
  ban(1, "cyd");
  registry.save();
  EXPECT_FALSE(is_all_saved());
  rules().adopt(state::RuleIndex{0});
  registry.save();
  EXPECT_TRUE(is_all_saved());
  registry.finish();
  EXPECT_THAT(stored(), ElementsAre("rules 0 bob 0", "rules 1 cyd 0", "properties 0 -"));
}

TEST_F(RegistryTest, ASlowDiskIsReported) {
  Registry registry = make();
  step_ = seconds{6};
  ban(0, "bob");
  registry.save();
  EXPECT_EQ(figures().state, ArchiveState::slow);
  EXPECT_THAT(error_of(figures()), HasSubstr("a transaction took 6 s"));
  EXPECT_TRUE(is_all_saved());
  step_ = seconds{0};
  ban(1, "cyd");
  registry.save();
  EXPECT_EQ(figures().state, ArchiveState::ok);
}

}  // namespace
}  // namespace chatd::archive
