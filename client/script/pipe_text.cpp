// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/pipe_text.hpp"

#include <utility>

namespace chatd::client {

namespace {

constexpr unsigned char kBell = 0x07;
constexpr unsigned char kCancel = 0x18;
constexpr unsigned char kSubstitute = 0x1A;
constexpr unsigned char kEscape = 0x1B;
constexpr std::string_view kReplacement = "\uFFFD";

bool is_between(unsigned char byte, unsigned char first, unsigned char last) noexcept {
  return byte >= first && byte <= last;
}

}  // namespace

std::string PipeText::take(std::string_view bytes) {
  for (const char byte : bytes) put(static_cast<unsigned char>(byte));
  return std::exchange(out_, {});
}

std::string PipeText::end() {
  end_character();
  if (std::exchange(carriage_return_, false)) out_ += '\r';
  state_ = State::text;
  return std::exchange(out_, {});
}

void PipeText::put(unsigned char byte) {
  if (byte == '\n') {
    end_character();
    state_ = State::text;
    carriage_return_ = false;
    out_ += '\n';
    return;
  }
  if (state_ != State::text) {
    if (++sequence_ <= kLongestSequence && continue_sequence(byte)) return;
    state_ = State::text;
  }
  if (byte == kEscape) {
    end_character();
    state_ = State::escape;
    sequence_ = 1;
    return;
  }
  put_text(byte);
}

PipeText::State PipeText::behind_escape(unsigned char byte) noexcept {
  switch (byte) {
    case '[':
      return State::control;
    case ']':  // operating system command
    case 'P':  // device control string
    case 'X':  // start of string
    case '^':  // privacy message
    case '_':  // application program command
      return State::string;
    default:
      return is_between(byte, 0x20, 0x2F) ? State::intermediate : State::text;
  }
}

bool PipeText::continue_sequence(unsigned char byte) {
  switch (state_) {
    case State::text:
      return false;
    case State::escape:
      state_ = behind_escape(byte);
      return is_between(byte, 0x20, 0x7E);
    case State::intermediate:
      if (!is_between(byte, 0x20, 0x2F)) state_ = State::text;
      return is_between(byte, 0x20, 0x7E);
    case State::control:
      if (!is_between(byte, 0x20, 0x3F)) state_ = State::text;
      return is_between(byte, 0x20, 0x7E);
    case State::string:
      if (byte == kEscape) {
        state_ = State::string_escape;
      } else if (byte == kBell || byte == kCancel || byte == kSubstitute) {
        state_ = State::text;
      }
      return true;
    case State::string_escape:
      state_ = byte == '\\' ? State::text : behind_escape(byte);
      return is_between(byte, 0x20, 0x7E);
  }
  return false;
}

void PipeText::put_text(unsigned char byte) {
  if (missing_ != 0) {
    if (is_between(byte, lowest_, highest_)) {
      character_ += static_cast<char>(byte);
      lowest_ = 0x80;
      highest_ = 0xBF;
      if (--missing_ == 0) out_ += std::exchange(character_, {});
      return;
    }
    end_character();
  }
  if (std::exchange(carriage_return_, byte == '\r')) out_ += '\r';
  if (byte == '\r') return;
  if (byte < 0x80) {
    out_ += static_cast<char>(byte);
  } else {
    begin_character(byte);
  }
}

// The first byte of a character of several bytes. Unicode, table 3-7: no overlong form, no
// surrogate, nothing above U+10FFFF.
void PipeText::begin_character(unsigned char byte) {
  if (!is_between(byte, 0xC2, 0xF4)) {
    out_ += kReplacement;
    return;
  }
  missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) lowest_ = 0xA0;
  if (byte == 0xED) highest_ = 0x9F;
  if (byte == 0xF0) lowest_ = 0x90;
  if (byte == 0xF4) highest_ = 0x8F;
  character_ = static_cast<char>(byte);
}

// Called if the next byte does not continue the character: the incomplete character becomes U+FFFD.
void PipeText::end_character() {
  if (missing_ == 0) return;
  out_ += kReplacement;
  character_.clear();
  missing_ = 0;
  lowest_ = 0x80;
  highest_ = 0xBF;
}

}  // namespace chatd::client
