// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/idle_faults.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace chatd::test {

std::vector<std::string> find_idle_faults(const std::map<std::string, std::size_t>& counts,
                                          const Figures& figures) {
  std::vector<std::string> idle;
  const auto check = [&](const char* kind, std::uint64_t effects, const char* effect) {
    const auto found = counts.find(kind);
    if (effects != 0 || found == counts.end() || found->second < kSurelyEffective) return;
    idle.push_back(fmt::format("injected {} times: {}; and {}", found->second, kind, effect));
  };
  check(kMessagesWait, figures.waited, "no direct message has waited");
  check(kOtherKey, figures.refused_names, "no login was refused because the name is owned");
  return idle;
}

}  // namespace chatd::test
