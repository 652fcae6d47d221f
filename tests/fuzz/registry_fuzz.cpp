// SPDX-License-Identifier: GPL-3.0-or-later
// registry_fuzz.cpp — fuzz target for registries: any text gives an error with a message, or kept
// rooms with empty logs and possible rules, which a snapshot has, too. As the rows of a database,
// each line is a row.
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "common/base/log.hpp"
#include "daemon/handover/registry_read.hpp"
#include "daemon/handover/snapshot.hpp"
#include "tests/fuzz/whole_state.hpp"

namespace chatd::test {
namespace {

void require_rooms(const state::StateView& view, std::size_t count) {
  const state::RoomTable table{view};
  std::set<state::RoomId> ids;
  for (std::uint32_t row = 0; row < table.capacity(); ++row) {
    const state::RoomIndex room{row};
    if (table.phase(room) != state::RoomPhase::made) {
      require(table.place(room).id == state::kDefaultRoom);
      continue;
    }
    const state::RoomId id = table.place(room).id;
    require(id != state::kDefaultRoom && ids.insert(id).second);
    require(static_cast<std::uint32_t>(id) <= view.keeping().last_room);
    require(!table.name(room).empty() && view.room_slot(room).is_kept != 0);
    require(view.room_log(room).tail() == first_offset(id));
  }
  require(ids.size() == count);
}

void restore(const nlohmann::json& document) {
  const StandaloneRegion region{kWithRooms};
  const auto restored = handover::restore_registry(document, region.state_, WallTime{});
  require_rooms(region.state_, restored.rooms);
  require_possible_rules(region.state_, restored.rules);
  const StandaloneRegion other{kWithRooms};
  const auto same = handover::read_snapshot(handover::write_snapshot(region.state_, region.keys_),
                                            other.state_, other.keys_, WallTime{});
  require(same.has_value() && same->rooms == restored.rooms && same->rules == restored.rules);
  require(same->rows.restored == restored.rows.restored && same->rows.left_out == 0);
}

std::string_view list_of(std::string_view line) {
  if (line.contains("\"order\"")) return "name_keys";
  if (line.contains("\"seen\"")) return "names";
  return line.starts_with("{\"id\":") && line.contains("kind") ? "rules" : "rooms";
}

void fuzz_registry(std::string_view text) {
  const auto document = handover::parse_registry(text);
  if (document) {
    restore(*document);
  } else {
    require(!document.error().message().empty());
  }
  handover::RegistryRows rows;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    rows.add(list_of(line), line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  restore(rows.document());
}

}  // namespace
}  // namespace chatd::test

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::set_log_level(chatd::LogLevel::error);
  chatd::test::fuzz_registry({reinterpret_cast<const char*>(data), size});
  return 0;
}
