// SPDX-License-Identifier: GPL-3.0-or-later
// config_fuzz.cpp — fuzz target for the configuration: any bytes give problems that can be shown,
// or a valid Config that is the same after it is printed and read again.
#include "daemon/config/config.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/require.hpp"

namespace {

// A problem is one printable line, whatever bytes the file has.
void check_problem(const chatd::config::Problem& problem) {
  const std::string text = chatd::config::to_text(problem);
  require(!problem.where.empty() && !problem.why.empty());
  require(text.size() < 1000);
  for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20U && c != 0x7F);
}

void check_config(const chatd::config::Config& config) {
  require(chatd::config::validate(config, "fuzz").empty());
  const std::string printed = chatd::config::print(config);
  const auto again = chatd::config::parse(printed, "fuzz");
  require(again.has_value());
  require(chatd::config::changed_keys(config, *again).empty());
  require(chatd::config::print(*again) == printed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto config = chatd::config::parse(text, "fuzz");
  if (config) {
    check_config(*config);
  } else {
    require(!config.error().empty());
    for (const auto& problem : config.error()) check_problem(problem);
  }
  return 0;
}
