// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control_reports.hpp"

#include <concepts>
#include <optional>
#include <type_traits>

#include "common/wire/control_json.hpp"
#include "common/wire/rfc3339.hpp"

namespace chatd::wire {

namespace {

// Each report is described once, for writing and for reading: visit("name", member).
// `Report` is the type itself, const when it is written.
template <class Report, class T>
concept Is = std::same_as<std::remove_const_t<Report>, T>;

template <class Visitor, Is<StatusReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("version", report.version);
  visit("pid", report.pid);
  visit("started", report.started);
  visit("uptime_seconds", report.uptime);
  visit("sessions", report.sessions);
  visit("sessions_limit", report.sessions_limit);
  visit("sessions_peak", report.sessions_peak);
  visit("messages", report.messages);
  visit("workers_ready", report.workers_ready);
  visit("workers_configured", report.workers_configured);
  visit("listen", report.listen);
  visit("config_file", report.config_file);
  visit("language", report.language);
  visit("counters", report.counters);
  visit.added_later("warnings", report.warnings);
}

template <class Visitor, Is<UserRow> Report>
void describe(Visitor& visit, Report& report) {
  visit("name", report.name);
  visit("address", report.address);
  visit("protocol", report.protocol);
  visit("joined", report.joined);
  visit("idle_seconds", report.idle);
  visit("messages", report.messages);
}

template <class Visitor, Is<ProcessRow> Report>
void describe(Visitor& visit, Report& report) {
  visit("role", report.role);
  visit("index", report.index);
  visit("pid", report.pid);
  visit("state", report.state);
  visit("restarts", report.restarts);
  visit("since", report.since);
  visit("members", report.members);
  visit("datagrams", report.datagrams);
}

template <class Visitor, Is<ReloadReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("changed", report.changed);
  visit("needs_restart", report.needs_restart);
  visit.added_later("warnings", report.warnings);
}

template <class Visitor, Is<KickReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("name", report.name);
  visit("address", report.address);
}

template <class Visitor, Is<AnnounceReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("members", report.members);
}

template <class Visitor, Is<StopReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("pid", report.pid);
}

template <class Visitor, Is<UpgradeReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("from", report.from);
  visit("to", report.to);
  visit("pid", report.pid);
  visit("sessions", report.sessions);
}

template <class Visitor, Is<VersionReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("version", report.version);
}

template <class Visitor, Is<FingerprintReport> Report>
void describe(Visitor& visit, Report& report) {
  visit("fingerprint", report.fingerprint);
}

template <class Visitor, Is<VersionPair> Report>
void describe(Visitor& visit, Report& report) {
  visit("client", report.client);
  visit("daemon", report.daemon);
}

// The two lists are wrapped, so that every result is an object and can grow members.
struct UserList {
  std::vector<UserRow> users;
};
struct ProcessList {
  std::vector<ProcessRow> processes;
};

template <class Visitor, Is<UserList> Report>
void describe(Visitor& visit, Report& report) {
  visit("users", report.users);
}

template <class Visitor, Is<ProcessList> Report>
void describe(Visitor& visit, Report& report) {
  visit("processes", report.processes);
}

using Counters = std::vector<std::pair<std::string, std::uint64_t>>;

struct Writer {
  OrderedJson object = OrderedJson::object();

  template <class T>
  void operator()(const char* name, const T& value) {
    object[name] = written(value);
  }
  template <class T>
  void added_later(const char* name, const T& value) {
    (*this)(name, value);
  }

  static OrderedJson written(const std::string& text) { return text; }
  static OrderedJson written(const std::integral auto& number) { return number; }
  static OrderedJson written(std::chrono::seconds duration) { return duration.count(); }
  static OrderedJson written(WallTime time) { return to_rfc3339(time); }
  static OrderedJson written(const std::optional<std::string>& text) {
    return text ? OrderedJson(*text) : OrderedJson();  // null
  }
  static OrderedJson written(const Counters& counters) {
    OrderedJson json = OrderedJson::object();
    for (const auto& [name, value] : counters) json[name] = value;
    return json;
  }
  template <class Row>
  static OrderedJson written(const std::vector<Row>& rows) {
    OrderedJson json = OrderedJson::array();
    for (const Row& row : rows) json.push_back(written(row));
    return json;
  }
  template <class Report>
  static OrderedJson written(const Report& report) {
    Writer writer;
    describe(writer, report);
    return std::move(writer.object);
  }
};

class Reader {
 public:
  explicit Reader(const OrderedJson& object) : object_{&object} {}

