// SPDX-License-Identifier: GPL-3.0-or-later
// control_json.hpp — parses and writes JSON by nlohmann-json; for the .cpp files beside it.
//
// Runs in:   chatctl and gateway.
// Invariant: parsed JSON is valid UTF-8 and no deeper than kMaxControlDepth. Nothing
//            here throws.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/wire/control/control_message.hpp"

namespace chatd::wire {

// Keeps members in the order in which they were added: "schema" comes first.
using OrderedJson = nlohmann::ordered_json;

// The parser itself has no limit of depth, and what it builds is walked recursively.
[[nodiscard]] inline bool is_deeper_than(std::string_view text, std::size_t limit) noexcept {
  std::size_t depth = 0;
  bool in_string = false;
  bool escaped = false;
  for (const char c : text) {
    if (in_string) {
      in_string = escaped || c != '"';
      escaped = !escaped && c == '\\';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limit) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

// Lines of a caller are parsed to nlohmann::json: an OrderedJson looks for a member by
// walking, which makes many members cost their square.
template <class Json>
[[nodiscard]] std::optional<Json> parse_object(std::string_view text) {
  if (is_deeper_than(text, kMaxControlDepth)) return std::nullopt;
  Json parsed = Json::parse(text, nullptr, false);  // false: no exceptions
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

// On one line. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] inline std::string dump(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace chatd::wire
