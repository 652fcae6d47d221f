// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/user_config.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "client/settings/commands.hpp"
#include "client/settings/paths.hpp"
#include "client/words/file_words.hpp"
#include "client/words/outcome.hpp"
#include "client/words/start_words.hpp"
#include "client/words/words.hpp"
#include "common/base/nearest.hpp"
#include "common/toml/document.hpp"
#include "common/toml/text_file.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

using config::Entry;
using config::Value;
using wire::Language;

constexpr std::string_view kServers = "servers";
constexpr std::string_view kServersForm = "[servers.ALIAS]";
// So many mistakes are shown at most: the first ones must stay visible on a terminal.
constexpr std::size_t kMaxFaults = 100;
// The place in the configuration that an entry of the file is for.
struct Scope {
  UserConfig& config;
  UserConfig::Server* server;  // null: the top
  Language language;

  [[nodiscard]] UserConfig::Choices& choices() const {
    return server == nullptr ? config.choices : server->choices;
  }
};

// Why a value is not possible; nullopt: it is, and was read.
using Fault = std::optional<std::string>;

// A key of the file. `read` returns "" as the fault of a value of the wrong type.
struct Key {
  std::string_view name;
  bool is_at_top;
  bool is_of_server;
  std::string_view form;  // how to write it
  Fault (*read)(const Value& value, const Scope& scope);

  [[nodiscard]] bool is_for(const Scope& scope) const {
    return scope.server == nullptr ? is_at_top : is_of_server;
  }
};

const Fault kWrongType{""};

struct NamedColors {
  std::string_view name;
  UseOfColors colors;
};
constexpr std::array kColors{NamedColors{"auto", UseOfColors::automatic},
                             NamedColors{"on", UseOfColors::on},
                             NamedColors{"off", UseOfColors::off}};

// --- the values ---------------------------------------------------------------------------

Fault name_fault(std::string_view name, Language language) {
  const auto checked = wire::check_name(name);
  if (checked) return std::nullopt;
  if (name.empty()) return std::string{words(language, Words::value_empty)};
  return explain(Outcome::name_refused,
                 {.host = {},
                  .name = std::string{name},
                  .detail = why_no_name(language, checked.error(), name)},
                 language);
}

Fault read_server(const Value& value, const Scope& scope) {
  const auto* text = std::get_if<std::string>(&value.content);
  if (text == nullptr) return kWrongType;
  const auto target = parse_target(*text, scope.language);
  if (!target) return target.error().message();
  if (!target->name.empty()) {
    return words(scope.language, StartWords::name_in_address, target->name);
  }
  scope.config.server = *text;
  return std::nullopt;
}

Fault read_flag(const Value& value, auto& flag) {
  const auto* given = std::get_if<bool>(&value.content);
  if (given == nullptr) return kWrongType;
  flag = *given;
  return std::nullopt;
}

Fault read_strict(const Value& value, const Scope& scope) {
  return read_flag(value, scope.config.strict);
}

Fault read_save_history(const Value& value, const Scope& scope) {
  return read_flag(value, scope.config.save_history);
}

Fault read_save_users(const Value& value, const Scope& scope) {
  return read_flag(value, scope.config.save_users);
}

Fault read_colors(const Value& value, const Scope& scope) {
  const auto* text = std::get_if<std::string>(&value.content);
  const auto* const named =
      text == nullptr ? kColors.end() : std::ranges::find(kColors, *text, &NamedColors::name);
  if (named == kColors.end()) return kWrongType;
  scope.choices().colors = named->colors;
  return std::nullopt;
}

Fault read_address(const Value& value, const Scope& scope) {
  const auto* text = std::get_if<std::string>(&value.content);
  if (text == nullptr) return kWrongType;
  auto target = parse_target(*text, scope.language);
  if (!target) return target.error().message();
  if (!target->name.empty()) {
    return words(scope.language, StartWords::name_in_address, target->name);
  }
  scope.server->address = std::move(*target);
  return std::nullopt;
}

Fault read_name(const Value& value, const Scope& scope) {
  const auto* text = std::get_if<std::string>(&value.content);
  if (text == nullptr) return kWrongType;
  scope.choices().name = *text;
  return name_fault(*text, scope.language);
}

Fault read_alert(const Value& value, std::optional<Bell>& choice) {
  const auto* text = std::get_if<std::string>(&value.content);
  const auto found = text == nullptr ? bell_names().end() : bell_names().find(*text);
  if (found == bell_names().end()) return kWrongType;
  choice = found->second;
  return std::nullopt;
}

Fault read_bell(const Value& value, const Scope& scope) {
  return read_alert(value, scope.choices().bell);
}

Fault read_notify(const Value& value, const Scope& scope) {
  return read_alert(value, scope.choices().notify);
}

Fault read_quiet(const Value& value, const Scope& scope) {
  return read_flag(value, scope.choices().quiet);
}

using Names = std::optional<std::vector<std::string>>;

