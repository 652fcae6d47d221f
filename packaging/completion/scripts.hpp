// SPDX-License-Identifier: GPL-3.0-or-later
// scripts.hpp — writes the completion of a program for each shell.
//
// Runs in:   the generator of the completions, during the build.
// Invariant: the name of a member or a server is never expanded, executed or inserted without
//            quotes: it is untrusted text in the shell of an administrator.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "packaging/completion/program.hpp"

namespace chatd::completion {

[[nodiscard]] std::string bash_script(const Program& program);
[[nodiscard]] std::string zsh_script(const Program& program);
[[nodiscard]] std::string fish_script(const Program& program);

// Helpers for the three functions.

// Joins the words, with `between` between them.
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Command>& commands);
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Option>& options);
// Replaces each `what` by `with`.
[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view with);

// The options of all commands that take the next word as their value, each one once.
[[nodiscard]] std::vector<Option> options_with_value(const Program& program);

// Replaces @NAME@ by the name of the program and @LIST@, @ROOMS@ and @HOSTS@ by its arguments that
// list members, rooms and servers. Lines that end in #members or #hosts lose that mark, or are left
// out if the program cannot list members or servers.
[[nodiscard]] std::string filled(std::string_view text, const Program& program);

}  // namespace chatd::completion
