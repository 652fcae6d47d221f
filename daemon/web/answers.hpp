// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp — the answers of the gateway, as responses.
//
// Runs in:   web. Pure.
// See:       chatd-web(7), which lists the bodies and the codes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/http/message.hpp"
#include "common/wire/native/native_command.hpp"
#include "daemon/sys/web_channel.hpp"
#include "daemon/web/codes.hpp"
#include "daemon/web/members.hpp"

namespace chatd::web {

[[nodiscard]] http::Response refused_response(const http::Code& code, std::string message);
[[nodiscard]] http::Response response_of(const Refusal& refusal);
// A sentence in English for a reason.
[[nodiscard]] std::string sentence_of(wire::Reason reason);

// A room that a session is in.
struct OwnRoom {
  std::string name;  // "": the default room
  std::string topic;
};
[[nodiscard]] http::Response entered_response(const Entered& entered,
                                              const std::vector<OwnRoom>& rooms,
                                              std::string_view cursor);

// Lists, from the rows that all parts have: "users" and "rooms".
[[nodiscard]] http::Response users_response(std::string_view rows);
[[nodiscard]] http::Response rooms_response(std::string_view rows);

// Lines that are not stored, among stored lines.
inline constexpr std::string_view kGapEvent = "gap";
using RoomName = std::function<std::string(std::uint32_t id)>;
// Of a page of stored lines. `is_forward`: the question was for lines after a place.
[[nodiscard]] http::Response lines_response(const sys::Answer& answer, bool is_forward,
                                            const RoomName& name_of);

}  // namespace chatd::web
