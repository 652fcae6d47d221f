// SPDX-License-Identifier: GPL-3.0-or-later
// control_refusals.hpp — why a request of an administrator is refused: sentences that several
// files control_*.cpp need.
//
// Runs in:   gateway.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/wire/message_text.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::gateway {

[[nodiscard]] inline std::unexpected<control::Refusal> refuse_request(std::string_view code,
                                                                      std::string message) {
  return std::unexpected{
      control::Refusal{.code = std::string{code}, .message = std::move(message)}};
}

// Moderation refuses a change for this reason.
[[nodiscard]] inline std::unexpected<control::Refusal> refuse_because(wire::Reason reason) {
  return refuse_request(wire::code::kFailed, std::string{wire::phrase(wire::Language::en, reason)});
}

[[nodiscard]] inline std::unexpected<control::Refusal> refuse_unknown(std::string_view name) {
  return refuse_request(wire::code::kNotFound, fmt::format("nobody is called {}", name));
}

// `what` is the name of the text, as in "the topic".
[[nodiscard]] inline std::unexpected<control::Refusal> refuse_too_long(std::string_view what,
                                                                       std::size_t bytes,
                                                                       std::size_t limit) {
  return refuse_request(wire::code::kTooLong,
                        fmt::format("{} has {} bytes; at most {} fit", what, bytes, limit));
}

// A room gets no such name.
[[nodiscard]] inline std::unexpected<control::Refusal> refuse_room_name(wire::Reason reason,
                                                                        std::string_view name) {
  if (reason == wire::Reason::bad_room_name) {
    return refuse_request(wire::code::kUsage,
                          fmt::format("\"{}\" is not a possible name of a room", name));
  }
  if (reason == wire::Reason::room_exists) {
    return refuse_request(wire::code::kFailed, fmt::format("there is a room #{} already", name));
  }
  return refuse_because(reason);
}

// An announcement of `bytes` bytes was refused.
[[nodiscard]] inline std::unexpected<control::Refusal> refuse_announcement(wire::TextFault fault,
                                                                           std::size_t bytes,
                                                                           std::size_t limit) {
  switch (fault) {
    case wire::TextFault::empty:
      return refuse_request(wire::code::kUsage, "an announcement needs a text");
    case wire::TextFault::not_utf8:
      return refuse_request(wire::code::kUsage, "the announcement is not valid UTF-8");
    case wire::TextFault::too_long:
      break;
  }
  return refuse_too_long("the announcement", bytes, limit);
}

}  // namespace chatd::gateway
