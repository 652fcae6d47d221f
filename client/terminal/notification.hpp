// SPDX-License-Identifier: GPL-3.0-or-later
// notification.hpp — the escape sequence by which a terminal shows a notification on the desktop.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: only a terminal that is known to understand the sequence gets it. The text in it has
//            no control character and no ';', and at most kMaxCharacters characters.
// See:       OSC 9 of iTerm2, and OSC 777 of rxvt-unicode. In tmux the sequence is wrapped; tmux
//            passes it on with its option allow-passthrough, and otherwise drops it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace chatd::client {

struct Notifier {
  static constexpr std::size_t kMaxCharacters = 100;
  enum class Form : std::uint8_t { none, osc9, osc777 };
  Form form{Form::none};
  bool is_in_tmux{false};
  friend bool operator==(const Notifier&, const Notifier&) = default;
};

// Returns the value of an environment variable; "" if it is not set.
using Variable = std::function<std::string(const char* name)>;
// The notifier of the terminal that has set these variables.
[[nodiscard]] Notifier notifier_of(const Variable& variable);

// "" if the terminal shows no notifications.
[[nodiscard]] std::string notification(const Notifier& notifier, std::string_view text);

}  // namespace chatd::client
