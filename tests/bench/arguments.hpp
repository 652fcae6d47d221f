// SPDX-License-Identifier: GPL-3.0-or-later
// arguments.hpp — the numbers that a benchmark is called with: --NAME=NUMBER.
//
// Runs in: benchmarks.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

[[noreturn]] inline void give_up(std::string_view program, std::string_view why) {
  std::cerr << program << ": " << why << '\n';
  std::exit(EXIT_FAILURE);
}

struct Argument {
  std::string_view name;
  int* value;
};

// Ends the program, with its usage, at the first word that is none of them.
inline void read_arguments(std::string_view program, int argc, char** argv,
                           std::initializer_list<Argument> arguments) {
  std::string usage = "usage: " + std::string{program};
  for (const Argument& argument : arguments) usage += " [" + std::string{argument.name} + "=N]";
  for (const std::string_view word : std::vector<std::string_view>(argv + 1, argv + argc)) {
    const auto equals = std::min(word.find('='), word.size());
    const auto* const known = std::ranges::find(arguments, word.substr(0, equals), &Argument::name);
    const std::string_view number = word.substr(std::min(equals + 1, word.size()));
    if (known == arguments.end() ||
        std::from_chars(number.data(), number.data() + number.size(), *known->value).ec !=
            std::errc{} ||
        *known->value < 0) {
      give_up(program, usage);
    }
  }
}

}  // namespace chatd::bench
