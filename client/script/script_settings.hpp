// SPDX-License-Identifier: GPL-3.0-or-later
// script_settings.hpp — the settings of a Script, from the command line and config.toml.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/settings/options.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

struct ScriptSettings {
  Options::Mode mode{Options::Mode::talk};
  std::string name;
  std::string host;
  std::string text{};  // of send
  // Of send, users and history: at most one. Of listen: those whose lines are printed. If it has
  // none and all_rooms is false: the default room.
  std::vector<std::string> rooms{};
  bool all_rooms{false};
  bool json{false};
  bool saved{false};                     // of send: waits until the message is on the server's disk
  bool quiet{false};                     // of listen and talk: joins and leaves are left out
  std::optional<std::uint64_t> count{};  // of listen: ends after so many messages
  std::optional<WallTime> since{};       // of listen: earlier lines of the replay are left out
  HistoryChoice history{};
  OwnChoice own{};
  std::string device{};  // of own: the label of this device
  std::optional<std::string> password{};
  std::optional<std::string> code{};  // of an invitation
  wire::Language language{wire::Language::en};
};

}  // namespace chatd::client
