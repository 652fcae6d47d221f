// SPDX-License-Identifier: GPL-3.0-or-later
// main.cpp — completions SHELL PROGRAM: prints the completion of the program for the shell.
#include <cstdio>
#include <functional>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include "packaging/completion/scripts.hpp"

int main(int argc, char** argv) {
  namespace completion = chatd::completion;
  const std::map<std::string_view, std::function<std::string(const completion::Program&)>> shells{
      {"bash", completion::bash_script},
      {"zsh", completion::zsh_script},
      {"fish", completion::fish_script}};
  const std::map<std::string_view, std::function<completion::Program()>> programs{
      {"chatd", completion::chatd_program},
      {"chatctl", completion::chatctl_program},
      {"uchat", completion::chat_program}};
  if (argc != 3 || !shells.contains(argv[1]) || !programs.contains(argv[2])) {
    fmt::print(stderr, "usage: completions bash|zsh|fish chatd|chatctl|uchat\n");
    return 2;
  }
  fmt::print("{}", shells.at(argv[1])(programs.at(argv[2])()));
  return std::fflush(stdout) == 0 ? 0 : 1;
}
