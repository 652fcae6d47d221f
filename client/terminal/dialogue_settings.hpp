// SPDX-License-Identifier: GPL-3.0-or-later
// dialogue_settings.hpp — the settings of a Dialogue, from the command line and config.toml, and
// the time that it is given.
//
// Runs in:   uchat's terminal process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/terminal/alerts.hpp"
#include "client/terminal/name_color.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

struct DialogueNow {
  MonoTime mono;
  WallTime wall;
};

struct DialogueSettings {
  std::string name;
  std::string host;  // as it was typed
  std::optional<std::string> password{};
  std::optional<std::string> code{};
  wire::Language language{wire::Language::en};
  Colors colors{Colors::none};
  Alerts::Settings alerts{};
  std::vector<std::string> ignore{};  // names
  bool quiet{false};                  // show no joins and leaves
  bool logs{false};                   // ShownLines::take_log() has lines
  std::string device{};               // the label of this device among the keys of an owned name
};

// The settings that neither Login nor Painter has.
struct KeptSettings {
  std::string host;
  wire::Language language;
  std::string device;
};

}  // namespace chatd::client