  template <class T>
  void operator()(const char* name, T& to) {
    const auto member = object_->find(name);
    const bool good = member != object_->end() && read(*member, to);
    if (!good && problem_.empty()) problem_ = name;
  }
  // An older daemon does not send it.
  template <class T>
  void added_later(const char* name, T& to) {
    if (object_->contains(name)) (*this)(name, to);
  }
  // The first member that is missing or of another type; "" if there is none.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static bool read(const OrderedJson& json, std::string& to) {
    const auto* const text = json.get_ptr<const std::string*>();
    if (text != nullptr) to = *text;
    return text != nullptr;
  }
  static bool read(const OrderedJson& json, std::integral auto& to) {
    using Number = std::remove_cvref_t<decltype(to)>;
    const auto* const number = json.get_ptr<const std::uint64_t*>();
    if (number == nullptr || !std::in_range<Number>(*number)) return false;
    to = static_cast<Number>(*number);
    return true;
  }
  static bool read(const OrderedJson& json, std::chrono::seconds& to) {
    std::uint32_t seconds = 0;  // 136 years, with which no clock type overflows
    if (!read(json, seconds)) return false;
    to = std::chrono::seconds{seconds};
    return true;
  }
  static bool read(const OrderedJson& json, WallTime& to) {
    const auto* const text = json.get_ptr<const std::string*>();
    const auto time = text == nullptr ? std::nullopt : parse_rfc3339(*text);
    if (time) to = *time;
    return time.has_value();
  }
  static bool read(const OrderedJson& json, Counters& to) {
    if (!json.is_object()) return false;
    for (const auto& [name, value] : json.items()) {
      if (!read(value, to.emplace_back(name, 0).second)) return false;
    }
    return true;
  }
  template <class Row>
  static bool read(const OrderedJson& json, std::vector<Row>& to) {
    if (!json.is_array()) return false;
    to.resize(json.size());
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!read(json[i], to[i])) return false;
    }
    return true;
  }
  template <class Report>
  static bool read(const OrderedJson& json, Report& to) {
    if (!json.is_object()) return false;
    Reader reader{json};
    describe(reader, to);
    return reader.problem().empty();
  }

  const OrderedJson* object_;
  std::string problem_;
};

template <class Report>
Result<Report> parse(std::string_view json) {
  const auto object = parse_object<OrderedJson>(json);
  if (!object) return fail("the answer is no JSON object");
  Reader reader{*object};
  Report report;
  describe(reader, report);
  if (reader.problem().empty()) return report;
  return fail("the answer's \"" + reader.problem() + "\" is missing or wrong");
}

template <class Report>
std::string written(const Report& report) {
  return dump(Writer::written(report));
}

}  // namespace

std::string to_json(const StatusReport& report) { return written(report); }
std::string to_json(const std::vector<UserRow>& users) { return written(UserList{users}); }
std::string to_json(const std::vector<ProcessRow>& processes) {
  return written(ProcessList{processes});
}
std::string to_json(const ReloadReport& report) { return written(report); }
std::string to_json(const KickReport& report) { return written(report); }
std::string to_json(const AnnounceReport& report) { return written(report); }
std::string to_json(const StopReport& report) { return written(report); }
std::string to_json(const UpgradeReport& report) { return written(report); }
std::string to_json(const VersionReport& report) { return written(report); }
std::string to_json(const FingerprintReport& report) { return written(report); }
std::string to_json(const VersionPair& versions) { return written(versions); }

Result<StatusReport> parse_status(std::string_view json) { return parse<StatusReport>(json); }
Result<std::vector<UserRow>> parse_users(std::string_view json) {
  auto list = parse<UserList>(json);
  if (!list) return fail(std::move(list).error());
  return std::move(list->users);
}
Result<std::vector<ProcessRow>> parse_processes(std::string_view json) {
  auto list = parse<ProcessList>(json);
  if (!list) return fail(std::move(list).error());
  return std::move(list->processes);
}
Result<ReloadReport> parse_reload(std::string_view json) { return parse<ReloadReport>(json); }
Result<KickReport> parse_kick(std::string_view json) { return parse<KickReport>(json); }
Result<AnnounceReport> parse_announce(std::string_view json) { return parse<AnnounceReport>(json); }
Result<StopReport> parse_stop(std::string_view json) { return parse<StopReport>(json); }
Result<VersionReport> parse_version(std::string_view json) { return parse<VersionReport>(json); }
Result<FingerprintReport> parse_fingerprint(std::string_view json) {
  return parse<FingerprintReport>(json);
}

}  // namespace chatd::wire