// Each name may have `mark` in front, as it is shown: "#lab", "~ada".
Fault read_names(const Value& value, char mark, Language language, Names& names) {
  const auto* list = std::get_if<Value::List>(&value.content);
  if (list == nullptr) return kWrongType;
  names.emplace();
  for (const Value& element : *list) {
    const auto* text = std::get_if<std::string>(&element.content);
    if (text == nullptr) return kWrongType;
    names->push_back(text->starts_with(mark) ? text->substr(1) : *text);
    if (auto fault = name_fault(names->back(), language)) return fault;
  }
  return std::nullopt;
}

Fault read_rooms(const Value& value, const Scope& scope) {
  return read_names(value, '#', scope.language, scope.choices().rooms);
}

Fault read_ignore(const Value& value, const Scope& scope) {
  return read_names(value, '~', scope.language, scope.choices().ignore);
}

Fault read_path(const Value& value, const Scope& scope, std::string& path) {
  const auto* text = std::get_if<std::string>(&value.content);
  if (text == nullptr) return kWrongType;
  path = with_home(*text);
  if (path.starts_with('/')) return std::nullopt;
  return words(scope.language, StartWords::path_not_absolute, *text);
}

Fault read_password_file(const Value& value, const Scope& scope) {
  return read_path(value, scope, scope.server->password_file);
}

Fault read_log(const Value& value, const Scope& scope) {
  return read_path(value, scope, scope.server->log);
}

constexpr std::array kKeys{
    Key{"server", true, false, R"(server = "HOST")", &read_server},
    Key{"strict", true, false, R"(strict = true)", &read_strict},
    Key{"save_history", true, false, R"(save_history = false)", &read_save_history},
    Key{"save_users", true, false, R"(save_users = false)", &read_save_users},
    Key{"colors", true, true, R"(colors = "auto" | "on" | "off")", &read_colors},
    Key{"address", false, true, R"(address = "HOST:PORT")", &read_address},
    Key{"name", true, true, R"(name = "NAME")", &read_name},
    Key{"rooms", true, true, R"(rooms = ["NAME", "NAME"])", &read_rooms},
    Key{"bell", true, true, R"(bell = "never" | "mention" | "always")", &read_bell},
    Key{"ignore", true, true, R"(ignore = ["NAME", "NAME"])", &read_ignore},
    Key{"quiet", true, true, R"(quiet = true)", &read_quiet},
    Key{"notify", true, true, R"(notify = "never" | "mention" | "always")", &read_notify},
    Key{"password_file", false, true, R"(password_file = "/PATH")", &read_password_file},
    Key{"log", false, true, R"(log = "/PATH")", &read_log},
};

// --- the file -----------------------------------------------------------------------------

// Reads the entries of one file, and gathers its mistakes.
class Reader {
 public:
  Reader(const std::string& file, Language language) : file_{file}, language_{language} {}

  void take(const Entry& entry);
  [[nodiscard]] std::expected<UserConfig, ConfigFaults> result();
  void add_fault(std::uint32_t line, std::string_view key, std::string_view why);

 private:
  void take_value(const Entry& entry, UserConfig::Server* server);
  UserConfig::Server& server_of(const Entry& entry);
  [[nodiscard]] std::string why_unknown(const Entry& entry, const Scope& scope) const;

  const std::string& file_;
  Language language_;
  UserConfig config_;
  std::vector<std::uint32_t> lines_;                    // of the tables of config_.servers
  std::set<std::string> addressed_;                     // aliases that have the key address
  std::multimap<std::uint32_t, std::string> faults_{};  // by line
};

void Reader::add_fault(std::uint32_t line, std::string_view key, std::string_view why) {
  faults_.emplace(line, key.empty() ? fmt::format("{}:{}: {}", file_, line, why)
                                    : fmt::format("{}:{}: {}: {}", file_, line, key, why));
}

std::string Reader::why_unknown(const Entry& entry, const Scope& scope) const {
  const auto place = scope.server == nullptr ? StartWords::key_of_server : StartWords::key_of_top;
  std::vector<std::string_view> names;
  for (const Key& key : kKeys) {
    if (key.is_for(scope)) names.push_back(key.name);
    if (key.name == entry.name && !key.is_for(scope)) return std::string{words(language_, place)};
  }
  if (scope.server == nullptr) names.push_back(kServersForm);
  if (const auto meant = nearest(entry.name, names)) {
    return words(language_, StartWords::key_meant, *meant);
  }
  return words(language_, StartWords::key_unknown, fmt::format("{}", fmt::join(names, ", ")));
}

void Reader::take_value(const Entry& entry, UserConfig::Server* server) {
  const Scope scope{.config = config_, .server = server, .language = language_};
  const auto* const key = std::ranges::find(kKeys, entry.name, &Key::name);
  const bool is_in_place = server != nullptr || entry.table.empty();
  if (key == kKeys.end() || !key->is_for(scope) || !is_in_place) {
    return add_fault(entry.value.line, entry.key(), why_unknown(entry, scope));
  }
  if (server != nullptr && key->name == "address") addressed_.insert(server->alias);
  const Fault fault = key->read(entry.value, scope);
  if (!fault) return;
  add_fault(entry.value.line, entry.key(),
            fault->empty() ? words(language_, StartWords::write_as, key->form) : *fault);
}

