// SPDX-License-Identifier: GPL-3.0-or-later
// scripts.hpp — a program's completion in the language of each shell.
//
// Runs in:   the generator of the completions, while chatd is built.
// Invariant: a member's name is never expanded, executed or inserted without its quotes:
//            it is a stranger's text in an administrator's shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "packaging/completion/program.hpp"

namespace chatd::completion {

[[nodiscard]] std::string bash_script(const Program& program);
[[nodiscard]] std::string zsh_script(const Program& program);
[[nodiscard]] std::string fish_script(const Program& program);

// What the three are made with.

// "a b c"
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Command>& commands);
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Option>& options);
[[nodiscard]] std::string replaced(std::string text, std::string_view what, std::string_view with);

// The options that take the next word as their value, of all commands, each once.
[[nodiscard]] std::vector<Option> options_with_value(const Program& program);

// `text` with NAME for @NAME@ and the arguments for @LIST@; lines that end in #members only
// where there is a way to list members, without that mark.
[[nodiscard]] std::string filled(std::string_view text, const Program& program);

}  // namespace chatd::completion
