// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/link.hpp"

#include <algorithm>

#include "common/transport/packet_seal.hpp"

namespace chatd::client {

namespace {

constexpr Micros kKeyLife = std::chrono::hours{1};

crypto::Aead& cipher() {
  static thread_local crypto::Aead aead;
  return aead;
}

}  // namespace

std::optional<wire::Bytes> Link::open(wire::Bytes datagram, MonoTime now) {
  const auto header = wire::read_sealed(datagram);
  if (!header || (named_ && header->connection != connection_)) return std::nullopt;
  if (!replay_.is_fresh(header->counter)) return std::nullopt;
  const auto key = rx_.to_open(header->counter);
  if (!key) return std::nullopt;
  if (opened_.size() < datagram.size()) {
    opened_.resize(std::max(datagram.size(), wire::kBaseDatagram));
  }
  wire::Bytes frames;
  if (!transport::open_packet(cipher(), *key, header->counter, datagram, opened_, frames)) {
    return std::nullopt;
  }
  const bool newest = header->counter >= replay_.next;
  replay_.commit(header->counter);
  rx_.opened(header->counter);
  connection_ = header->connection;
  named_ = true;
  note_clock(*header, newest, now);
  return frames;
}

void Link::note_clock(const wire::SealedHeader& header, bool newest, MonoTime now) {
  if (!newest) return;  // a late packet would make the round trip look longer
  const std::uint32_t clock = transport::clock_value(now);
  clock_offset_ = header.time - clock;
  has_clock_ = true;
  if (header.echo != 0) rtt_.add(clock - header.echo);
}

void Link::seal(wire::Bytes frames, MonoTime now, std::vector<std::byte>& datagram) {
  if (now - since_ >= kKeyLife) {
    since_ = now;
    counter_ = (wire::key_phase_of(counter_) + 1) << wire::kKeyPhaseBits;
  }
  const std::uint32_t clock = transport::clock_value(now);
  // 0 means unknown, so an estimate of 0 becomes 1.
  const std::uint32_t echo = has_clock_ ? std::max(clock + clock_offset_, 1U) : 0;
  const wire::SealedHeader header{
      .connection = connection_, .counter = counter_, .time = clock, .echo = echo};
  datagram.resize(frames.size() + wire::kSealedOverhead);
  transport::seal_packet(cipher(), tx_.to_seal(counter_), header, frames, datagram);
  ++counter_;
}

}  // namespace chatd::client
