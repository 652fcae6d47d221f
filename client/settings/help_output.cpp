// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/help_output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "client/words/word_wrap.hpp"

namespace chatd::client {

namespace {

// The indent of the rows behind the first one.
std::size_t indent_below(std::string_view row) {
  constexpr std::size_t kBeforeName = 2;
  const std::size_t blanks = std::min(row.find_first_not_of(' '), row.size());
  if (blanks == kBeforeName || blanks == kHelpColumn) return kHelpColumn;
  return blanks + kBeforeName;
}

// The width of the window; 0: standard output is no terminal.
std::size_t columns_of_output() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

std::string wrapped_help(std::string_view help, std::size_t columns) {
  std::string text;
  while (!help.empty()) {
    const std::size_t end = help.find('\n');
    const std::string_view row = help.substr(0, end);
    text += wrapped(row, columns, indent_below(row));
    if (end == std::string_view::npos) break;
    text += '\n';
    help.remove_prefix(end + 1);
  }
  return text;
}

void print_help(std::string_view help) { std::cout << wrapped_help(help, columns_of_output()); }

}  // namespace chatd::client
