// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/options.hpp"
#include "client/run.hpp"

int main(int argc, char** argv) {
  const auto options = chatd::client::parse_options(argc, argv);
  return options ? chatd::client::run(*options) : options.error();
}