UserConfig::Server& Reader::server_of(const Entry& entry) {
  const std::string alias = entry.table.substr(kServers.size() + 1);
  const auto known = std::ranges::find(config_.servers, alias, &UserConfig::Server::alias);
  if (known != config_.servers.end()) return *known;
  lines_.push_back(entry.value.line);
  const bool has_others = alias.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789_-") != std::string::npos;
  if (has_others || alias.starts_with('-')) {
    add_fault(entry.value.line, entry.table, words(language_, StartWords::alias_characters));
  } else if (is_command_word(alias)) {
    add_fault(entry.value.line, entry.table, words(language_, StartWords::alias_is_command));
  }
  config_.servers.push_back({.alias = alias, .address = {}, .password_file = {}, .choices = {}});
  return config_.servers.back();
}

void Reader::take(const Entry& entry) {
  if (entry.table.starts_with(std::string{kServers} + ".")) {
    UserConfig::Server& server = server_of(entry);
    if (!entry.name.empty()) take_value(entry, &server);
  } else if (entry.table == kServers || entry.key() == kServers) {
    if (entry.name.empty()) return;
    add_fault(entry.value.line, entry.key(), words(language_, StartWords::write_as, kServersForm));
  } else {
    take_value(entry, nullptr);
  }
}

// The mistake of a file that all users can write: it names the servers that are contacted.
std::optional<std::string> why_open(const std::string& file, Language language) {
  struct stat status {};
  if (::stat(file.c_str(), &status) < 0 || (status.st_mode & S_IWOTH) == 0) return std::nullopt;
  return words(language, StartWords::file_open, status.st_mode & 07777U);
}

std::expected<UserConfig, ConfigFaults> Reader::result() {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const std::string& alias = config_.servers[i].alias;
    if (addressed_.contains(alias)) continue;
    add_fault(lines_[i], fmt::format("{}.{}", kServers, alias),
              words(language_, StartWords::no_address));
  }
  if (faults_.empty()) return std::move(config_);
  ConfigFaults faults;
  for (auto& [line, fault] : faults_) {
    if (faults.lines.size() == kMaxFaults) {
      const std::string more =
          words(language_, StartWords::more_problems, faults_.size() - kMaxFaults);
      faults.lines.push_back(fmt::format("{}: {}", file_, more));
      break;
    }
    faults.lines.push_back(std::move(fault));
  }
  return std::unexpected{std::move(faults)};
}

}  // namespace

const std::map<std::string, Bell>& bell_names() {
  static const std::map<std::string, Bell> kBells{
      {"never", Bell::never}, {"mention", Bell::mention}, {"always", Bell::always}};
  return kBells;
}

bool is_command_word(std::string_view word) noexcept {
  return word == kHelpCommand ||
         std::ranges::find(kProgramCommands, word, &ProgramCommand::word) != kProgramCommands.end();
}

std::expected<UserConfig, ConfigFaults> parse_user_config(std::string_view toml,
                                                          const std::string& file,
                                                          Language language) {
  Reader reader{file, language};
  const auto entries = config::read_document(toml, 2);
  if (!entries) {
    // The reasons of the parser are in English.
    const std::string why =
        language == Language::zh ? "见 https://toml.io/cn" : entries.error().why;
    reader.add_fault(entries.error().line, {},
                     words(language, words_about_syntax(entries.error().why), why));
  }
  if (entries) {
    for (const Entry& entry : *entries) reader.take(entry);
  }
  return reader.result();
}

std::expected<UserConfig, ConfigFaults> load_user_config(const std::string& file,
                                                         Language language) {
  if (file.empty()) return UserConfig{};
  const auto text = config::read_text_file(file);
  if (text) {
    if (auto why = why_open(file, language)) {
      return std::unexpected{
          ConfigFaults{.lines = {fmt::format("{}: {}", file, *why)}, .is_unreadable = true}};
    }
    return parse_user_config(*text, file, language);
  }
  const int code = text.error().code();
  if (code == ENOENT || code == ENOTDIR) return UserConfig{};
  return std::unexpected{
      ConfigFaults{.lines = {fmt::format("{}: {}", file, file_error(language, text.error()))},
                   .is_unreadable = true}};
}

Result<Destination> find_destination(const UserConfig& config, std::string_view text,
                                     Language language) {
  auto target = parse_target(text, language);
  if (!target) return fail(std::move(target).error());
  const auto server = std::ranges::find(config.servers, text.substr(text.rfind('@') + 1),
                                        &UserConfig::Server::alias);
  if (server == config.servers.end()) return Destination{.target = std::move(*target)};
  Target address = server->address;
  address.name = target->name;
  return Destination{.target = std::move(address), .server = &*server};
}

}  // namespace chatd::client
