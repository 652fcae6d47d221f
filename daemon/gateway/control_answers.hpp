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
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/verb.hpp"
#include "common/wire/message_text.hpp"
#include "daemon/chat/door.hpp"
#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/moderation.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/control_refusals.hpp"

namespace chatd::gateway {

[[nodiscard]] inline chat::Now control_now() { return {.mono = mono_now(), .wall = wall_now()}; }

// The sender of a change of a room that chatctl makes.
[[nodiscard]] inline chat::Moderation::By by_administrator(chat::Now now = control_now()) {
  return {.member = std::nullopt, .end = 0, .now = now};
}

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

// The value of server.door.
[[nodiscard]] inline std::string_view value_of(const chat::Door& door) noexcept {
  return name_of(door.is_closed() ? config::WhoEnters::invited : config::WhoEnters::anyone);
}

// The line of a member in `users` and `room`. `slot`: its first program.
[[nodiscard]] inline wire::UserRow user_row(const chat::Sessions& sessions, chat::Slot slot,
                                            MonoTime now) {
  const auto& session = sessions.session(slot);
  wire::UserRow row;
  row.name = sessions.name(slot);
  row.address = to_text(sessions.where(slot));
  row.protocol = name_of(session.kind);
  // A new gateway has another order of the programs.
  std::int64_t joined = session.joined_wall;
  std::int64_t last_heard = 0;
  for (const chat::Slot program : chat::programs_of(sessions, slot)) {
    joined = std::min(joined, sessions.session(program).joined_wall);
    last_heard = std::max(last_heard, sessions.session(program).last_heard);
    row.messages += sessions.session(program).messages;
    ++row.programs;
  }
  row.joined = wall_time_of(joined);
  row.idle =
      std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch() - Micros{last_heard});
  row.is_away = chat::is_away(sessions, slot);
  row.is_owned = chat::is_proved(sessions, slot);
  if (state::has_mailbox(session.kind)) {
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
  return refuse_too_long(what, text.size(), limit);
}

// Calls the handler of a verb, which may do without the caller.
template <class Report, class Handler>
[[nodiscard]] control::Answer<Report> call_handler(Handler& handler, const control::Args& args,
                                                   const control::Caller& caller) {
  if constexpr (std::is_invocable_v<Handler&, const control::Args&>) {
    return handler(args);
  } else {
    return handler(args, caller);
  }
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
  if (!slot) return refuse_unknown(name);
  auto clean = clean_or_empty(reason, chat::kMaxReasonBytes, "the reason");
  if (!clean) return std::unexpected{std::move(clean).error()};
  return Kick{.slot = *slot,
              .reason = std::move(*clean),
              .report = {.name = std::string{sessions.name(*slot)},
                         .address = to_text(sessions.where(*slot))}};
}

}  // namespace chatd::gateway
