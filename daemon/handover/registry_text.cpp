// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/registry_text.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

#include "daemon/handover/kept_writer.hpp"
#include "daemon/handover/snapshot_room_fields.hpp"
#include "daemon/handover/snapshot_rule_fields.hpp"
#include "daemon/handover/snapshot_rules.hpp"

namespace chatd::handover {

using nlohmann::json;

namespace {

std::string hex_of(const json::binary_t& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint8_t byte : bytes) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

void write_bytes_as_hex(json& value) {
  if (value.is_binary()) {
    value = hex_of(value.get_binary());
  } else if (value.is_structured()) {
    for (json& inner : value) write_bytes_as_hex(inner);
  }
}

}  // namespace

// Texts of members are UTF-8, and have been checked; a damaged one does not stop the others.
std::string as_text(json value) {
  write_bytes_as_hex(value);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_of(const state::RuleSlot& rule) {
  json written;
  write_kept(written, rule);
  return as_text(std::move(written));
}

std::string text_of(const state::RoomSlot& room, const state::RoomProperties& properties) {
  json written;
  write_kept(written, room);
  written["name"] = name_of(room);
  written["properties"] = properties_of(properties);
  return as_text(std::move(written));
}

std::string text_of(const state::RoomProperties& properties) {
  return as_text(properties_of(properties));
}

}  // namespace chatd::handover
