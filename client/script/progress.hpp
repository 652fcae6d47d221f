// SPDX-License-Identifier: GPL-3.0-or-later
// progress.hpp — one line on standard error that shows how much of a long input was sent.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. The line appears two seconds after the first message at the earliest, changes at
//            most twice a second, and is removed before other text is printed and at the end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "common/base/time.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class Progress {
 public:
  static constexpr Micros kDelay{2'000'000};
  static constexpr Micros kBetween{500'000};
  // Of the calls of update().
  static constexpr std::chrono::milliseconds kPeriod{250};

  // `is_on`: standard error is a terminal, and the input is not.
  Progress(wire::Language language, bool is_on) : language_{language}, is_on_{is_on} {}

  // Messages that the server has confirmed, and those that it has not. Returns the bytes to print;
  // "": nothing.
  [[nodiscard]] std::string update(std::size_t sent, std::size_t waiting, MonoTime now);
  // The bytes that remove the line; "" if it does not show.
  [[nodiscard]] std::string remove();

  [[nodiscard]] bool is_on() const noexcept { return is_on_; }

 private:
  wire::Language language_;
  bool is_on_;
  std::optional<MonoTime> first_{};  // when the first message waited
  std::optional<MonoTime> shown_{};  // when the line was printed last
  bool is_visible_{false};
};

}  // namespace chatd::client
