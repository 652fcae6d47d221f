// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/goodbye.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace chatd::client {

void Goodbye::receive(wire::Bytes datagram, MonoTime now) {
  const auto type = wire::packet_type(datagram);
  if (type == wire::PacketType::reset) {
    const auto reset = wire::read_reset(datagram);
    const bool is_ours = reset && reset->connection == link_.connection() &&
                         std::ranges::equal(reset->token, reset_token_);
    if (is_ours) is_over_ = true;
    return;
  }
  if (type != wire::PacketType::sealed) return;
  const auto frames = link_.open(datagram, now);
  if (!frames) return;
  wire::ByteReader in{*frames};
  while (const auto frame = wire::next_frame(in)) {
    if (std::holds_alternative<wire::ByeFrame>(*frame)) is_over_ = true;
  }
}

bool Goodbye::next_datagram(std::vector<std::byte>& datagram, MonoTime now) {
  if (is_over_ || now < next_) return false;
  if (byes_ == kMaxByes) {
    is_over_ = true;
    return false;
  }
  std::array<std::byte, wire::kBaseDatagram - wire::kSealedOverhead> buffer;
  wire::ByteWriter out{buffer};
  if (!wire::write_frame(out, wire::ByeFrame{.reason = wire::ByeReason::quit, .text = {}})) {
    return false;
  }
  link_.seal(out.written(), now, datagram);
  next_ = now + link_.rtt().probe_timeout(byes_++);
  return true;
}

MonoTime Goodbye::deadline() const noexcept { return is_over_ ? MonoTime::max() : next_; }

}  // namespace chatd::client
