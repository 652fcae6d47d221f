// SPDX-License-Identifier: GPL-3.0-or-later
// native_handshake.hpp — the packets of the native handshake.
//
// Runs in:   client, gateway.
// Borrows:   the datagram. Pure; nothing allocates.
// Shape:     type, one byte; the fields of the struct. More at the end are those of a newer sender.
// Invariant: any bytes are a value or nothing; only the Noise messages prove anything.
// See:       native_packet.hpp for the packets of a session; chatd-protocol(7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/native_login.hpp"
#include "common/wire/native/native_packet.hpp"
#include "common/wire/reason_numbers.hpp"

namespace chatd::wire {

inline constexpr std::string_view kNoisePrologue = "chatd2";  // then the HELLO's token
[[nodiscard]] std::array<std::byte, kNoisePrologue.size() + 8> noise_prologue(
    std::uint64_t token) noexcept;

using Cookie = std::array<std::byte, 16>;

// Sent twice: first without a cookie and without a Noise message, then with both.
struct Hello {
  static constexpr PacketType kType = PacketType::hello;
  std::uint8_t version{kNativeVersion};
  std::uint32_t time{};   // the client's clock, microseconds
  std::uint64_t token{};  // random; the same in both
  Cookie cookie{};
  Bytes noise{};  // message 1

  static constexpr void fields(auto& v, auto& hello) {
    v("version", hello.version);
    v.reserved(2);
    v("time", hello.time);
    v("token", hello.token);
    v("cookie", hello.cookie);
    v("noise", ShortBytes{hello.noise});
  }
};
// The answer to the first HELLO.
struct Retry {
  static constexpr PacketType kType = PacketType::retry;
  std::uint8_t version{kNativeVersion};
  bool password_wanted{};
  std::uint32_t time{};  // of the HELLO
  std::uint64_t token{};
  Cookie cookie{};

  static constexpr void fields(auto& v, auto& retry) {
    v("version", retry.version);
    v("password_wanted", retry.password_wanted);
    v.reserved(1);
    v("time", retry.time);
    v("token", retry.token);
    v("cookie", retry.cookie);
  }
};
// The answer to the second HELLO.
struct Accept {
  static constexpr PacketType kType = PacketType::accept;
  std::uint8_t version{kNativeVersion};
  std::uint32_t time{};  // of the HELLO
  std::uint64_t token{};
  std::uint64_t handshake{};  // the server's number for it
  Bytes noise{};              // message 2

  static constexpr void fields(auto& v, auto& accept) {
    v("version", accept.version);
    v.reserved(2);
    v("time", accept.time);
    v("token", accept.token);
    v("handshake", accept.handshake);
    v("noise", Rest{accept.noise});
  }
};
// The client's last packet of the handshake.
struct Confirm {
  static constexpr PacketType kType = PacketType::confirm;
  std::uint8_t version{kNativeVersion};
  std::uint32_t time{};
  std::uint64_t handshake{};
  Bytes noise{};  // message 3, with the login payload

  static constexpr void fields(auto& v, auto& confirm) {
    v("version", confirm.version);
    v.reserved(2);
    v("time", confirm.time);
    v("handshake", confirm.handshake);
    v("noise", Rest{confirm.noise});
  }
};
// The answer to a HELLO or a CONFIRM that the server does not accept.
struct Refuse {
  static constexpr PacketType kType = PacketType::refuse;
  std::uint8_t version{kNativeVersion};
  RefuseCode code{};
  std::uint32_t time{};
  std::uint64_t reference{};  // the HELLO's token or the CONFIRM's handshake

  static constexpr void fields(auto& v, auto& refuse) {
    v("version", refuse.version);
    v("code", refuse.code);
    v.reserved(1);
    v("time", refuse.time);
    v("reference", refuse.reference);
  }
};

// nullopt: another packet, or not a whole one.
[[nodiscard]] std::optional<Hello> read_hello(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Retry> read_retry(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Accept> read_accept(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Confirm> read_confirm(Bytes datagram) noexcept;
[[nodiscard]] std::optional<Refuse> read_refuse(Bytes datagram) noexcept;
void write_hello(ByteWriter& out, const Hello& hello) noexcept;
void write_retry(ByteWriter& out, const Retry& retry) noexcept;
void write_accept(ByteWriter& out, const Accept& accept) noexcept;
void write_confirm(ByteWriter& out, const Confirm& confirm) noexcept;
void write_refuse(ByteWriter& out, const Refuse& refuse) noexcept;

}  // namespace chatd::wire
