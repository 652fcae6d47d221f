// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_packet.hpp"

#include "common/wire/native/packet_fields.hpp"

namespace chatd::wire {

std::optional<PacketType> packet_type(Bytes datagram) noexcept {
  if (datagram.empty()) return std::nullopt;
  switch (const auto type = static_cast<PacketType>(datagram.front())) {
    case PacketType::hello:
    case PacketType::retry:
    case PacketType::accept:
    case PacketType::confirm:
    case PacketType::refuse:
    case PacketType::reset:
    case PacketType::seek:
    case PacketType::here:
    case PacketType::sealed:
      return type;
  }
  return std::nullopt;
}

std::optional<Reset> read_reset(Bytes datagram) noexcept { return read_packet<Reset>(datagram); }
void write_reset(ByteWriter& out, const Reset& reset) noexcept { write_packet(out, reset); }

std::optional<SealedHeader> read_sealed(Bytes datagram) noexcept {
  if (datagram.size() < kSealedOverhead) return std::nullopt;
  return read_packet<SealedHeader>(datagram);
}
void write_sealed(ByteWriter& out, const SealedHeader& header) noexcept {
  write_packet(out, header);
}

}  // namespace chatd::wire
