// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_rooms.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/natural_order.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/native_room.hpp"
#include "daemon/chat/each_room.hpp"
#include "daemon/chat/room_rates.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/state/room_log.hpp"

namespace chatd::gateway {

using state::RoomPlace;

namespace {

// "#lab" is shown, and may be typed.
std::string_view without_mark(std::string_view name) {
  return name.starts_with('#') ? name.substr(1) : name;
}

// A larger log is not read for a report: meanwhile members would wait.
constexpr std::uint64_t kMaxReadBytes = std::uint64_t{4} << 20U;

std::uint64_t held_by(const logs::LogMemory& log) { return log.tail() - log.oldest(); }

std::optional<std::uint64_t> count_messages(const logs::LogMemory& log, WallTime since) {
  if (held_by(log) > kMaxReadBytes) return std::nullopt;
  return state::messages_since(log, since);
}

void log_announcement(const wire::AnnounceReport& report) {
  const std::string count = std::to_string(report.members);
  std::string message = "announced to " + count_of_members(report.members);
  std::vector<LogField> fields{{"CHATD_EVENT", "announce"}, {"CHATD_MEMBERS", count}};
  if (!report.room.empty()) {
    message += " of #" + report.room;
    fields.push_back({"CHATD_ROOM", report.room});
  }
  log(LogLevel::notice, message, fields);
}

// Logs a kick from a further room. MemberLog logs a kick from the server.
void log_kick(const Kick& kick, const Endpoint& peer) {
  const auto& [name, address, room] = kick.report;
  const std::string_view reason = kick.reason;
  log(LogLevel::notice,
      fmt::format("{} was removed from #{} ({})", name, room,
                  reason.empty() ? "kicked" : "kicked: " + kick.reason),
      {{"CHATD_EVENT", "kick"},
       {"CHATD_USER", name},
       {"CHATD_ADDRESS", to_text(peer.address)},
       {"CHATD_PORT", std::to_string(peer.port)},
       {"CHATD_REASON", reason.empty() ? "kicked" : reason},
       {"CHATD_ROOM", room}});
}

}  // namespace

void log_room_change(std::string_view room, std::string_view change, std::string_view message) {
  log(LogLevel::notice, message,
      {{"CHATD_EVENT", "room"}, {"CHATD_ROOM", room}, {"CHATD_CHANGE", change}});
}

// --- search ------------------------------------------------------------------------

std::expected<ControlRooms::Room, control::Refusal> ControlRooms::find(
    std::string_view name) const {
  const std::string_view bare = without_mark(name);
  if (const auto place = chat_.rooms.find_name(bare)) return *place;
  const std::string folded = wire::folded_name(bare);
  if (!folded.empty() && folded == wire::folded_name(config_.room.name)) return std::nullopt;
  return refuse_request(wire::code::kNotFound, fmt::format("there is no room #{}", bare));
}

std::expected<RoomPlace, control::Refusal> ControlRooms::find_further(
    std::string_view name, std::string_view must_not) const {
  const auto room = find(name);
  if (!room) return std::unexpected{room.error()};
  if (*room) return **room;
  return refuse_request(wire::code::kFailed, fmt::format("#{} is the default room, which {}",
                                                         config_.room.name, must_not));
}

std::optional<bool> ControlRooms::unsaved(const Room& room) const {
  const bool lasts = !room || chat_.rooms.row(room->index).is_kept != 0;
  return lasts ? std::optional{false} : std::nullopt;
}

std::string ControlRooms::name_of(const Room& room) const {
  return room ? std::string{chat_.rooms.name(room->index)} : config_.room.name;
}

const state::RoomProperties& ControlRooms::properties_of(const Room& room) const {
  return state_.properties(room ? std::optional{room->index} : std::nullopt);
}

ControlRooms::Room ControlRooms::place_of(state::RoomId room) const {
  if (room == state::kDefaultRoom) return std::nullopt;
  for (auto place = chat_.rooms.next(0); place;
       place = chat_.rooms.next(static_cast<std::uint32_t>(place->index) + 1)) {
    if (place->id == room) return place;
  }
  return std::nullopt;
}

std::optional<std::string> ControlRooms::default_name_conflict() const {
  const auto further = chat_.rooms.find_name(config_.room.name);
  if (!further) return std::nullopt;
  return fmt::format("a further room has this name, too, and #{} means that room",
                     chat_.rooms.name(further->index));
}

// --- reports -----------------------------------------------------------------------

wire::RoomRow ControlRooms::default_row() const {
  return {.name = config_.room.name,
          .is_default = true,
          .is_kept = true,
          .members = chat_.sessions.size(),
          .made = wall_time_of(state_.header().started_wall),
          .records = state_.next_sequence().load(std::memory_order_relaxed),
          .log_bytes = held_by(state_.room_log())};
}

wire::RoomRow ControlRooms::row_of(state::RoomIndex room) const {
  const state::RoomSlot& row = chat_.rooms.row(room);
  return {.name = std::string{chat_.rooms.name(room)},
          .is_default = false,
          .is_kept = row.is_kept != 0,
          .members = chat_.rooms.members(room),
          .made = wall_time_of(row.made_wall),
          .records = row.head.next_sequence.load(std::memory_order_relaxed),
          .log_bytes = held_by(state_.room_log(room))};
}

wire::RoomsReport ControlRooms::rooms() const {
  wire::RoomsReport report;
  report.rooms.push_back(default_row());
  chat::for_each_room(chat_.rooms,
                      [&](const RoomPlace& place) { report.rooms.push_back(row_of(place.index)); });
  std::ranges::sort(report.rooms.begin() + 1, report.rooms.end(), is_before, &wire::RoomRow::name);
  return report;
}

control::Answer<wire::RoomReport> ControlRooms::room(std::string_view name) const {
  const auto room = find(name);
  if (!room) return std::unexpected{room.error()};
  wire::RoomReport report{.users = users_of(*room).users};
  const WallTime since = control_now().wall - std::chrono::minutes{1};
  if (!*room) {
    report.messages = count_messages(state_.room_log(), since);
    report.room = default_row();
    report.log_limit_bytes = state_.room_log().capacity();
    return report;
  }
  const state::RoomIndex index = (*room)->index;
  report.room = row_of(index);
  report.log_limit_bytes = state_.room_log(index).capacity();
  const state::RoomSlot& row = chat_.rooms.row(index);
  if (row.maker_end != 0) report.maker = crypto::fingerprint(row.maker);
  report.messages = count_messages(state_.room_log(index), since);
  report.too_fast = chat_.rights.too_fast(**room);
  if (config_.limits.messages_per_second > 0) {
    report.per_second = static_cast<std::uint32_t>(chat::RoomRates::kOfARoomPerSecond);
    report.at_once = chat::RoomRates::kOfARoom;
  }
  return report;
}

wire::UsersReport ControlRooms::users_of(const Room& room) const {
  const MonoTime now = mono_now();
  wire::UsersReport report;
  const auto add = [&](chat::Slot slot) {
    report.users.push_back(user_row(chat_.sessions, slot, now));
  };
  if (!room) {
    for (auto slot = chat::next_member(chat_.sessions, chat::Slot{}); slot;
         slot = chat::next_member(chat_.sessions, chat::Slot{*slot + 1})) {
      add(*slot);
    }
  } else {
    chat::for_each_member(chat_.rooms, room->index, add);
  }
  std::ranges::sort(report.users, is_before, &wire::UserRow::name);
  return report;
}

wire::UsersReport ControlRooms::users() const { return users_of(std::nullopt); }

control::Answer<wire::UsersReport> ControlRooms::users(std::string_view name) const {
  const auto room = find(name);
  if (!room) return std::unexpected{room.error()};
  return users_of(*room);
}

// --- changes -----------------------------------------------------------------------

control::Answer<wire::MadeRoomReport> ControlRooms::make(std::string_view name) {
  const std::string_view bare = without_mark(name);
  const auto made = chat_.rooms.make_kept(bare, control_now());
  if (!made && made.error() == wire::Reason::rooms_full) {
    return refuse_request(wire::code::kFailed,
                          "there are as many rooms as limits.rooms allows already");
  }
  if (!made) return refuse_room_name(made.error(), bare);
  wire::MadeRoomReport report{.name = name_of(*made), .is_saved = false};
  log_room_change(report.name, "made", fmt::format("the administrator made #{}", report.name));
  return report;
}

control::Answer<wire::KeptRoomReport> ControlRooms::keep(std::string_view name) {
  const auto room = find_further(name, "always stays");
  if (!room) return std::unexpected{room.error()};
  chat_.room_admin.keep(room->index);
  wire::KeptRoomReport report{.name = name_of(*room), .is_saved = false};
  log_room_change(report.name, "kept", fmt::format("the administrator keeps #{}", report.name));
  return report;
}

control::Answer<wire::DroppedRoomReport> ControlRooms::drop(std::string_view name) {
  const auto room = find_further(name, "cannot be dropped");
  if (!room) return std::unexpected{room.error()};
  wire::DroppedRoomReport report{.name = name_of(*room), .is_saved = unsaved(*room)};
  report.members = chat_.room_admin.drop(room->index, control_now());
  log_room_change(report.name, "dropped",
                  fmt::format("the administrator dropped #{}, which had {}", report.name,
                              count_of_members(report.members)));
  return report;
}

control::Answer<wire::AnnounceReport> ControlRooms::announce(
    const std::optional<std::string_view>& name, std::string_view text) {
  Room room;
  wire::AnnounceReport report;
  if (name) {
    const auto found = find(*name);
    if (!found) return std::unexpected{found.error()};
    room = *found;
    report.room = name_of(room);
  }
  const chat::Now now = control_now();
  const auto members = room ? chat_.commands.announce_in(room->index, text, now)
                            : chat_.commands.announce(text, now);
  if (!members) {
    return refuse_announcement(members.error(), text.size(), config_.limits.message_bytes);
  }
  report.members = *members;
  log_announcement(report);
  return report;
}

control::Answer<wire::KickReport> ControlRooms::kick(std::string_view name, std::string_view member,
                                                     std::string_view reason) {
  const auto room = find_further(name, "every member is in: kick without --room");
  if (!room) return std::unexpected{room.error()};
  auto kick = find_kick(chat_.sessions, member, reason);
  if (!kick) return std::unexpected{std::move(kick).error()};
  if (kick->reason.size() > wire::kMaxModerationReason) {
    return refuse_too_long("the reason", kick->reason.size(), wire::kMaxModerationReason);
  }
  kick->report.room = name_of(*room);
  if (!chat_.rooms.has_member(kick->slot, room->id)) {
    return refuse_request(wire::code::kNotFound,
                          fmt::format("{} is not in #{}", kick->report.name, kick->report.room));
  }
  const auto done = chat_.moderation.moderate(
      by_administrator(control_now()), *room,
      {.action = wire::ModerateAction::kick, .name = kick->report.name, .reason = kick->reason});
  if (!done) return refuse_because(done.error());
  log_kick(*kick, chat_.sessions.where(kick->slot));
  return std::move(kick->report);
}

}  // namespace chatd::gateway
