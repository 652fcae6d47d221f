// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/saved_wishes.hpp"

#include <algorithm>
#include <utility>

namespace chatd::client {

namespace {

wire::Reason reason_of(wire::SavedState state) {
  if (state == wire::SavedState::saved) return wire::Reason::done;
  if (state == wire::SavedState::no_history) return wire::Reason::no_history;
  return wire::Reason::not_saved;
}

}  // namespace

void SavedWishes::ask_later(MonoTime now) {
  ask_at_ = waiting_.empty() ? MonoTime::max() : now + interval_;
}

void SavedWishes::add(std::uint64_t number, std::uint64_t end, MonoTime now, const Report& report) {
  // The answer may come before the acknowledgement.
  for (const wire::SavedFrame& frame : {unknown_, last_}) {
    if (end <= frame.offset) return report({.number = number, .state = reason_of(frame.state)});
  }
  waiting_.push_back({.number = number, .end = end});
  if (ask_at_ != MonoTime::max()) return;
  interval_ = kFirstInterval;
  ask_later(now);
}

void SavedWishes::on_frame(const wire::SavedFrame& frame, MonoTime now, const Report& report) {
  wire::SavedFrame& known = frame.state == wire::SavedState::unknown ? unknown_ : last_;
  if (frame.offset >= known.offset) known = frame;
  bool is_answer = false;
  while (!waiting_.empty() && waiting_.front().end <= frame.offset) {
    report({.number = waiting_.front().number, .state = reason_of(frame.state)});
    waiting_.pop_front();
    is_answer = true;
  }
  if (!is_answer) return;
  interval_ = kFirstInterval;
  ask_later(now);
}

void SavedWishes::give_up(const Report& report) {
  for (const Command& command : std::exchange(waiting_, {})) {
    report({.number = command.number, .state = wire::Reason::not_saved});
  }
  unknown_ = last_ = {};
  ask_at_ = MonoTime::max();
}

bool SavedWishes::write(wire::ByteWriter& out, MonoTime now) {
  if (!is_due(now) || waiting_.empty()) return false;
  if (!wire::write_frame(out, wire::SavedFrame{.offset = waiting_.back().end, .state = {}})) {
    return false;
  }
  interval_ = std::min(2 * interval_, kLongestInterval);
  ask_later(now);
  return true;
}

}  // namespace chatd::client
