// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/file_choices.hpp"

#include <string>
#include <vector>

#include "client/settings/paths.hpp"

namespace chatd::client {

void take_choices(Options& options, const Raw& raw, const UserConfig& config,
                  const UserConfig::Server* server) {
  const UserConfig::Choices none;
  const UserConfig::Choices& own = server == nullptr ? none : server->choices;
  const UserConfig::Choices& all = config.choices;
  std::string& name = options.target.name;
  if (name.empty()) name = own.name.empty() ? all.name : own.name;
  if (name.empty()) name = login_name();
  options.strict = options.strict || config.strict;
  options.save_history = config.save_history;
  options.save_users = config.save_users;
  options.colors = own.colors.value_or(all.colors.value_or(UseOfColors::automatic));
  options.bell = raw.bell.value_or(own.bell.value_or(all.bell.value_or(Bell::mention)));
  options.wants_log = !raw.log.empty();
  options.log = options.wants_log || server == nullptr ? raw.log : server->log;
  options.wants_quiet = raw.quiet;
  options.quiet = raw.quiet || own.quiet.value_or(all.quiet.value_or(false));
  options.notify = raw.notify.value_or(own.notify.value_or(all.notify.value_or(Bell::mention)));
  if (options.mode == Options::Mode::talk) {
    options.rooms = own.rooms.value_or(all.rooms.value_or(std::vector<std::string>{}));
    options.ignore = own.ignore.value_or(all.ignore.value_or(std::vector<std::string>{}));
  }
  if (options.password_file.empty() && server != nullptr) {
    options.password_file = server->password_file;
  }
}

}  // namespace chatd::client
