// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/limits/member_log.hpp"

#include <string>

#include "common/base/log.hpp"
#include "daemon/limits/leave_reason.hpp"
#include "daemon/limits/logged_address.hpp"

namespace chatd::gateway {

using state::LeaveKind;

namespace {

constexpr Micros kSecond = std::chrono::seconds{1};

// `is_program`: the member stays, with another program.
constexpr std::string_view event_of(LeaveKind kind, bool is_program) {
  if (is_program) return "program";
  return kind == LeaveKind::kicked ? "kick" : "leave";
}

}  // namespace

void MemberLog::joined(const chat::Sessions& sessions, chat::Slot slot, MonoTime now) {
  const bool own_line = has_line(now);
  if (!own_line) ++joined_;
  const std::string name{sessions.name(slot)};
  const Endpoint& peer = sessions.where(slot);
  const bool is_program = !sessions.roster().is_alone(slot);
  const std::string how = is_program ? " logged in with another program from " : " joined from ";
  log(own_line ? LogLevel::info : LogLevel::debug, name + how + logged_address(peer),
      {{"CHATD_EVENT", is_program ? "program" : "join"},
       {"CHATD_USER", name},
       {"CHATD_ADDRESS", to_text(peer.address)},
       {"CHATD_PORT", std::to_string(peer.port)}});
}

void MemberLog::left(const chat::Sessions& sessions, chat::Slot slot, LeaveKind kind,
                     std::string_view reason, MonoTime now) {
  const bool is_program = !sessions.roster().is_alone(slot);
  const bool own_line = (kind == LeaveKind::kicked && !is_program) || has_line(now);
  if (!own_line) ++left_;
  const std::string name{sessions.name(slot)};
  const Endpoint& peer = sessions.where(slot);
  const std::string how{wire::code_of(reason_of(kind))};
  std::string message = name + (is_program ? " ended a program (" : " left (") + how;
  if (!reason.empty()) message += ": " + std::string{reason};
  log(own_line ? LogLevel::info : LogLevel::debug, message + ")",
      {{"CHATD_EVENT", event_of(kind, is_program)},
       {"CHATD_USER", name},
       {"CHATD_ADDRESS", to_text(peer.address)},
       {"CHATD_PORT", std::to_string(peer.port)},
       {"CHATD_REASON", reason.empty() ? std::string_view{how} : reason}});
}

void MemberLog::admitted(std::string_view name, state::InvitationId invitation) {
  const std::string id = std::to_string(static_cast<std::uint32_t>(invitation));
  log(LogLevel::info, std::string{name} + " was admitted by the invitation " + id,
      {{"CHATD_EVENT", "admitted"}, {"CHATD_USER", name}, {"CHATD_INVITATION", id}});
}

void MemberLog::tick(MonoTime now) {
  const Micros passed = now - second_began_;
  if (passed < kSecond) return;
  if (joined_ + left_ != 0) write_summary();
  // After a second with too many events, the next second has only the summary line.
  lines_ = seen_ > kLines && passed < 2 * kSecond ? 0 : kLines;
  seen_ = 0;
  second_began_ = now;
}

bool MemberLog::has_line(MonoTime now) {
  tick(now);
  return ++seen_ <= lines_;
}

void MemberLog::write_summary() {
  const std::string joined = std::to_string(joined_);
  const std::string left = std::to_string(left_);
  log(LogLevel::info, "many at once: " + joined + " more joined, " + left + " more left",
      {{"CHATD_EVENT", "crowd"}, {"CHATD_JOINED", joined}, {"CHATD_LEFT", left}});
  joined_ = left_ = 0;
}

void MemberLog::finish() {
  if (joined_ + left_ != 0) write_summary();
}

}  // namespace chatd::gateway
