// SPDX-License-Identifier: GPL-3.0-or-later
// prompt.hpp — the prompt of the input line: the user's name, the room that typed lines are sent to
// and the unread messages of the others if the user is in several, and the state of the connection
// if it is not connected or has unconfirmed messages.
//
// Runs in:   uchat's terminal process.
// Invariant: pure; plain text without colours, because readline counts the columns. It leaves 24
//            columns for the typed text, or half of them if there are fewer than 48: the time of
//            the connection is left out first, then a shorter text of the unread messages is used,
//            then the name is left out, then these messages.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/wire/language.hpp"

namespace chatd::client {

// The state that the prompt shows.
struct PromptState {
  enum class Link : std::uint8_t { connecting, connected, reconnecting };
  Link link{Link::connecting};
  std::string name{};  // safe to show
  std::string room{};  // with '#', safe to show; "": the user is in one room only
  // Texts about the unread messages of other rooms, safe to show, a shorter one behind a longer
  // one.
  std::vector<std::string> unread{};
  std::chrono::seconds away{};  // reconnecting: time since the connection was lost
  std::size_t unconfirmed{0};   // messages that the server has not confirmed yet
  std::size_t columns{80};      // width of the terminal
};

// "ada> ", "[#ops 3] #lab ada> ", "[reconnecting 12 s] (sending 1) ada> ".
[[nodiscard]] std::string prompt_text(const PromptState& state, wire::Language language);

}  // namespace chatd::client
