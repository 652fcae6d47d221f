// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <span>

#include "common/base/standard_descriptors.hpp"
#include "ctl/command_line.hpp"
#include "ctl/run.hpp"

int main(int argc, char** argv) {
  chatd::open_standard_descriptors();
  const std::span arguments{argv, static_cast<std::size_t>(argc)};
  return static_cast<int>(chatd::ctl::run(chatd::ctl::parse_command_line(arguments)));
}
