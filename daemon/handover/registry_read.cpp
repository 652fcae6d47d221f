// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/registry_read.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "daemon/handover/snapshot_rooms.hpp"
#include "daemon/handover/snapshot_rules.hpp"

namespace chatd::handover {

using nlohmann::json;

namespace {

bool is_list(std::string_view name) {
  return std::ranges::find(kRegistryLists, name) != kRegistryLists.end() ||
         std::ranges::find(state::KeptTables::kNames, name) != state::KeptTables::kNames.end();
}

// Of a file without one: the archive learns that the rows in memory are those of the file.
constexpr std::uint64_t kSomeMemory = 1;

}  // namespace

Result<json> parse_registry(std::string_view text) {
  json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return fail("it is no document of chatd, or cut off");
  const auto version = document.find("version");
  if (version == document.end() || !version->is_number_unsigned()) {
    return fail("it is no document of chatd");
  }
  if (*version > kRegistryVersion) {
    return fail(fmt::format("it has version {}, and this program knows {}",
                            version->get<std::uint64_t>(), kRegistryVersion));
  }
  return Result<json>{std::in_place, std::move(document)};
}

void RegistryRows::add(std::string_view list, std::string_view value) {
  json row = json::parse(value, nullptr, false);
  if (row.is_discarded()) {
    ++damaged_;
  } else if (list == "properties") {
    document_["properties"] = std::move(row);
  } else if (is_list(list)) {
    document_[std::string{list}].push_back(std::move(row));
  }
}

void RegistryRows::set(std::string_view name, std::uint64_t value) {
  if (std::ranges::find(kRegistryNumbers, name) == kRegistryNumbers.end()) return;
  document_[std::string{name}] = value;
}

RestoredRegistry restore_registry(const json& document, const state::StateView& state,
                                  WallTime now) {
  RoomsReader rooms{document, state, now};
  const std::size_t damaged = rooms.read_kept_rooms();
  const RestoredRules rules = read_rules(document, state, rooms);
  const RestoredRows rows = read_kept_tables(document, state);
  const auto memory = document.find("memory");
  const bool has_memory = memory != document.end() && memory->is_number_unsigned();
  state.registry_head().loaded_from = has_memory ? memory->get<std::uint64_t>() : kSomeMemory;
  return {.rooms = rooms.restored(),
          .rooms_left_out = rooms.left_out(),
          .rules = rules.restored,
          .rules_left_out = rules.left_out,
          .rooms_damaged = damaged,
          .rows = rows};
}

}  // namespace chatd::handover
