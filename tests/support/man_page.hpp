// SPDX-License-Identifier: GPL-3.0-or-later
// man_page.hpp — the source lines of a manual page, for tests that compare it with a table of the
// program.
//
// Runs in:   test programs.
#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::test {

struct ManPage {
  // Reads the whole page, or only the part under this heading (".Ss Journal").
  explicit ManPage(const std::string& path, std::string_view heading = "") {
    std::ifstream file{path};
    bool is_wanted = heading.empty();
    for (std::string line; std::getline(file, line);) {
      const bool is_heading = line.starts_with(".Sh") || line.starts_with(".Ss");
      if (!heading.empty() && is_heading) is_wanted = line == heading;
      if (is_wanted) lines.push_back(line);
    }
  }
  // The lines that start with `beginning`, without it.
  [[nodiscard]] std::vector<std::string> after(std::string_view beginning) const {
    std::vector<std::string> found;
    for (const std::string& line : lines) {
      if (line.starts_with(beginning)) found.push_back(line.substr(beginning.size()));
    }
    return found;
  }
  std::vector<std::string> lines;
};

}  // namespace chatd::test
