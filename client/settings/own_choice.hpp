// SPDX-License-Identifier: GPL-3.0-or-later
// own_choice.hpp — the request of `uchat own`, from the words of the command line.
//
// Runs in: uchat, before it forks. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "client/words/own_words.hpp"

namespace chatd::client {

struct OwnChoice {
  wire::OwnAct act{wire::OwnAct::claim};
  std::uint64_t code{0};             // of a use
  std::string key{};                 // of a drop: the beginning of a fingerprint
  std::optional<std::string> yes{};  // of an add: the fingerprint of the device that is added
  // True for a command that ends when another device has answered.
  [[nodiscard]] bool waits() const noexcept { return act == wire::OwnAct::use || yes; }
};

// The act of a word that is typed behind /own or `uchat own`; "" is a claim. nullopt: none.
[[nodiscard]] std::optional<wire::OwnAct> own_act_of(std::string_view word);
// The word of an act; "" of a claim, of a use, which has a code, and of an answer.
[[nodiscard]] std::string_view own_word_of(wire::OwnAct act);

// `action`: "", "add", "keys", "drop", "release" or a code; `key` and `yes`: "" if they are not
// given. Errors: the word that is not expected; "": a word is missing.
[[nodiscard]] std::expected<OwnChoice, std::string> read_own_choice(std::string_view action,
                                                                    const std::string& key,
                                                                    const std::string& yes);

}  // namespace chatd::client
