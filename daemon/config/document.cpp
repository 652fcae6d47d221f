// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/document.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/nesting.hpp"

// Compiled into this file alone, without exceptions and without what writes TOML. toml++
// 3.3 asserts in places that a broken file can reach ("[." is enough), and with NDEBUG even
// promises the compiler that they are never reached. Without both, it gets to its own
// error message there.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace chatd::config {
namespace {

// Longer keys and strings are cut where they are shown: a message is one line.
constexpr std::size_t kMostShown{60};
constexpr std::size_t kMostReason{300};

std::string shortened(std::string_view text, std::size_t most = kMostShown) {
  if (text.size() <= most) return std::string{text};
  std::size_t end = most;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues(end)) --end;  // never half a character
  return std::string{text.substr(0, end)} + "...";
}

// Control characters of ASCII and of Latin-1 (in UTF-8), which terminals obey, as TOML
// writes them.
std::string without_controls(std::string_view text) {
  constexpr unsigned char kLatin{0xC2};  // U+0080 to U+00BF start with it
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    if (byte < 0x20U || byte == 0x7FU) {
      result += fmt::format("\\u{:04X}", byte);
    } else if (byte == kLatin && next >= 0x80U && next < 0xA0U) {
      result += fmt::format("\\u{:04X}", next);
      ++i;
    } else {
      result += text[i];
    }
  }
  return result;
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
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tie(entry.value.line, entry.table, entry.name);
  });
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
    const std::string why = shortened(error.description(), kMostReason);
    return std::unexpected{SyntaxError{error.source().begin.line, without_controls(why)}};
  }
  return entries_of(result.table());
}

std::string quote(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return '"' + without_controls(escaped) + '"';
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
