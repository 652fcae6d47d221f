// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/native_members.hpp"

#include <algorithm>
#include <stdexcept>

namespace chatd::bench {

NativeMembers::NativeMembers(const MembersOptions& options)
    : Members{options}, crowd_{options.server, {.size = options.all(), .keeps_lines = false}} {
  crowd_.on_event = [this](std::size_t member, const client::Event& event) {
    if (std::holds_alternative<client::Ended>(event)) throw std::runtime_error{"thrown out"};
    const auto* line = std::get_if<client::Line>(&event);
    if (line == nullptr || line->record != wire::RecordKind::say) return;
    if (const auto payload = read_payload(line->text)) {
      tally().arrived(member, *payload, crowd_.heard_at());
    }
  };
}

bool NativeMembers::enter(std::chrono::seconds timeout) { return crowd_.enter(timeout); }

void NativeMembers::publish(const Payload& payload) {
  char text[kPayloadBytes];
  write_payload(text, payload);
  crowd_.say(payload.publisher, {text, sizeof text});
}

void NativeMembers::pump(Clock::time_point until) {
  crowd_.pump(std::max(std::chrono::floor<Micros>(until - Clock::now()), Micros{0}));
}

}  // namespace chatd::bench
