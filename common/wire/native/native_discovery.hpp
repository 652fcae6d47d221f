// SPDX-License-Identifier: GPL-3.0-or-later
// native_discovery.hpp — the packets by which a client finds the servers of its local network: SEEK
// asks, HERE answers.
//
// Runs in:   client, gateway.
// Borrows:   the datagram. Pure; nothing allocates.
// Shape:     type, one byte; the fields of the struct. More at the end are those of a newer sender.
// Invariant: a HERE is never longer than a SEEK, so that a forged SEEK does not make more traffic
//            than it is. A HERE proves nothing about its sender: only the handshake does.
// See:       native_handshake.hpp; chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::wire {

// The least size of a SEEK, which is filled up with zeros. It leaves space for later fields of a
// HERE.
inline constexpr std::size_t kSeekBytes = 256;
// The longest name of a room in a HERE, in bytes of UTF-8.
inline constexpr std::size_t kMaxHereRoom = 64;

// Sent to all hosts of a network.
struct Seek {
  static constexpr PacketType kType = PacketType::seek;
  std::uint8_t version{kNativeVersion};
  std::uint64_t token{};  // random

  static constexpr void fields(auto& v, auto& seek) {
    v("version", seek.version);
    v.reserved(2);
    v("token", seek.token);
  }
};
// The answer to a SEEK.
struct Here {
  static constexpr PacketType kType = PacketType::here;
  std::uint8_t version{kNativeVersion};
  bool wants_password{};
  bool wants_invitation{};               // persons without an invitation code are not admitted
  std::uint64_t token{};                 // of the SEEK
  std::array<std::byte, 32> identity{};  // the server's Ed25519 key
  std::string_view room{};               // name of the default room; "": not told

  static constexpr void fields(auto& v, auto& here) {
    v("version", here.version);
    v("wants_password", here.wants_password);
    v("wants_invitation", here.wants_invitation);
    v("token", here.token);
    v("identity", here.identity);
    v("room", here.room);
  }
};
static_assert(1 + encoded_bytes(Here{}) + kMaxHereRoom <= kSeekBytes);

// nullopt: another packet, or not a whole one; of a HERE also: its room has a longer name.
[[nodiscard]] std::optional<Seek> read_seek(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Here> read_here(Bytes datagram) noexcept;
// Fills the packet up to kSeekBytes.
void write_seek(ByteWriter& out, const Seek& seek) noexcept;
void write_here(ByteWriter& out, const Here& here) noexcept;

}  // namespace chatd::wire
