// SPDX-License-Identifier: GPL-3.0-or-later
// registry_to_save.hpp — rules and rooms in shared memory, for the archive to save.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "daemon/archive/registry.hpp"
#include "daemon/state/room_properties.hpp"
#include "daemon/state/rule_table.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

// "rules 0 bob 3", "rooms 1 lab topic", "properties 0 topic": place, name, hits or topic.
inline std::string summary_of(const archive::KeptPlace& place, const std::string& text) {
  const auto value = nlohmann::json::parse(text);
  const auto& properties = place.list == archive::KeptList::rooms ? value.at("properties") : value;
  const std::string topic = properties.value("topic", "-");
  const std::string list{archive::name_of(place.list)};
  switch (place.list) {
    case archive::KeptList::rules:
      return fmt::format("{} {} {} {}", list, place.row, std::string{value.at("name")},
                         value.value("hits", 0));
    case archive::KeptList::rooms:
      return fmt::format("{} {} {} {}", list, place.row, std::string{value.at("name")}, topic);
    case archive::KeptList::properties:
      break;
  }
  return fmt::format("{} {} {}", list, place.row, topic);
}

class RegistryToSave : public RoomsToRead {
 protected:
  RegistryToSave() { name_rows(5); }

  void name_rows(std::uint64_t memory) { state_.registry_head().memory = memory; }
  void ban(std::uint32_t row, std::string_view name, state::RoomId room = state::kDefaultRoom) {
    (void)rules().make(state::RuleIndex{row}, {.kind = state::RuleKind::ban,
                                               .target = state::RuleTarget::name,
                                               .room = room,
                                               .name = name,
                                               .reason = name,
                                               .now = WallTime{std::chrono::seconds{9}}});
  }
  void unban(std::uint32_t row) { rules().remove(state::RuleIndex{row}); }
  void make_temporary(std::uint32_t row, std::uint32_t id, std::string_view name) {
    rooms_.make(state::RoomIndex{row},
                {.id = state::RoomId{id}, .name = name, .is_kept = false, .now = {}, .maker = {}});
    rooms_.settle(state::RoomIndex{row});
  }
  void set_topic(std::optional<std::uint32_t> row, std::string_view topic) {
    auto& properties =
        state_.properties(row ? std::optional{state::RoomIndex{*row}} : std::nullopt);
    state::set_topic(state_.registry_head(), properties, "ada", topic, WallTime{Micros{7}});
  }
  [[nodiscard]] std::string path() const { return directory_ / "registry.db"; }
  [[nodiscard]] std::string copy() const { return directory_ / "registry.json"; }
  // The rows that are on disk. The database must not be open.
  [[nodiscard]] std::vector<std::string> stored() const { return rows_of(path()); }
  [[nodiscard]] static std::vector<std::string> rows_of(const std::string& path) {
    auto database = archive::RegistryDb::open(path, [] {}).value();
    std::vector<std::string> rows;
    const auto contents = database.contents().value();
    for (const auto& [place, text] : contents.rows) {
      rows.push_back(summary_of(place, text));
    }
    return rows;
  }

  // Made anew, because a test may renew the region.
  [[nodiscard]] state::RuleTable rules() const { return state::RuleTable{state_}; }

  TempDir directory_;
};

}  // namespace chatd::test
