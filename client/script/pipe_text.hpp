// SPDX-License-Identifier: GPL-3.0-or-later
// pipe_text.hpp — converts the output of another program into text for messages: UTF-8 without
// terminal escape sequences.
//
// Runs in:   uchat's terminal process. The result does not depend on how the input is split into
//            calls of take().
// Owns:      the beginning of a character or of an escape sequence whose end was not read yet: at
//            most four bytes and a counter.
// Invariant: the output is UTF-8 without ESC, and has every line break (LF) of the input: an escape
//            sequence without an end is removed up to the end of its line.
// See:       ECMA-48, 5.4 and 8.3; ECMA-35, 13 (escape sequences); the Unicode Standard, 3.9
//            (U+FFFD for each ill-formed part).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::client {

// A filter with state: take() for each piece of the input, end() after the last one.
class PipeText {
 public:
  // The longest escape sequence that is removed, in bytes; the bytes after it are text. A link
  // (OSC 8) has up to 2083 bytes in the terminals that support it.
  static constexpr std::size_t kLongestSequence = 4096;

  // Returns the text of these bytes. A carriage return before a line break is removed.
  [[nodiscard]] std::string take(std::string_view bytes);
  // The end of the input: an incomplete character becomes U+FFFD.
  [[nodiscard]] std::string end();

 private:
  enum class State : std::uint8_t {
    text,
    escape,         // after ESC
    intermediate,   // after ESC and bytes from 0x20 to 0x2F: a character set
    control,        // after ESC [: a colour, a move of the cursor
    string,         // after ESC ] and similar: a title, a link
    string_escape,  // after ESC in such a string: the string ends, or another sequence begins
  };
  void put(unsigned char byte);
  // False: the sequence has ended, and the byte does not belong to it.
  bool continue_sequence(unsigned char byte);
  [[nodiscard]] static State behind_escape(unsigned char byte) noexcept;
  void put_text(unsigned char byte);
  void begin_character(unsigned char byte);
  void end_character();

  State state_{State::text};
  std::size_t sequence_{0};  // length of the escape sequence so far, in bytes
  bool carriage_return_{false};
  // A character of several bytes: its bytes so far, the number of missing bytes, and the range of
  // the next byte.
  std::string character_;
  std::size_t missing_{0};
  unsigned char lowest_{0x80};
  unsigned char highest_{0xBF};
  std::string out_;
};

}  // namespace chatd::client
