// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/native_members.hpp"

#include <algorithm>
#include <stdexcept>

namespace chatd::bench {

NativeMembers::NativeMembers(const MembersOptions& options)
    : Members{options}, crowd_{options.server, {.size = options.all(), .keeps_lines = false}} {
  for (std::size_t i = 0; i < options.rooms; ++i) rooms_.push_back(room_name(i));
  crowd_.on_event = [this](std::size_t member, const client::Event& event) {
    if (std::holds_alternative<client::Ended>(event)) throw std::runtime_error{"thrown out"};
    if (std::holds_alternative<client::RoomJoined>(event)) ++joined_;
    if (const auto* line = std::get_if<client::Line>(&event)) on_line(member, *line);
  };
}

void NativeMembers::on_line(std::size_t member, const client::Line& line) {
  if (line.record != wire::RecordKind::say) return;
  const auto payload = read_payload(line.text);
  if (!payload) return;
  const auto room = options().room_of(member);
  if (room && line.room.name != rooms_[*room]) return tally().invent();
  count(member, *payload, crowd_.heard_at());
}

bool NativeMembers::enter(std::chrono::seconds timeout) {
  return crowd_.enter(timeout) && enter_rooms(timeout);
}

bool NativeMembers::enter_rooms(std::chrono::seconds timeout) {
  const std::size_t rooms = rooms_.size();
  for (std::size_t i = 0; i < rooms; ++i) crowd_.send(i, client::MakeRoom{.name = rooms_[i]});
  if (!crowd_.pump_until([&] { return joined_ == rooms; }, timeout)) return false;
  const std::size_t all = rooms * options().room_members;
  for (std::size_t i = rooms; i < all; ++i) {
    crowd_.send(i, client::JoinRoom{.name = rooms_[i % rooms]});
    if (i % 64 == 63) crowd_.pump(Micros{1000});
  }
  return crowd_.pump_until([&] { return joined_ == all; }, timeout);
}

void NativeMembers::publish(const Payload& payload) {
  char text[kPayloadBytes];
  write_payload(text, payload);
  crowd_.send(payload.publisher,
              client::Say{.text = {text, sizeof text},
                          .room = rooms_.empty() ? std::string{} : rooms_[payload.publisher]});
}

void NativeMembers::pump(Clock::time_point until) {
  crowd_.pump(std::max(std::chrono::floor<Micros>(until - Clock::now()), Micros{0}));
}

}  // namespace chatd::bench
