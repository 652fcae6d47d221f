// SPDX-License-Identifier: GPL-3.0-or-later
// native_packet.hpp — what stands around the frames: the packets of the native protocol.
//
// Runs in:   client, gateway, worker.
// Borrows:   the datagram. Pure; nothing allocates.
// Invariant: any bytes are an ordinary value, or nothing. What is not sealed proves nothing.
// See:       chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/bytes.hpp"

namespace chatd::wire {

// First bytes of native packets: none of them begins a character of UTF-8, so that a line of text
// never looks like a packet.
inline constexpr std::byte kNativeFrom{0x80};
inline constexpr std::byte kNativeTo{0xC1};
[[nodiscard]] constexpr bool is_native(std::byte first) noexcept {
  return first >= kNativeFrom && first <= kNativeTo;
}
inline constexpr std::uint8_t kNativeVersion = 1;
// The datagram that every path carries (RFC 9000, 14.1 asks for the same), the longest that a
// client sends, and how long a HELLO is, so that no answer to it is three times as long.
inline constexpr std::size_t kBaseDatagram = 1200;
inline constexpr std::size_t kSealedHeaderBytes = 24;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kSealedOverhead = kSealedHeaderBytes + kTagBytes;
// The longest that the server sends, where the path to a client carries it.
inline constexpr std::size_t kMaxDatagram = 8192;
// So many frames of a packet are read by the server. A client needs no more: eight answers, DATA,
// PING, BYE and two ACKs.
inline constexpr std::size_t kMaxFrames = 16;
// The handshake's prologue: this, then the HELLO's token.
inline constexpr std::string_view kNoisePrologue = "chatd1";
[[nodiscard]] std::array<std::byte, kNoisePrologue.size() + 8> noise_prologue(
    std::uint64_t token) noexcept;
// Packets of one key; AES-GCM allows twice as many (RFC 9001, 6.6).
inline constexpr unsigned kKeyEpochBits = 22;

enum class PacketType : std::uint8_t {
  hello = 0x80,
  retry = 0x81,
  accept = 0x82,
  confirm = 0x83,
  refuse = 0x84,
  reset = 0x85,
  sealed = 0xC0,
};

using Cookie = std::array<std::byte, 16>;
using ResetToken = std::array<std::byte, 16>;

// The first word of a client, and its second, with a cookie and the first message of the
// handshake.
struct Hello {
  std::uint8_t version{kNativeVersion};
  std::uint32_t time{};
  std::uint64_t token{};
  Cookie cookie{};
  Bytes noise;  // empty in the first
};
struct Retry {
  bool password_wanted{};
  std::uint32_t time{};  // of the HELLO
  std::uint64_t token{};
  Cookie cookie{};
};
struct Accept {
  std::uint32_t time{};  // of the HELLO
  std::uint64_t token{};
  std::uint64_t handshake{};  // the server's name for it
  Bytes noise;
};
struct Confirm {
  std::uint32_t time{};
  std::uint64_t handshake{};
  Bytes noise;
};
enum class RefuseCode : std::uint8_t { version = 1, password = 2, handshake = 3, busy = 4 };
struct Refuse {
  RefuseCode code{};
  std::uint32_t time{};
  std::uint64_t reference{};  // the HELLO's token or the CONFIRM's handshake
};
struct Reset {
  std::uint64_t connection{};
  ResetToken token{};
};
struct SealedHeader {
  std::uint64_t connection{};  // 56 bits
  std::uint64_t counter{};     // never twice under one key
  std::uint32_t time{};        // the sender's clock, microseconds
  std::uint32_t echo{};        // the receiver's clock as the sender guesses it; 0: no guess
};

// The slot of the server's session table that a connection names.
[[nodiscard]] constexpr std::uint32_t slot_of(std::uint64_t connection) noexcept {
  return static_cast<std::uint32_t>(connection & 0xFF'FFFF);
}
[[nodiscard]] constexpr std::uint64_t connection_of(std::uint32_t slot,
                                                    std::uint32_t random) noexcept {
  return (std::uint64_t{random} << 24U) | slot;
}
[[nodiscard]] constexpr std::uint64_t key_epoch_of(std::uint64_t counter) noexcept {
  return counter >> kKeyEpochBits;
}

[[nodiscard]] std::optional<PacketType> packet_type(Bytes datagram) noexcept;
// nullopt: not this packet, or not whole.
[[nodiscard]] std::optional<Hello> read_hello(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Retry> read_retry(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Accept> read_accept(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Confirm> read_confirm(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Refuse> read_refuse(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Reset> read_reset(Bytes datagram) noexcept;
// Also says that there is room for a tag behind it.
[[nodiscard]] std::optional<SealedHeader> read_sealed(Bytes datagram) noexcept;

void write_hello(ByteWriter& out, const Hello& hello) noexcept;
void write_retry(ByteWriter& out, const Retry& retry) noexcept;
void write_accept(ByteWriter& out, const Accept& accept) noexcept;
void write_confirm(ByteWriter& out, const Confirm& confirm) noexcept;
void write_refuse(ByteWriter& out, const Refuse& refuse) noexcept;
void write_reset(ByteWriter& out, const Reset& reset) noexcept;
void write_sealed(ByteWriter& out, const SealedHeader& header) noexcept;

// What a client says of itself inside the handshake's last message.
struct LoginPayload {
  std::string_view name;
  std::uint64_t epoch{};        // of the room that it knows; 0: none
  std::uint64_t room_offset{};  // what it has of that room's log
  std::uint64_t client{};       // drawn when the program began: which of a person's clients
};
[[nodiscard]] std::optional<LoginPayload> read_login(Bytes payload) noexcept;
void write_login(ByteWriter& out, const LoginPayload& login) noexcept;

}  // namespace chatd::wire
