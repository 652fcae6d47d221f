// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/member_log.hpp"

#include <string>

#include "common/base/log.hpp"

namespace chatd::gateway {

using state::LeaveKind;

namespace {

std::string_view name_of(LeaveKind kind) {
  switch (kind) {
    case LeaveKind::quit:
      return "quit";
    case LeaveKind::kicked:
      return "kicked";
    case LeaveKind::idle:
      return "idle";
    case LeaveKind::unreachable:
      return "unreachable";
  }
  return "unknown";
}

}  // namespace

void log_join(const chat::Room& room, chat::Slot slot) {
  const std::string name{room.name(slot)};
  const std::string peer = to_text(room.where(slot));
  log(LogLevel::info, name + " joined from " + peer,
      {{"CHATD_EVENT", "join"}, {"CHATD_USER", name}, {"CHATD_ADDRESS", peer}});
}

void log_leave(const chat::Room& room, chat::Slot slot, LeaveKind kind, std::string_view reason) {
  const std::string name{room.name(slot)};
  const std::string peer = to_text(room.where(slot));
  const std::string how{name_of(kind)};
  std::string message = name + " left (" + how;
  if (!reason.empty()) message += ": " + std::string{reason};
  log(LogLevel::info, message + ")",
      {{"CHATD_EVENT", kind == LeaveKind::kicked ? "kick" : "leave"},
       {"CHATD_USER", name},
       {"CHATD_ADDRESS", peer},
       {"CHATD_REASON", reason.empty() ? std::string_view{how} : reason}});
}

}  // namespace chatd::gateway
