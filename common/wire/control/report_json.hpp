// SPDX-License-Identifier: GPL-3.0-or-later
// report_json.hpp — a report as one JSON object, written and read by its list of fields
// (common/base/fields.hpp), which is in the order of the JSON.
//
// Runs in:   gateway (writes) and chatctl (reads).
// Invariant: a missing member keeps its default, an unknown one is ignored: a side may be newer.
// Errors:    Result, when the text is no JSON object or a member has another type.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/fields.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace chatd::wire {

using Counters = std::vector<std::pair<std::string, std::uint64_t>>;  // in JSON one object

class ReportWriter {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    begin_member(name);
    add(value);
  }
  [[nodiscard]] std::string take() && { return std::move(text_ += '}'); }

 private:
  void begin_member(std::string_view name);
  void add(const std::string& text);
  void add(bool value) { text_ += value ? "true" : "false"; }
  void add(std::integral auto number) { text_ += std::to_string(number); }
  void add(std::chrono::seconds duration) { add(duration.count()); }
  void add(WallTime time);
  void add(const std::optional<std::string>& text);  // nullopt: null
  void add(const std::optional<std::uint64_t>& number);
  void add(std::optional<bool> value);
  void add(const Counters& counters);
  template <class Row>
  void add(const std::vector<Row>& rows) {
    text_ += '[';
    for (const Row& row : rows) {
      if (&row != rows.data()) text_ += ',';
      add(row);
    }
    text_ += ']';
  }
  template <class Row>
  requires std::is_class_v<Row>
  void add(const Row& row) {
    static_assert(kListsAllMembers<Row>);
    ReportWriter writer;
    Row::fields(writer, row);
    text_ += std::move(writer).take();
  }

  std::string text_{'{'};
};

class ReportReader {
 public:
  using Json = nlohmann::ordered_json;
  explicit ReportReader(const Json& object) : object_{&object} {}

  template <class T>
  void operator()(const char* name, T& to) {
    const Json* const member = find(name);
    const bool good = member == nullptr || read(*member, to);
    if (!good && problem_.empty()) problem_ = name;
  }
  // The first member of another type; "" if there is none.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  [[nodiscard]] const Json* find(const char* name) const;
  [[nodiscard]] static bool is_object(const Json& json);
  [[nodiscard]] static std::optional<std::size_t> items_of(const Json& json);  // of an array
  [[nodiscard]] static const Json& item(const Json& array, std::size_t i);
  static bool read(const Json& json, std::string& to);
  static bool read(const Json& json, bool& to);
  static bool read(const Json& json, std::uint64_t& to);
  static bool read(const Json& json, std::optional<std::uint64_t>& to);
  static bool read(const Json& json, std::optional<bool>& to);
  static bool read(const Json& json, std::chrono::seconds& to);
  static bool read(const Json& json, WallTime& to);
  static bool read(const Json& json, Counters& to);
  static bool read(const Json& json, std::integral auto& to) {
    using Number = std::remove_cvref_t<decltype(to)>;
    std::uint64_t number = 0;
    if (!read(json, number) || !std::in_range<Number>(number)) return false;
    to = static_cast<Number>(number);
    return true;
  }
  template <class Row>
  static bool read(const Json& json, std::vector<Row>& to) {
    const auto items = items_of(json);
    to.resize(items.value_or(0));
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!read(item(json, i), to[i])) return false;
    }
    return items.has_value();
  }
  template <class Row>
  requires std::is_class_v<Row>
  static bool read(const Json& json, Row& to) {
    if (!is_object(json)) return false;
    ReportReader reader{json};
    Row::fields(reader, to);
    return reader.problem().empty();
  }

  const Json* object_;
  std::string problem_;
};

// Parses the text and calls `read` with it.
[[nodiscard]] Result<> read_report(std::string_view json,
                                   const std::function<void(ReportReader&)>& read);

template <class Report>
[[nodiscard]] Result<Report> parse_report(std::string_view json) {
  Report report;
  auto done = read_report(json, [&](ReportReader& reader) { Report::fields(reader, report); });
  if (!done) return fail(std::move(done).error());
  return report;
}

// One JSON object on one line. Bytes that are not UTF-8 become U+FFFD.
template <class Report>
[[nodiscard]] std::string to_json(const Report& report) {
  static_assert(kListsAllMembers<Report>);
  ReportWriter writer;
  Report::fields(writer, report);
  return std::move(writer).take();
}

}  // namespace chatd::wire
