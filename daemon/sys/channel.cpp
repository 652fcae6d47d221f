// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/channel.hpp"

#include <chrono>
#include <span>

#include "common/process/codec.hpp"

namespace chatd::sys {

namespace {

// Far longer than it takes; a peer that is stuck for that long is found by its heartbeat.
constexpr std::chrono::milliseconds kSendLimit{1000};

template <class Message>
process::Bytes encode(const Message& message) {
  process::Bytes bytes;
  process::Codec<Message>::write(bytes, message);
  return bytes;
}

template <class Message>
Result<std::optional<Message>> receive(process::PipeEnd& end) {
  auto bytes = end.receive(process::kNoWait);
  if (!bytes) return fail(std::move(bytes).error());
  if (!*bytes) return std::nullopt;
  std::span<const std::byte> rest{**bytes};
  Message message;
  if (!process::Codec<Message>::read(rest, message) || !rest.empty()) {
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
