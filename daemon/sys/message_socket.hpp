// SPDX-License-Identifier: GPL-3.0-or-later
// message_socket.hpp — whole messages between two processes of the service, over a pair of sockets
// that outlives both. archive_channel.hpp and web_channel.hpp say which messages there are.
//
// Runs in:   gateway, archive, web.
// Invariant: no call waits. A message arrives whole or not at all; messages arrive in order.
// Bounds:    a message has at most kMaxMessage bytes; an end holds what the socket's buffer holds
//            (208 KiB). A message for which there is no space is not sent.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "common/process/codec.hpp"

namespace chatd::sys {

// A question or an answer of 64 KiB, and what is around it.
inline constexpr std::size_t kMaxMessage = (std::size_t{64} << 10U) + 256;

// Two connected ends.
[[nodiscard]] Result<std::pair<UniqueFd, UniqueFd>> make_message_pair();
// The kernel says with each message that comes to this end which process has sent it.
[[nodiscard]] Result<> ask_for_sender(int end);

// `descriptor`: a copy of it goes with the message. Error with the code EAGAIN: the other process
// has not read what was sent before; EMSGSIZE: the message is too long. It was not sent then.
[[nodiscard]] Result<> send_bytes(int end, std::span<const std::byte> bytes,
                                  std::optional<int> descriptor = std::nullopt);

struct Packet {
  process::Bytes bytes;
  UniqueFd fd;      // closed: none came with the message
  pid_t sender{0};  // 0: not asked for, or a process of another pid namespace
};
// nullopt: there is none. Of one that is too long there are no bytes, and also if the other end is
// closed in every process. A message with several descriptors has none here; they are closed.
[[nodiscard]] std::optional<Packet> take_packet(int end);

template <class Message>
[[nodiscard]] Result<> send_message(int end, const Message& message,
                                    std::optional<int> descriptor = std::nullopt) {
  process::Bytes bytes;
  process::Codec<Message>::write(bytes, message);
  return send_bytes(end, bytes, descriptor);
}

// A process that sends such messages without pause does not hold up the one that reads them.
inline constexpr int kMaxSkipped = 64;

// The value of a packet. Messages that cannot be read are skipped, also empty ones. nullopt: there
// is no message; or kMaxSkipped were skipped, and the end is still readable if there are more.
template <class Message>
[[nodiscard]] std::optional<std::pair<Message, Packet>> take_message(int end) {
  for (int skipped = 0; skipped < kMaxSkipped; ++skipped) {
    auto packet = take_packet(end);
    if (!packet) return std::nullopt;
    std::span<const std::byte> rest{packet->bytes};
    Message message;
    if (!process::Codec<Message>::read(rest, message) || !rest.empty()) continue;
    return std::pair{std::move(message), std::move(*packet)};
  }
  return std::nullopt;
}

}  // namespace chatd::sys
