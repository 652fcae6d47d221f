// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/servers.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "client/settings/paths.hpp"
#include "client/terminal/outlet.hpp"
#include "client/words/file_words.hpp"
#include "client/words/start_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

namespace {

struct ServerRow {
  std::string server;
  std::string fingerprint;
};

// The servers of the file, then those that only have an alias, each once.
std::vector<ServerRow> rows_of(const std::vector<KnownServers::Known>& known,
                               const UserConfig& config) {
  std::vector<ServerRow> rows;
  const auto add = [&rows](std::string server, std::string fingerprint) {
    if (std::ranges::find(rows, server, &ServerRow::server) != rows.end()) return;
    rows.push_back({std::move(server), std::move(fingerprint)});
  };
  for (const auto& [server, entry] : known) {
    add(safe_text(server), entry.key ? crypto::fingerprint(*entry.key) : "?");
  }
  for (const UserConfig::Server& server : config.servers) add(to_text(server.address), "-");
  return rows;
}

// "lab, hall (default)"
std::string names_of(const std::string& server, const UserConfig& config, wire::Language language) {
  std::string names;
  for (const UserConfig::Server& one : config.servers) {
    if (to_text(one.address) == server) names += (names.empty() ? "" : ", ") + one.alias;
  }
  if (config.server.empty()) return names;
  const auto standard = find_destination(config, config.server, language);
  if (!standard || to_text(standard->target) != server) return names;
  names += (names.empty() ? "" : " ");
  return names.append(words(language, StartWords::default_server));
}

// True if the word alone is not read as this host, but as an alias or a command.
bool is_other_word(const std::string& host, const UserConfig& config) {
  return is_command_word(host) ||
         std::ranges::find(config.servers, host, &UserConfig::Server::alias) !=
             config.servers.end();
}

int print(const std::string& text, wire::Language language) {
  std::cout << text << std::flush;
  if (std::cout) return exit_status_of(Outcome::done);
  complain(words(language, Words::stdout_unwritable));
  return exit_status_of(Outcome::failed);
}

int refuse(std::string_view why) {
  complain(why);
  return exit_status_of(Outcome::failed);
}

int forget(const KnownServers& servers, const std::string& server, wire::Language language) {
  const auto removed = servers.remove(server);
  if (!removed) return refuse(file_error(language, removed.error()));
  if (!*removed) return refuse(words(language, StartWords::not_known, server, servers.file()));
  return print(words(language, StartWords::forgotten, server, servers.file()) + '\n', language);
}

}  // namespace

std::string servers_text(const std::vector<KnownServers::Known>& known, const UserConfig& config,
                         wire::Language language) {
  const std::vector<ServerRow> rows = rows_of(known, config);
  std::size_t server_width = 0;
  std::size_t key_width = 0;
  for (const ServerRow& row : rows) {
    server_width = std::max(server_width, row.server.size());
    key_width = std::max(key_width, row.fingerprint.size());
  }
  std::string text;
  for (const ServerRow& row : rows) {
    std::string line = fmt::format("{:{}}  {:{}}  {}", row.server, server_width, row.fingerprint,
                                   key_width, names_of(row.server, config, language));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string names_text(const std::vector<KnownServers::Known>& known, const UserConfig& config) {
  std::string text;
  for (const UserConfig::Server& server : config.servers) text += server.alias + '\n';
  for (const ServerRow& row : rows_of(known, {})) {
    const auto target = parse_target(row.server);
    if (!target) continue;
    const bool needs_port = target->port != kDefaultPort || is_other_word(target->host, config);
    text += (needs_port ? row.server : target->host) + '\n';
  }
  return text;
}

int run_servers(const Options& options, wire::Language language) {
  const std::string file = config_file("known_servers");
  if (file.empty()) return refuse(words(language, Words::no_folder));
  const KnownServers servers{file, language};
  if (options.forgets) return forget(servers, to_text(options.target), language);
  const auto known = servers.all();
  if (!known) return refuse(file_error(language, known.error()));
  if (options.names_only) return print(names_text(*known, options.config), language);
  const std::string text = servers_text(*known, options.config, language);
  if (text.empty()) complain(words(language, StartWords::no_known_servers));
  return print(text, language);
}

}  // namespace chatd::client
