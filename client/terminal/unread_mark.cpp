// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/unread_mark.hpp"

namespace chatd::client {

void UnreadMark::set_focus(bool has_focus, MonoTime now) {
  reports_focus_ = true;
  has_focus_ = has_focus;
  if (has_focus) go_on(now);
}

void UnreadMark::go_on(MonoTime now) {
  stopped_ = false;
  is_shown_ = false;
  last_entered_ = now;
}

// The window has the focus, even if its terminal did not report this.
void UnreadMark::note_entered(MonoTime now) {
  has_focus_ = true;
  go_on(now);
}

bool UnreadMark::is_reading(MonoTime now) const {
  if (stopped_ || !has_focus_) return false;
  return reports_focus_ || now < last_entered_ || now - last_entered_ < kIdleTime;
}

bool UnreadMark::take_first(MonoTime now) {
  if (last_entered_ == MonoTime::max()) last_entered_ = now;  // the first line
  if (is_reading(now) || is_shown_) return false;
  is_shown_ = true;
  return true;
}

}  // namespace chatd::client
