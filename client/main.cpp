// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/find.hpp"
#include "client/run.hpp"
#include "client/settings/options.hpp"
#include "common/base/standard_descriptors.hpp"

int main(int argc, char** argv) {
  chatd::open_standard_descriptors();
  const auto options = chatd::client::parse_options(argc, argv, &chatd::client::choose_on_terminal);
  return options ? chatd::client::run(*options) : options.error();
}
