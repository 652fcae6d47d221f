// SPDX-License-Identifier: GPL-3.0-or-later
// file_choices.hpp — the values that the command line does not give, from config.toml.
//
// Runs in: uchat, before it forks. Private to options.cpp.
#pragma once

#include "client/settings/command_line.hpp"
#include "client/settings/options.hpp"
#include "client/settings/user_config.hpp"

namespace chatd::client {

// Takes them from the table of the server, or else from the top of the file. null: the server has
// no table.
void take_choices(Options& options, const Raw& raw, const UserConfig& config,
                  const UserConfig::Server* server);

}  // namespace chatd::client
