// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native_packet.hpp"

namespace chatd::wire {

namespace {

constexpr std::uint64_t kConnectionBits = (std::uint64_t{1} << 56U) - 1;

bool is(Bytes datagram, PacketType type) noexcept { return packet_type(datagram) == type; }

// Type, version, two bytes of the packet's own, time, and 64 bits of the packet's own: what
// every packet of the handshake begins with.
struct Front {
  std::uint8_t type;
  std::uint8_t version;
  std::uint8_t first;
  std::uint8_t second;
  std::uint32_t time;
  std::uint64_t reference;
};

Front take_front(ByteReader& in) noexcept {
  return {.type = in.take<std::uint8_t>(),
          .version = in.take<std::uint8_t>(),
          .first = in.take<std::uint8_t>(),
          .second = in.take<std::uint8_t>(),
          .time = in.take<std::uint32_t>(),
          .reference = in.take<std::uint64_t>()};
}

void put_front(ByteWriter& out, PacketType type, std::uint8_t first, std::uint32_t time,
               std::uint64_t reference, std::uint8_t version = kNativeVersion) noexcept {
  out.put(static_cast<std::uint8_t>(type));
  out.put(version);
  out.put(first);
  out.put(std::uint8_t{0});
  out.put(time);
  out.put(reference);
}

}  // namespace

std::optional<PacketType> packet_type(Bytes datagram) noexcept {
  if (datagram.empty()) return std::nullopt;
  switch (const auto type = static_cast<PacketType>(datagram.front())) {
    case PacketType::hello:
    case PacketType::retry:
    case PacketType::accept:
    case PacketType::confirm:
    case PacketType::refuse:
    case PacketType::reset:
    case PacketType::sealed:
      return type;
  }
  return std::nullopt;
}

std::optional<Hello> read_hello(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::hello) || datagram.size() != kBaseDatagram) return std::nullopt;
  ByteReader in{datagram};
  const Front front = take_front(in);
  Hello hello{.version = front.version,
              .time = front.time,
              .token = front.reference,
              .cookie = {},
              .noise = {}};
  in.take_into(hello.cookie);
  hello.noise = in.take_bytes(in.take<std::uint8_t>());
  return in.ok() ? std::optional{hello} : std::nullopt;
}

void write_hello(ByteWriter& out, const Hello& hello) noexcept {
  put_front(out, PacketType::hello, 0, hello.time, hello.token, hello.version);
  out.put_bytes(hello.cookie);
  out.put(static_cast<std::uint8_t>(hello.noise.size()));
  out.put_bytes(hello.noise);
  out.put_zeros(kBaseDatagram - out.size());
}

std::optional<Retry> read_retry(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::retry)) return std::nullopt;
  ByteReader in{datagram};
  const Front front = take_front(in);
  Retry retry{.password_wanted = (front.first & 1U) != 0,
              .time = front.time,
              .token = front.reference,
              .cookie = {}};
  in.take_into(retry.cookie);
  return in.ok() ? std::optional{retry} : std::nullopt;
}

void write_retry(ByteWriter& out, const Retry& retry) noexcept {
  put_front(out, PacketType::retry, retry.password_wanted ? 1 : 0, retry.time, retry.token);
  out.put_bytes(retry.cookie);
}

std::optional<Accept> read_accept(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::accept)) return std::nullopt;
  ByteReader in{datagram};
  const Front front = take_front(in);
  Accept accept{.time = front.time,
                .token = front.reference,
                .handshake = in.take<std::uint64_t>(),
                .noise = {}};
  accept.noise = in.rest();
  return in.ok() ? std::optional{accept} : std::nullopt;
}

void write_accept(ByteWriter& out, const Accept& accept) noexcept {
  put_front(out, PacketType::accept, 0, accept.time, accept.token);
  out.put(accept.handshake);
  out.put_bytes(accept.noise);
}

std::optional<Confirm> read_confirm(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::confirm)) return std::nullopt;
  ByteReader in{datagram};
  const Front front = take_front(in);
  if (!in.ok()) return std::nullopt;
  return Confirm{.time = front.time, .handshake = front.reference, .noise = in.rest()};
}

void write_confirm(ByteWriter& out, const Confirm& confirm) noexcept {
  put_front(out, PacketType::confirm, 0, confirm.time, confirm.handshake);
  out.put_bytes(confirm.noise);
}

std::optional<Refuse> read_refuse(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::refuse)) return std::nullopt;
  ByteReader in{datagram};
  const Front front = take_front(in);
  if (!in.ok()) return std::nullopt;
  return Refuse{.code = static_cast<RefuseCode>(front.first),
                .time = front.time,
                .reference = front.reference};
}

void write_refuse(ByteWriter& out, const Refuse& refuse) noexcept {
  put_front(out, PacketType::refuse, static_cast<std::uint8_t>(refuse.code), refuse.time,
            refuse.reference);
}

std::optional<Reset> read_reset(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::reset)) return std::nullopt;
  ByteReader in{datagram};
  Reset reset{.connection = in.take<std::uint64_t>() >> 8U, .token = {}};
  in.take_into(reset.token);
  return in.ok() ? std::optional{reset} : std::nullopt;
}

void write_reset(ByteWriter& out, const Reset& reset) noexcept {
  out.put((reset.connection << 8U) | static_cast<std::uint8_t>(PacketType::reset));
  out.put_bytes(reset.token);
}

std::optional<SealedHeader> read_sealed(Bytes datagram) noexcept {
  if (!is(datagram, PacketType::sealed) || datagram.size() < kSealedOverhead) return std::nullopt;
  ByteReader in{datagram};
  return SealedHeader{.connection = in.take<std::uint64_t>() >> 8U,
                      .counter = in.take<std::uint64_t>(),
                      .time = in.take<std::uint32_t>(),
                      .echo = in.take<std::uint32_t>()};
}

void write_sealed(ByteWriter& out, const SealedHeader& header) noexcept {
  out.put(((header.connection & kConnectionBits) << 8U) |
          static_cast<std::uint8_t>(PacketType::sealed));
  out.put(header.counter);
  out.put(header.time);
  out.put(header.echo);
}

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
  login.name = in.take_text(in.take<std::uint8_t>());
  login.epoch = in.take<std::uint64_t>();
  login.room_offset = in.take<std::uint64_t>();
  login.client = in.take<std::uint64_t>();
  return in.ok() ? std::optional{login} : std::nullopt;
}

void write_login(ByteWriter& out, const LoginPayload& login) noexcept {
  out.put(static_cast<std::uint8_t>(login.name.size()));
  out.put_text(login.name);
  out.put(login.epoch);
  out.put(login.room_offset);
  out.put(login.client);
}

}  // namespace chatd::wire
