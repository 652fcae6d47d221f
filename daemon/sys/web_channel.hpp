// SPDX-License-Identifier: GPL-3.0-or-later
// web_channel.hpp — how web and the gateway exchange the messages of web_messages.hpp.
//
// Runs in:   main() makes the pair; gateway and web have an end each, the supervisor has both.
// Trust:     web reads what browsers send, so the gateway takes it for hostile: a message that
//            cannot be read is dropped, and each of the others is checked. The kernel says which
//            process has sent a message; the gateway drops those of another process than the web of
//            now. A session is changed only for a web that has shown its token since its own start.
// Invariant: no call waits. A message arrives whole or not at all; messages arrive in order.
// Bounds:    as of message_socket.hpp. A command has at most kMaxWebCommand bytes.
// Crash:     the pair is kept when either process is killed, with the messages in it. An answer may
//            be lost, or come to a successor of the web that asked: `request` is a number that
//            begins at random in each web, so that an answer to another one is recognized. Each
//            message can be sent again: an entry with the same token and client continues the same
//            session, and a command is executed once, by its `n`.
#pragma once

#include <sys/types.h>

#include <optional>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"
#include "daemon/sys/web_answers.hpp"
#include "daemon/sys/web_messages.hpp"

namespace chatd::sys {

struct WebPair {
  UniqueFd gateway;  // the gateway's end
  UniqueFd web;
};
[[nodiscard]] Result<WebPair> make_web_pair();

// Errors: as of send_bytes().
[[nodiscard]] Result<> send(int web_end, const FromWeb& message);
[[nodiscard]] Result<> send(int gateway_end, const ToWeb& message);

struct WebMessage {
  FromWeb message;
  pid_t sender;
};
// nullopt: there is no message.
[[nodiscard]] std::optional<WebMessage> receive_from_web(int gateway_end);
[[nodiscard]] std::optional<ToWeb> receive_for_web(int web_end);

}  // namespace chatd::sys
