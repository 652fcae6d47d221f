// SPDX-License-Identifier: GPL-3.0-or-later
// command_json.hpp — the JSON of a page, as commands of the native protocol.
//
// Runs in:   web. Pure.
// Invariant: any bytes are a command or a refusal. A command is at most wire::kMaxCommandBytes.
// Names
//            and texts are not looked at: the gateway does that, for all members alike.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/rules.hpp"
#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_history.hpp"

namespace chatd::web {

// The id of a room that the session is in, by its name; "": the default room. nullopt: it is in no
// such room.
using FindRoom = std::function<std::optional<wire::RoomId>(std::string_view name)>;

struct Command {
  std::uint64_t n{};    // of the session, from 1 on; 0: nothing is to be done but `after`
  std::string bytes{};  // one native command
  std::string after{};  // the cursor up to which the page has handled events; may be empty
};
// The body of POST /api/commands.
[[nodiscard]] std::expected<Command, http::Refusal> read_command(std::string_view body,
                                                                 const FindRoom& find);

// The member `kind` of each command; chatd-web(7) lists them.
[[nodiscard]] std::vector<std::string_view> command_kinds();

struct EnterRequest {
  std::string name{};
  std::string token{};  // base64url of 32 bytes
  std::string client{};
  std::optional<std::string> password{};
  std::string code{};
};
// The body of POST /api/session.
[[nodiscard]] std::expected<EnterRequest, http::Refusal> read_enter(std::string_view body);

// A question: who is in a room, or on the server; from a place of the list on.
[[nodiscard]] std::string who_command(std::optional<wire::RoomId> room, std::uint32_t place);
[[nodiscard]] std::string rooms_command(std::uint32_t place);
[[nodiscard]] std::string history_command(wire::RoomId room, const wire::HistoryQuestion& question);

}  // namespace chatd::web
