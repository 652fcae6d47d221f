// SPDX-License-Identifier: GPL-3.0-or-later
// command_line.hpp — chatctl's arguments as plain values.
//
// Runs in: chatctl.
// Errors:  the first problem as a sentence, beside the options that could be read: --json, which
//          decides how the problem is reported, is one of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace chatd::ctl {

enum class ColorMode : std::uint8_t { automatic, always, never };

struct Options {
  std::string socket;  // "" = the default one
  std::optional<std::string> room;
  std::chrono::milliseconds timeout{10'000};
  bool json{false};
  std::optional<std::chrono::milliseconds> watch;
  bool legend{true};
  ColorMode color{ColorMode::automatic};
  bool help{false};
  bool version{false};
  // The values of the options of verbs that are given; "yes" for an option without a value.
  std::map<std::string, std::string, std::less<>> of_verb;
  std::vector<std::string> words;  // the verb and its arguments
};

struct CommandLine {
  Options options;
  std::string problem;  // "" = none
};

// Options may stand before, behind and between the words; behind "--" there are only words.
[[nodiscard]] CommandLine parse_command_line(std::span<char*> argv);

}  // namespace chatd::ctl
