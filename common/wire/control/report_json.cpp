// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/report_json.hpp"

#include "common/wire/control/control_json.hpp"
#include "common/wire/rfc3339.hpp"

namespace chatd::wire {

void ReportWriter::begin_member(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  text_.append(1, '"').append(name).append("\":");
}

void ReportWriter::add(const std::string& text) { text_ += dump(OrderedJson(text)); }

void ReportWriter::add(WallTime time) { add(to_rfc3339(time)); }

void ReportWriter::add(const std::optional<std::string>& text) {
  if (text) return add(*text);
  text_ += "null";
}

void ReportWriter::add(std::optional<bool> value) {
  if (value) return add(*value);
  text_ += "null";
}

void ReportWriter::add(const std::optional<std::uint64_t>& number) {
  if (number) return add(*number);
  text_ += "null";
}

void ReportWriter::add(const Counters& counters) {
  ReportWriter object;
  for (const auto& [name, value] : counters) object(name, value);
  text_ += std::move(object).take();
}

const ReportReader::Json* ReportReader::find(const char* name) const {
  const auto member = object_->find(name);
  return member == object_->end() ? nullptr : &*member;
}

bool ReportReader::is_object(const Json& json) { return json.is_object(); }

std::optional<std::size_t> ReportReader::items_of(const Json& json) {
  if (!json.is_array()) return std::nullopt;
  return json.size();
}

const ReportReader::Json& ReportReader::item(const Json& array, std::size_t i) { return array[i]; }

bool ReportReader::read(const Json& json, std::string& to) {
  const auto* const text = json.get_ptr<const std::string*>();
  if (text != nullptr) to = *text;
  return text != nullptr;
}

bool ReportReader::read(const Json& json, bool& to) {
  const auto* const value = json.get_ptr<const bool*>();
  if (value != nullptr) to = *value;
  return value != nullptr;
}

bool ReportReader::read(const Json& json, std::uint64_t& to) {
  const auto* const number = json.get_ptr<const std::uint64_t*>();
  if (number != nullptr) to = *number;
  return number != nullptr;
}

bool ReportReader::read(const Json& json, std::optional<std::uint64_t>& to) {
  if (json.is_null()) {
    to.reset();
    return true;
  }
  return read(json, to.emplace());
}

bool ReportReader::read(const Json& json, std::optional<bool>& to) {
  if (json.is_null()) {
    to.reset();
    return true;
  }
  return read(json, to.emplace());
}

bool ReportReader::read(const Json& json, std::chrono::seconds& to) {
  std::uint32_t seconds = 0;  // 136 years, with which no clock type overflows
  if (!read(json, seconds)) return false;
  to = std::chrono::seconds{seconds};
  return true;
}

bool ReportReader::read(const Json& json, WallTime& to) {
  const auto* const text = json.get_ptr<const std::string*>();
  const auto time = text == nullptr ? std::nullopt : parse_rfc3339(*text);
  if (time) to = *time;
  return time.has_value();
}

bool ReportReader::read(const Json& json, Counters& to) {
  if (!json.is_object()) return false;
  for (const auto& [name, value] : json.items()) {
    if (!read(value, to.emplace_back(name, 0).second)) return false;
  }
  return true;
}

Result<> read_report(std::string_view json, const std::function<void(ReportReader&)>& read) {
  const auto object = parse_object<OrderedJson>(json);
  if (!object) return fail("the answer is no JSON object");
  ReportReader reader{*object};
  read(reader);
  if (reader.problem().empty()) return {};
  return fail("the answer's \"" + reader.problem() + "\" is wrong");
}

}  // namespace chatd::wire
