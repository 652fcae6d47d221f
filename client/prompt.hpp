// SPDX-License-Identifier: GPL-3.0-or-later
// prompt.hpp — what stands in front of the input line: the name, and whatever is not as usual.
//
// Runs in:   uchat's terminal process.
// Invariant: pure; plain text without colours, since readline counts its columns. On a narrow
//            terminal at least half of the line is left to type in, as long as that is enough
//            for what is not as usual.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "common/wire/language.hpp"

namespace chatd::client {

struct PromptState {
  enum class Link : std::uint8_t { connecting, connected, reconnecting };
  Link link{Link::connecting};
  std::string name{};           // safe to show
  std::chrono::seconds away{};  // of reconnecting: since when
  std::size_t unconfirmed{0};   // messages that the server does not have yet
  std::size_t columns{80};
};

[[nodiscard]] std::string prompt_text(const PromptState& state, wire::Language language);

}  // namespace chatd::client
