// SPDX-License-Identifier: GPL-3.0-or-later
// control_answers.hpp — parts of answers to administrators, for the files control_*.cpp.
//
// Runs in:   gateway.
// Errors:    a Refusal, with a sentence for the administrator.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/verb.hpp"
#include "common/wire/message_text.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/sessions.hpp"
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

[[nodiscard]] inline chat::Now control_now() { return {.mono = mono_now(), .wall = wall_now()}; }

[[nodiscard]] inline WallTime wall_time_of(std::int64_t micros) { return WallTime{Micros{micros}}; }

// The value of an option of chatctl, see wire::Verb::options; "": it is not given.
[[nodiscard]] inline std::string_view option_in(const control::Args& args, const wire::Verb& verb,
                                                std::string_view option) {
  const std::size_t at = verb.argument_of(option);
  return at < args.size() ? std::string_view{args[at]} : std::string_view{};
}

// The room of chatctl --room, see wire::Verb::takes_room.
[[nodiscard]] inline std::optional<std::string_view> room_in(const control::Args& args,
                                                             const wire::Verb& verb) {
  if (args.size() < verb.all_args()) return std::nullopt;
  return args.back();
}

// The line of a member in `users` and `room`. `slot`: its first program.
[[nodiscard]] inline wire::UserRow user_row(const chat::Sessions& sessions, chat::Slot slot,
                                            MonoTime now) {
  const auto& session = sessions.session(slot);
  wire::UserRow row;
  row.name = sessions.name(slot);
  row.address = to_text(sessions.where(slot));
  row.protocol = session.kind == state::SessionKind::text ? "text" : "native";
  row.joined = wall_time_of(session.joined_wall);
  std::int64_t last_heard = 0;
  for (const chat::Slot program : chat::programs_of(sessions, slot)) {
    last_heard = std::max(last_heard, sessions.session(program).last_heard);
    row.messages += sessions.session(program).messages;
    ++row.programs;
  }
  row.idle =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch() - Micros{last_heard});
  row.is_away = chat::is_away(sessions, slot);
  if (session.kind == state::SessionKind::native) {
    row.key = crypto::fingerprint(sessions.identity(slot));
  }
  return row;
}

// Returns "1 member", "3 members" for a log message.
[[nodiscard]] inline std::string count_of_members(std::uint64_t count) {
  return fmt::format("{} member{}", count, count == 1 ? "" : "s");
}

// A text of the administrator without control characters; "": none. `what` is its name in the
// refusal.
[[nodiscard]] inline std::expected<std::string, control::Refusal> clean_or_empty(
    std::string_view text, std::size_t limit, std::string_view what) {
  std::vector<char> buffer(text.size());
  const auto clean = wire::clean_text(text, limit, buffer);
  if (clean) return std::string{*clean};
  if (clean.error() != wire::TextFault::too_long) return std::string{};
  return refuse_request(wire::code::kTooLong,
                        fmt::format("{} has {} bytes; at most {} fit", what, text.size(), limit));
}

// A kick that an administrator has requested: the member, the reason, and the report to reply with.
struct Kick {
  chat::Slot slot{};
  std::string reason;
  wire::KickReport report;
};
[[nodiscard]] inline std::expected<Kick, control::Refusal> find_kick(const chat::Sessions& sessions,
                                                                     std::string_view name,
                                                                     std::string_view reason) {
  const auto slot = sessions.find_name(name);
  if (!slot) return refuse_request(wire::code::kNotFound, fmt::format("nobody is called {}", name));
  auto clean = clean_or_empty(reason, chat::kMaxReasonBytes, "the reason");
  if (!clean) return std::unexpected{std::move(clean).error()};
  return Kick{.slot = *slot,
              .reason = std::move(*clean),
              .report = {.name = std::string{sessions.name(*slot)},
                         .address = to_text(sessions.where(*slot))}};
}

// Why an announcement of `bytes` bytes was refused.
[[nodiscard]] inline control::Refusal refusal_of(wire::TextFault fault, std::size_t bytes,
                                                 std::uint32_t limit) {
  switch (fault) {
    case wire::TextFault::empty:
      return {.code = std::string{wire::code::kUsage}, .message = "an announcement needs a text"};
    case wire::TextFault::not_utf8:
      return {.code = std::string{wire::code::kUsage},
              .message = "the announcement is not valid UTF-8"};
    case wire::TextFault::too_long:
      break;
  }
  return {.code = std::string{wire::code::kTooLong},
          .message = fmt::format("the announcement has {} bytes; at most {} fit", bytes, limit)};
}

}  // namespace chatd::gateway
