// SPDX-License-Identifier: GPL-3.0-or-later
// unread_mark.hpp — decides which line is the first that the user has not read: the mark for new
// lines is shown before it.
//
// Runs in:   uchat's terminal process.
// Invariant: pure. One mark in each time in which the user does not read.
#pragma once

#include <chrono>

#include "common/base/time.hpp"

namespace chatd::client {

class UnreadMark {
 public:
  // If the terminal does not report its focus, a user that has entered nothing for so long is
  // taken as one who does not read.
  static constexpr Micros kIdleTime = std::chrono::minutes{10};

  // The terminal has reported that its window has the focus, or that another one has it.
  void set_focus(bool has_focus, MonoTime now);
  // The program is stopped, and shows nothing until it is continued.
  void stop() noexcept { stopped_ = true; }
  // Comes after the lines of the stop were shown.
  void go_on(MonoTime now);
  // The user has entered a line.
  void note_entered(MonoTime now);

  // Called for each new line of another member, before it is shown. True: it is the first unread
  // one.
  [[nodiscard]] bool take_first(MonoTime now);

 private:
  [[nodiscard]] bool is_reading(MonoTime now) const;

  bool stopped_{false};
  bool reports_focus_{false};
  bool has_focus_{true};
  bool is_shown_{false};                    // the mark of this time
  MonoTime last_entered_{MonoTime::max()};  // max: nothing yet
};

}  // namespace chatd::client
