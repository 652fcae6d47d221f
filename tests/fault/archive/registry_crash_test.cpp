// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway is killed after each step of a change, and an archive after each step of saving it.
// A change that was said to be saved is on disk, each row is that of one moment, and in the end the
// disk has the rows of memory.
#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/archive/registry.hpp"
#include "tests/daemon/archive/registry_to_save.hpp"
#include "tests/support/crash.hpp"

namespace chatd::archive {
namespace {

using nlohmann::json;
using state::RoomIndex;
using state::RuleIndex;
using ::testing::ElementsAre;

class RegistryCrashTest : public test::RegistryToSave {
 protected:
  void begin() {
    renew_region();
    follower_ = follower();
    name_rows(5);
    for (const auto& entry : std::filesystem::directory_iterator{directory_.path()}) {
      std::filesystem::remove(entry.path());
    }
    table().make(RoomIndex{0}, {.id = state::RoomId{7},
                                .name = std::string(40, 'a'),
                                .is_kept = true,
                                .now = WallTime{Micros{1}},
                                .maker = {}});
    table().settle(RoomIndex{0});
    set_topic(0, std::string(100, 'a'));
    ban(0, std::string(50, 'a'));
    save();
  }
  void save() {
    Registry registry{directory_.path(), follower_, {.clock = mono_now, .alive = [] {}}};
    registry.save();
    registry.save_copy();
    registry.finish();
  }
  // The successor of a killed gateway finishes the changes of rows.
  void adopt() {
    table().adopt();
    for (std::uint32_t row = 0; row < rules().used(); ++row) rules().adopt(RuleIndex{row});
  }
  [[nodiscard]] state::RoomTable table() const { return state::RoomTable{state_}; }

  // Each change in turn; each text of a row has one letter.
  [[nodiscard]] std::vector<std::function<void()>> changes() {
    return {[this] { ban(1, std::string(50, 'b')); },
            [this] { rules().set_until(RuleIndex{0}, WallTime{Micros{5}}); },
            [this] { unban(0); },
            [this] { ban(0, std::string(50, 'c')); },
            [this] { table().rename(RoomIndex{0}, std::string(40, 'b')); },
            [this] { set_topic(0, std::string(100, 'b')); },
            [this] { set_topic(std::nullopt, std::string(100, 'b')); },
            [this] {
              table().begin_drop(RoomIndex{0});
              table().drop(RoomIndex{0});
            },
            [this] {
              table().begin_drop(RoomIndex{0});
              table().drop(RoomIndex{0});
              make_room(0, 8, std::string(40, 'z'));
            },
            [this] {
              make_temporary(1, 9, "lab");
              ban(1, std::string(50, 'd'), state::RoomId{9});
              table().keep(RoomIndex{1});
            }};
  }
  [[nodiscard]] static bool has_one_letter(const std::string& text) {
    return std::ranges::all_of(text, [&](char c) { return c == text.front(); });
  }
  // The rows on disk, none of them a mixture.
  [[nodiscard]] std::map<KeptPlace, std::string> on_disk() const {
    auto database = RegistryDb::open(path(), [] {}).value();
    auto rows = database.contents().value().rows;
    for (const auto& [place, text] : rows) {
      const json row = json::parse(text);
      if (place.list == KeptList::rules) {
        EXPECT_EQ(row.at("name"), row.at("reason")) << text;
      }
      if (place.list == KeptList::rooms && row.at("name") != "lab") {
        const std::string name = row.at("name");
        const std::string topic = row.at("properties").value("topic", "");
        EXPECT_TRUE(has_one_letter(name) && has_one_letter(topic)) << text;
        EXPECT_EQ(topic.empty(), row.at("id") == 8) << text;
      }
    }
    return rows;
  }
  [[nodiscard]] std::map<KeptPlace, std::string> in_memory() const {
    RegistryRows rows{follower_};
    std::map<KeptPlace, std::string> all;
    const auto changes = rows.read();
    EXPECT_TRUE(changes);
    for (const KeptRow& row : changes->rows) all.emplace(row.place, row.text.value());
    return all;
  }
  void expect_all_is_saved() {
    EXPECT_EQ(on_disk(), in_memory());
    EXPECT_EQ(state_.registry_figures().saved, state_.registry_head().version);
    const json copy = json::parse(test::file_text(this->copy()));
    EXPECT_EQ(copy.at("saved"), state_.registry_head().version.load());
  }
};

TEST_F(RegistryCrashTest, AGatewayThatIsKilledAtAnyStepLosesNoChangeAndMixesNoRow) {
  int steps = 0;
  for (std::size_t which = 0; which < changes().size(); ++which) {
    bool was_killed = true;
    for (int step = 1; was_killed; ++step, ++steps) {
      SCOPED_TRACE(fmt::format("change {}, crash point {}", which, step));
      begin();
      was_killed = test::is_killed_at(step, changes().at(which));
      // The archive goes on without a gateway, and then with its successor.
      save();
      (void)on_disk();
      adopt();
      save();
      expect_all_is_saved();
    }
  }
  EXPECT_GT(steps, 60);
}

TEST_F(RegistryCrashTest, AChangeThatIsSaidToBeSavedIsOnDiskWheneverTheArchiveIsKilled) {
  int steps = 0;
  for (std::size_t which = 0; which < changes().size(); ++which) {
    bool was_killed = true;
    for (int step = 1; was_killed; ++step, ++steps) {
      SCOPED_TRACE(fmt::format("change {}, crash point {}", which, step));
      begin();
      changes().at(which)();
      was_killed = test::is_killed_at(step, [this] { save(); });
      const bool is_said = state_.registry_figures().saved == state_.registry_head().version;
      if (is_said) {
        EXPECT_EQ(on_disk(), in_memory());
      } else {
        (void)on_disk();
      }
      save();
      expect_all_is_saved();
    }
  }
  EXPECT_GT(steps, 40);
}

}  // namespace
}  // namespace chatd::archive
