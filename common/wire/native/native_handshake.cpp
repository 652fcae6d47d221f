// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_handshake.hpp"

#include "common/wire/native/packet_fields.hpp"

namespace chatd::wire {

std::optional<Hello> read_hello(Bytes datagram) noexcept {
  if (datagram.size() != kBaseDatagram) return std::nullopt;
  return read_packet<Hello>(datagram);
}
void write_hello(ByteWriter& out, const Hello& hello) noexcept {
  write_packet(out, hello);
  out.put_zeros(kBaseDatagram - out.size());
}

std::optional<Retry> read_retry(Bytes datagram) noexcept { return read_packet<Retry>(datagram); }
void write_retry(ByteWriter& out, const Retry& retry) noexcept { write_packet(out, retry); }

std::optional<Accept> read_accept(Bytes datagram) noexcept { return read_packet<Accept>(datagram); }
void write_accept(ByteWriter& out, const Accept& accept) noexcept { write_packet(out, accept); }

std::optional<Confirm> read_confirm(Bytes datagram) noexcept {
  return read_packet<Confirm>(datagram);
}
void write_confirm(ByteWriter& out, const Confirm& confirm) noexcept { write_packet(out, confirm); }

std::optional<Refuse> read_refuse(Bytes datagram) noexcept { return read_packet<Refuse>(datagram); }
void write_refuse(ByteWriter& out, const Refuse& refuse) noexcept { write_packet(out, refuse); }

std::array<std::byte, kNoisePrologue.size() + 8> noise_prologue(std::uint64_t token) noexcept {
  std::array<std::byte, kNoisePrologue.size() + 8> prologue{};
  ByteWriter out{prologue};
  out.put_text(kNoisePrologue);
  out.put(token);
  return prologue;
}

std::optional<LoginPayload> read_login(Bytes payload) noexcept {
  ByteReader in{payload};
  LoginPayload login{};
  decode(in, login);
  return in.ok() ? std::optional{login} : std::nullopt;
}
void write_login(ByteWriter& out, const LoginPayload& login) noexcept { encode(out, login); }

}  // namespace chatd::wire
