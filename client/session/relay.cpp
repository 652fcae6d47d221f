// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/relay.hpp"

#include <algorithm>
#include <utility>

#include "common/base/overloaded.hpp"

namespace chatd::client {

Relay::Waiting::Kind Relay::kind_of(const Report& report) {
  using Kind = Waiting::Kind;
  return std::visit(Overloaded{
                        [](const Line& /*event*/) { return Kind::line; },
                        [](const Reconnecting& /*event*/) { return Kind::link; },
                        [](const Reconnected& /*event*/) { return Kind::link; },
                        [](const auto& /*other*/) { return Kind::other; },
                    },
                    report);
}

void Relay::push(const Report& report) {
  const Waiting::Kind kind = kind_of(report);
  for (const Report& piece : in_pieces(report)) {
    Waiting waiting{.bytes = encode(piece), .kind = kind};
    if (is_empty() && send_(waiting.bytes)) continue;
    keep(std::move(waiting));
  }
}

void Relay::keep(Waiting waiting) {
  if (waiting.kind == Waiting::Kind::link) {
    std::erase_if(waiting_, [](const Waiting& w) { return w.kind == Waiting::Kind::link; });
  }
  const bool is_line = waiting.kind == Waiting::Kind::line;
  if (is_line && lines_ == kMaxLines) drop_oldest(Waiting::Kind::line);
  count_in(waiting);
  waiting_.push_back(std::move(waiting));
  while (line_bytes_ > kMaxLineBytes) drop_oldest(Waiting::Kind::line);
  while (other_bytes_ > kMaxOtherBytes) drop_oldest(Waiting::Kind::other);
}

void Relay::count_in(const Waiting& waiting) {
  if (waiting.kind == Waiting::Kind::line) {
    ++lines_;
    line_bytes_ += waiting.bytes.size();
  }
  if (waiting.kind == Waiting::Kind::other) other_bytes_ += waiting.bytes.size();
}

void Relay::count_out(const Waiting& waiting) {
  if (waiting.kind == Waiting::Kind::line) {
    --lines_;
    line_bytes_ -= waiting.bytes.size();
  }
  if (waiting.kind == Waiting::Kind::other) other_bytes_ -= waiting.bytes.size();
}

void Relay::drop_oldest(Waiting::Kind kind) {
  const auto oldest = std::ranges::find(waiting_, kind, &Waiting::kind);
  count_out(*oldest);
  if (kind == Waiting::Kind::line) ++missed_;
  waiting_.erase(oldest);
}

bool Relay::send_missed() {
  if (missed_ == 0) return true;
  if (!send_(encode(MissedHere{missed_}))) return false;
  missed_ = 0;
  return true;
}

bool Relay::flush() {
  while (!waiting_.empty()) {
    const bool is_line = waiting_.front().kind == Waiting::Kind::line;
    if (is_line && !send_missed()) return false;
    if (!send_(waiting_.front().bytes)) return false;
    count_out(waiting_.front());
    waiting_.pop_front();
  }
  return send_missed();
}

}  // namespace chatd::client
