// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/channel.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <type_traits>

#include "common/process/codec.hpp"

// Message = number of its type in the variant (u8), then its members in order.
namespace chatd::process {

template <class T, auto... Members>
struct MembersCodec {
  static void write(Bytes& out, const T& value) { (write_one(out, value.*Members), ...); }
  static bool read(std::span<const std::byte>& in, T& value) {
    return (read_one(in, value.*Members) && ...);
  }

 private:
  template <class Member>
  static void write_one(Bytes& out, const Member& member) {
    Codec<Member>::write(out, member);
  }
  template <class Member>
  static bool read_one(std::span<const std::byte>& in, Member& member) {
    return Codec<Member>::read(in, member);
  }
};

template <>
struct Codec<sys::Failed> : MembersCodec<sys::Failed, &sys::Failed::why> {};
template <>
struct Codec<sys::Change>
    : MembersCodec<sys::Change, &sys::Change::setting, &sys::Change::needs_restart> {};
template <>
struct Codec<sys::Reloaded>
    : MembersCodec<sys::Reloaded, &sys::Reloaded::changes, &sys::Reloaded::warnings> {};
template <>
struct Codec<sys::ReloadRefused> : MembersCodec<sys::ReloadRefused, &sys::ReloadRefused::problems> {
};
template <>
struct Codec<sys::UpgradeRefused> : MembersCodec<sys::UpgradeRefused, &sys::UpgradeRefused::why> {};

}  // namespace chatd::process

namespace chatd::sys {

namespace {

// Far longer than it takes; a peer that is stuck for that long is found by its heartbeat.
constexpr std::chrono::milliseconds kSendLimit{1000};

template <class Message>
process::Bytes encode(const Message& message) {
  process::Bytes bytes;
  process::Codec<std::uint8_t>::write(bytes, static_cast<std::uint8_t>(message.index()));
  std::visit(
      [&](const auto& one) {
        using One = std::decay_t<decltype(one)>;
        if constexpr (!std::is_empty_v<One>) process::Codec<One>::write(bytes, one);
      },
      message);
  return bytes;
}

// The message of the type with the number `type`, of those from `Index` on. False: there is none,
// or its members are not all there.
template <class Message, std::size_t Index = 0>
bool decode(std::size_t type, std::span<const std::byte>& in, Message& message) {
  if constexpr (Index < std::variant_size_v<Message>) {
    if (type != Index) return decode<Message, Index + 1>(type, in, message);
    using One = std::variant_alternative_t<Index, Message>;
    auto& one = message.template emplace<Index>();
    if constexpr (!std::is_empty_v<One>) return process::Codec<One>::read(in, one);
    return true;
  }
  return false;
}

template <class Message>
Result<std::optional<Message>> receive(process::PipeEnd& end) {
  auto bytes = end.receive(process::kNoWait);
  if (!bytes) return fail(std::move(bytes).error());
  if (!*bytes) return std::nullopt;
  std::span<const std::byte> rest{**bytes};
  std::uint8_t type = 0;
  Message message;
  if (!process::Codec<std::uint8_t>::read(rest, type) || !decode(type, rest, message) ||
      !rest.empty()) {
    return fail("a message on the channel that cannot be read");
  }
  return message;
}

}  // namespace

Result<> send(process::PipeEnd& end, const ToSupervisor& message) {
  return end.send(encode(message), kSendLimit);
}

Result<> send(process::PipeEnd& end, const ToChild& message) {
  return end.send(encode(message), process::kNoWait);
}

Result<std::optional<ToSupervisor>> receive_from_child(process::PipeEnd& end) {
  return receive<ToSupervisor>(end);
}

Result<std::optional<ToChild>> receive_from_supervisor(process::PipeEnd& end) {
  return receive<ToChild>(end);
}

}  // namespace chatd::sys
