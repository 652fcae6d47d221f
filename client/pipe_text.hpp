// SPDX-License-Identifier: GPL-3.0-or-later
// pipe_text.hpp — what another program writes to uchat, as text that can be said: UTF-8 without the
// sequences that colour a terminal.
//
// Runs in:   uchat's terminal process. Pure: bytes in, bytes out, however they were cut.
// Owns:      the beginning of a character or of an escape sequence whose end has not come; at most
//            four bytes and a counter.
// Invariant: what comes out is UTF-8 without ESC, and has every line break (LF) that came in: a
//            sequence that is never ended takes no more than its own line.
// See:       ECMA-48, 5.4 and 8.3; ECMA-35, 13 (escape sequences); the Unicode Standard, 3.9
//            (U+FFFD for each ill-formed part).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::client {

class PipeText {
 public:
  // The longest sequence that is taken out; what is behind that is text. A link (OSC 8) has up
  // to 2083 bytes in the terminals that know it.
  static constexpr std::size_t kLongestSequence = 4096;

  // The text of these bytes. A carriage return in front of a line break is not part of the line.
  [[nodiscard]] std::string take(std::string_view bytes);
  // The input is over: a character that was begun becomes U+FFFD.
  [[nodiscard]] std::string end();

 private:
  enum class State : std::uint8_t {
    text,
    escape,         // behind ESC
    intermediate,   // ESC and bytes from 0x20 to 0x2F: a character set
    control,        // ESC [: a colour, a move of the cursor
    string,         // ESC ] and its like: a title, a link
    string_escape,  // an ESC in such a string: its end, or another sequence
  };
  void put(unsigned char byte);
  // False: the byte does not belong to the sequence, which is over.
  bool continue_sequence(unsigned char byte);
  [[nodiscard]] static State behind_escape(unsigned char byte) noexcept;
  void put_text(unsigned char byte);
  void begin_character(unsigned char byte);
  void end_character();

  State state_{State::text};
  std::size_t sequence_{0};  // bytes of it so far
  bool carriage_return_{false};
  // A character of several bytes: what there is of it, how many are missing, and between which
  // the next one must be.
  std::string character_;
  std::size_t missing_{0};
  unsigned char lowest_{0x80};
  unsigned char highest_{0xBF};
  std::string out_;
};

}  // namespace chatd::client
