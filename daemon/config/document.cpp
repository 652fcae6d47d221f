// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/document.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/nesting.hpp"

// Compiled into this file alone, without exceptions and without what writes TOML.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace chatd::config {
namespace {

// Longer keys and strings are cut where they are shown: a message is one line.
constexpr std::size_t kMostShown{60};

std::string shortened(std::string_view text) {
  if (text.size() <= kMostShown) return std::string{text};
  std::size_t end = kMostShown;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) --end;  // never half a character
  return std::string{text.substr(0, end)} + "...";
}

// A key with a dot or a space in it is shown in its quotes, and so can never be taken for
// a setting of that name.
std::string key_text(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? shortened(key) : quote(shortened(key));
}

// One level is enough: no setting takes a list of lists.
Value to_value(const toml::node& node, bool inside_list = false) {
  const std::uint32_t line = node.source().begin.line;
  const auto other = [&](std::string_view words) { return Value{Value::Other{words}, line}; };
  if (const auto* flag = node.as_boolean()) return {flag->get(), line};
  if (const auto* integer = node.as_integer()) return {integer->get(), line};
  if (const auto* number = node.as_floating_point()) return {number->get(), line};
  if (const auto* string = node.as_string()) return {string->get(), line};
  if (node.is_table()) return other("a table");
  const auto* array = node.as_array();
  if (array == nullptr) return other("a date or time");
  if (node.is_array_of_tables()) return other("a list of tables");
  if (inside_list) return other("a list");
  Value::List list;
  for (const toml::node& element : *array) list.push_back(to_value(element, true));
  return {std::move(list), line};
}

std::vector<Entry> entries_of(const toml::table& root) {
  std::vector<Entry> entries;
  for (const auto& [key, node] : root) {
    const std::string name = key_text(key.str());
    const auto* table = node.as_table();
    if (table == nullptr) {
      entries.push_back({{}, name, to_value(node)});
      continue;
    }
    if (table->empty()) entries.push_back({name, {}, to_value(node)});
    for (const auto& [inner_key, inner] : *table) {
      entries.push_back({name, key_text(inner_key.str()), to_value(inner)});
    }
  }
  std::ranges::stable_sort(entries, {}, [](const Entry& entry) { return entry.value.line; });
  return entries;
}

}  // namespace

std::string Entry::key() const {
  if (table.empty()) return name;
  return name.empty() ? table : table + "." + name;
}

std::expected<std::vector<Entry>, SyntaxError> read_document(std::string_view toml) {
  if (const auto line = line_nested_too_deeply(toml)) {
    return std::unexpected{SyntaxError{*line, "too many dots outside of strings"}};
  }
  const toml::parse_result result = toml::parse(toml);
  if (!result) {
    const toml::parse_error& error = result.error();
    return std::unexpected{
        SyntaxError{error.source().begin.line, std::string{error.description()}}};
  }
  return entries_of(result.table());
}

std::string quote(std::string_view text) {
  std::string result{'"'};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20U || byte == 0x7FU) {
      result += fmt::format("\\u{:04X}", byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string describe(const Value& value) {
  struct Describer {
    std::string operator()(bool flag) const { return fmt::format("a boolean ({})", flag); }
    std::string operator()(std::int64_t number) const {
      return fmt::format("an integer ({})", number);
    }
    std::string operator()(double number) const { return fmt::format("a number ({})", number); }
    std::string operator()(const std::string& text) const {
      return fmt::format("a string ({})", quote(shortened(text)));
    }
    std::string operator()(const Value::List&) const { return "a list"; }
    std::string operator()(const Value::Other& other) const { return std::string{other.words}; }
  };
  return std::visit(Describer{}, value.content);
}

}  // namespace chatd::config
