// SPDX-License-Identifier: GPL-3.0-or-later
// native_packet.hpp — the packets of the native protocol that belong to a session: SEALED, which
// carries frames, and RESET.
//
// Runs in:   client, gateway, worker.
// Borrows:   the datagram. Pure; nothing allocates.
// Invariant: any bytes are an ordinary value, or nothing. A packet that is not sealed proves
//            nothing about its sender.
// See:       native_handshake.hpp and native_discovery.hpp for the other packets;
//            chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/wire/field_writer.hpp"

namespace chatd::wire {

// First bytes of native packets: none of them begins a character of UTF-8, so that a line of text
// never looks like a packet.
inline constexpr std::byte kNativeFrom{0x80};
inline constexpr std::byte kNativeTo{0xC1};
[[nodiscard]] constexpr bool is_native(std::byte first) noexcept {
  return first >= kNativeFrom && first <= kNativeTo;
}
inline constexpr std::uint8_t kNativeVersion = 2;
// The datagram that every path carries (RFC 9000, 14.1 asks for the same): the longest that a
// client sends, and the size of a HELLO, so that no answer to it is three times as long.
inline constexpr std::size_t kBaseDatagram = 1200;
inline constexpr std::size_t kSealedHeaderBytes = 24;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kSealedOverhead = kSealedHeaderBytes + kTagBytes;
// The longest that the server sends, where the path to a client carries it.
inline constexpr std::size_t kMaxDatagram = 8192;
// The server reads so many frames of a packet, of any type. A client writes no more: eight answers,
// DATA, PING, BYE and two ACKs leave three for further rooms, whose other ACKs go in the next one.
inline constexpr std::size_t kMaxFrames = 16;
// log2 of the packets under one key; AES-GCM allows twice as many (RFC 9001, 6.6).
inline constexpr unsigned kKeyPhaseBits = 22;

enum class PacketType : std::uint8_t {
  hello = 0x80,
  retry = 0x81,
  accept = 0x82,
  confirm = 0x83,
  refuse = 0x84,
  reset = 0x85,
  seek = 0x86,
  here = 0x87,
  sealed = 0xC0,
};

using ResetToken = std::array<std::byte, 16>;
// Of a session: masks the command offsets in its records.
using CommandKey = std::array<std::byte, 16>;

// The server does not know the connection of a packet that it received.
struct Reset {
  static constexpr PacketType kType = PacketType::reset;
  std::uint64_t connection{};  // 56 bits
  ResetToken token{};

  static constexpr void fields(auto& v, auto& reset) {
    v("connection", Low56{reset.connection});
    v("token", reset.token);
  }
};
// In front of the sealed frames.
struct SealedHeader {
  static constexpr PacketType kType = PacketType::sealed;
  std::uint64_t connection{};  // 56 bits
  std::uint64_t counter{};     // never twice under one key
  std::uint32_t time{};        // the sender's clock, microseconds
  std::uint32_t echo{};        // the receiver's clock as the sender estimates it; 0: not known

  static constexpr void fields(auto& v, auto& header) {
    v("connection", Low56{header.connection});
    v("counter", header.counter);
    v("time", header.time);
    v("echo", header.echo);
  }
};
static_assert(1 + encoded_bytes(SealedHeader{}) == kSealedHeaderBytes);

// The slot of the server's session table that a connection names.
[[nodiscard]] constexpr std::uint32_t slot_of(std::uint64_t connection) noexcept {
  return static_cast<std::uint32_t>(connection & 0xFF'FFFF);
}
[[nodiscard]] constexpr std::uint64_t connection_of(std::uint32_t slot,
                                                    std::uint32_t random) noexcept {
  return (std::uint64_t{random} << 24U) | slot;
}
[[nodiscard]] constexpr std::uint64_t key_phase_of(std::uint64_t counter) noexcept {
  return counter >> kKeyPhaseBits;
}

[[nodiscard]] std::optional<PacketType> packet_type(Bytes datagram) noexcept;
// nullopt: not this packet, or not whole.
[[nodiscard]] std::optional<Reset> read_reset(Bytes datagram) noexcept;
// nullopt also if the datagram is too short for the tag.
[[nodiscard]] std::optional<SealedHeader> read_sealed(Bytes datagram) noexcept;

void write_reset(ByteWriter& out, const Reset& reset) noexcept;
void write_sealed(ByteWriter& out, const SealedHeader& header) noexcept;

}  // namespace chatd::wire
