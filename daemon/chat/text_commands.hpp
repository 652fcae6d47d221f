// SPDX-License-Identifier: GPL-3.0-or-later
// text_commands.hpp — a chat message of the text protocol, on its way to the room.
//
// Runs in:   gateway.
// Borrows:   the Sessions and the Commands.
// Hot path:  say() does not allocate.
#pragma once

#include "daemon/chat/commands.hpp"

namespace chatd::chat {

class TextCommands {
 public:
  TextCommands(const config::Config& config, Sessions& sessions, Commands& commands)
      : sessions_{sessions}, commands_{commands}, chat_form_{config.text.chat_form} {}

  enum class SayStatus : std::uint8_t { said, empty, not_utf8, too_long, too_fast, refused };
  struct Said {
    SayStatus status;
    Micros wait{0};         // too_fast: until the next message is taken
    double per_second{0};   // too_fast: the limit that refused it
    std::size_t bytes{0};   // too_long: of the message
    wire::Reason reason{};  // refused: a mute, a lecture, slow mode
  };
  // `argument` follows the C. Charges for it.
  Said say(Slot member, std::string_view argument, Now now);

 private:
  [[nodiscard]] std::string_view message_of(Slot member, std::string_view argument);

  Sessions& sessions_;
  Commands& commands_;
  config::ChatForm chat_form_;
};

}  // namespace chatd::chat
