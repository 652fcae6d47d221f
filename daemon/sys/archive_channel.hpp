// SPDX-License-Identifier: GPL-3.0-or-later
// archive_channel.hpp — the messages between the gateway and the archive, a type for each.
//
// Runs in:   main() makes the pair; gateway and archive have an end each, the supervisor has both.
// Trust:     both ends are this program, so a message that cannot be read is our own bug; it is
//            dropped, because the pair outlives the process that sent it.
// Invariant: no call waits. ToArchive goes to the archive only, ToGateway to the gateway only. A
//            message arrives whole or not at all; messages arrive in order.
// Bounds:    a message has at most kMaxArchiveMessage bytes; an end holds what the socket's buffer
//            holds (208 KiB). A message for which there is no space is not sent, and its sender
//            goes on: Hurry and Stored are hints, which are repeated; a Request is refused, a
//            Question asked later; an Answer is lost, and its Question refused after a time.
// Crash:     the pair is kept when either process is killed, with the messages in it. So a message
//            may be for the predecessor of its reader, and may be of one that is dead. Each must be
//            harmless then: a Request is answered to its caller by any archive; Hurry and Stored
//            say only that the reader should look; an answer to a question has what its reader
//            needs to see that it did not ask it.
// To add:    the struct with its fields() beside Request, its name in one of the two variants, and
//            its case in the other process (daemon/archive/archive.cpp,
//            daemon/gateway/gateway.cpp), which does not compile without it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/sys/archive_question.hpp"

namespace chatd::sys {

// A question or an answer of 64 KiB, and what is around it.
inline constexpr std::size_t kMaxArchiveMessage = (std::size_t{64} << 10U) + 256;

// The request of an administrator, with the connection on which the answer is sent.
struct Request {
  std::string line;  // JSON, see common/wire/control/control_message.hpp
  static constexpr void fields(auto& v, auto& request) { v("line", request.line); }
};
// Request to store now, because somebody waits, and to say Stored then.
struct Hurry {};
using ToArchive = std::variant<Request, Hurry, Question>;

// Something that the archive has in shared memory has moved.
struct Stored {};
using ToGateway = std::variant<Stored, Answer>;

struct ArchivePair {
  UniqueFd gateway;  // the gateway's end
  UniqueFd archive;
};
[[nodiscard]] Result<ArchivePair> make_archive_pair();

// `descriptor`: a copy of it goes with the message. Error with the code EAGAIN: the other process
// has not read what was sent before; EMSGSIZE: the message is too long. It was not sent then.
[[nodiscard]] Result<> send(int gateway_end, const ToArchive& message,
                            std::optional<int> descriptor = std::nullopt);
[[nodiscard]] Result<> send(int archive_end, const ToGateway& message);

struct FromGateway {
  ToArchive message;
  UniqueFd fd;  // closed: none came with the message
};
// nullopt: there is no message.
[[nodiscard]] std::optional<FromGateway> receive_from_gateway(int archive_end);
[[nodiscard]] std::optional<ToGateway> receive_from_archive(int gateway_end);

}  // namespace chatd::sys
