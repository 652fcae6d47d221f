// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/config.hpp"

#include <array>
#include <utility>

#include "daemon/config/rules.hpp"
#include "daemon/config/settings.hpp"

namespace chatd::config {

std::vector<Endpoint> default_web_listen() {
  return {parse_endpoint("127.0.0.1:8880").value(), parse_endpoint("[::1]:8880").value()};
}

std::vector<Endpoint> default_listen() {
  return {parse_endpoint("127.0.0.1:8888").value(), parse_endpoint("[::1]:8888").value()};
}

std::vector<chatd::Network> default_text_networks() {
  constexpr std::array<std::string_view, 2> kLoopback{"127.0.0.0/8", "::1/128"};
  std::vector<chatd::Network> networks;
  for (const std::string_view text : kLoopback) networks.push_back(parse_network(text).value());
  for (const chatd::Network& network : local_networks()) networks.push_back(network);
  return networks;
}

std::string to_text(const Problem& problem) {
  std::string text = problem.where + ": ";
  if (!problem.key.empty()) text += problem.key + ": ";
  return text + problem.why;
}

std::vector<Problem> warnings(const Config& config, std::string_view source) {
  std::vector<Problem> found;
  for (const Rule& rule : advice()) {
    if (auto why = rule.broken(config)) {
      found.push_back({std::string{source}, std::string{rule.key}, std::move(*why)});
    }
  }
  return found;
}

std::string print(const Config& config) {
  std::string text;
  std::string_view table;
  for (const Setting& setting : settings()) {
    if (setting.table() != table) {
      if (!table.empty()) text += '\n';
      table = setting.table();
      text += "[" + std::string{table} + "]\n";
    }
    text += std::string{setting.name()} + " = " + setting.kind->print(config) + '\n';
  }
  return text;
}

Config take_reloadable(const Config& running, const Config& fresh) {
  Config config = fresh;
  for (const Setting& setting : settings()) {
    if (setting.applied == Applied::by_restart) setting.kind->copy(running, config);
  }
  return config;
}

std::vector<std::string> changed_keys(const Config& before, const Config& after) {
  std::vector<std::string> keys;
  for (const Setting& setting : settings()) {
    if (setting.kind->print(before) != setting.kind->print(after)) keys.emplace_back(setting.key);
  }
  return keys;
}

bool needs_restart(std::string_view key) {
  const Setting* setting = find_setting(key);
  return setting != nullptr && setting->applied == Applied::by_restart;
}

}  // namespace chatd::config
