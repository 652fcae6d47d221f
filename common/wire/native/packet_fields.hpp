// SPDX-License-Identifier: GPL-3.0-or-later
// packet_fields.hpp — a packet as its type and its fields.
//
// Runs in:   client, gateway, worker. For the sources of the packets, beside this file.
// Borrows:   the datagram. Pure; nothing allocates.
#pragma once

#include <optional>

#include "common/wire/field_reader.hpp"
#include "common/wire/field_writer.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::wire {

// nullopt: another packet, or not a whole one.
template <class T>
[[nodiscard]] std::optional<T> read_packet(Bytes datagram) noexcept {
  ByteReader in{datagram};
  if (in.take<std::uint8_t>() != static_cast<std::uint8_t>(T::kType)) return std::nullopt;
  std::optional<T> packet{T{}};
  decode(in, *packet);
  if (!in.ok()) return std::nullopt;
  return packet;
}

template <class T>
void write_packet(ByteWriter& out, const T& packet) noexcept {
  out.put(static_cast<std::uint8_t>(T::kType));
  encode(out, packet);
}

}  // namespace chatd::wire
