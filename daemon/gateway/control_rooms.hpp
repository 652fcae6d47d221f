// SPDX-License-Identifier: GPL-3.0-or-later
// control_rooms.hpp — carries out the requests of administrators that name a room.
//
// Runs in:   gateway.
// Borrows:   the StateView, the Chat, the configuration.
// Invariant: the caller wakes the workers afterwards, see ControlHost.
// Errors:    a Refusal. A name may begin with '#', and be written in any case and width.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/room_change_reports.hpp"
#include "common/wire/control/room_reports.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/config/config.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::gateway {

class ControlRooms {
 public:
  ControlRooms(const state::StateView& state, chat::Chat& chat, const config::Config& config)
      : state_{state}, chat_{chat}, config_{config} {}

  [[nodiscard]] wire::RoomsReport rooms() const;
  [[nodiscard]] control::Answer<wire::RoomReport> room(std::string_view name) const;
  [[nodiscard]] control::Answer<wire::UsersReport> users(std::string_view name) const;
  // The members of the server.
  [[nodiscard]] wire::UsersReport users() const;
  control::Answer<wire::MadeRoomReport> make(std::string_view name);
  control::Answer<wire::KeptRoomReport> keep(std::string_view name);
  control::Answer<wire::DroppedRoomReport> drop(std::string_view name);
  // Sends the text to the members of the room; without `name`, to every member of the server.
  control::Answer<wire::AnnounceReport> announce(const std::optional<std::string_view>& name,
                                                 std::string_view text);
  // Removes the member from this room only, as a moderator does: its invitation ends, too. An empty
  // reason means that none was given.
  control::Answer<wire::KickReport> kick(std::string_view name, std::string_view member,
                                         std::string_view reason);
  // The text of a warning if a further room has the name of the default room; else nullopt.
  [[nodiscard]] std::optional<std::string> default_name_conflict() const;

  // The place of a further room; nullopt means the default room.
  using Room = std::optional<state::RoomPlace>;
  [[nodiscard]] std::expected<Room, control::Refusal> find(std::string_view name) const;
  // Finds a further room. The refusal of the default room says that it "is the default room, which
  // `must_not`".
  [[nodiscard]] std::expected<state::RoomPlace, control::Refusal> find_further(
      std::string_view name, std::string_view must_not) const;
  // The value of `is_saved` in an answer about a change of the room: it lasts, and is not saved
  // yet. nullopt: the room is temporary.
  [[nodiscard]] std::optional<bool> unsaved(const Room& room) const;
  [[nodiscard]] std::string name_of(const Room& room) const;
  [[nodiscard]] const state::RoomProperties& properties_of(const Room& room) const;
  // The further room with that id.
  [[nodiscard]] Room place_of(state::RoomId room) const;

 private:
  [[nodiscard]] wire::RoomRow default_row() const;
  [[nodiscard]] wire::RoomRow row_of(state::RoomIndex room) const;
  [[nodiscard]] wire::UsersReport users_of(const Room& room) const;

  const state::StateView& state_;
  chat::Chat& chat_;
  const config::Config& config_;
};

// The log record of a room that an administrator made, changed or dropped.
void log_room_change(std::string_view room, std::string_view change, std::string_view message);

}  // namespace chatd::gateway
