// SPDX-License-Identifier: GPL-3.0-or-later
// saved_waits.hpp — which members wait until their messages are on disk, and for which places of
// the rooms' logs.
//
// Runs in:   gateway. Pure.
// Borrows:   the StateView, whose StoredPlaces the archive writes, and the Sessions.
// Owns:      nothing that a successor needs. It knows from shared memory which sessions have asked
//            (NativeSlot.wants_saved) and which of their commands have no history (.not_kept_to),
//            and waits for all of them until every room is on disk as far as it was written when
//            the predecessor died.
// Invariant: a command is reported as saved after the commit of its message, never before. Each
//            command of such a session is reported at last, unless the archive stores nothing any
//            more: as saved, or as unknown, if messages were lost that it may be one of. A session
//            has at most kMaxEntries entries, and only of messages that its rate allowed.
// Lost:      a report that is not received; the client asks again, and gets the state of all
//            commands so far.
// See:       wire::SavedFrame; chatd-protocol(7).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_frame.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/state/room_table.hpp"

namespace chatd::chat {

class SavedWaits {
 public:
  // More are not kept apart: they are reported together.
  static constexpr std::size_t kMaxEntries = 32;

  // `has_archive`: false: nothing is ever stored, which each answer says.
  SavedWaits(const state::StateView& state, const Sessions& sessions, bool has_archive);

  // After Chat::adopt().
  void adopt();
  // A login of the session, new or not, by a client that wants to know or not.
  void begin(Slot session, bool wants_saved);
  void end(Slot session);
  // A command, which ends at `end`, is carried out next. If its session has asked, a successor
  // knows by this which commands have no history.
  void will_carry_out(Slot session, const wire::CommandView& command, std::uint64_t end);
  // The command of a session that has asked was carried out or refused.
  // `has_changed_rows`: it has changed rows that last, see state::RegistryHead.
  void carried_out(Slot session, const wire::CommandView& command, std::uint64_t end,
                   bool has_changed_rows = false);
  // The client has no answer for the command that ends there.
  void ask(Slot session, std::uint64_t offset);

  // The archive may have stored something. Returns true if something was waited for.
  bool look();
  [[nodiscard]] bool is_waiting() const noexcept { return !waiting_.empty(); }

  // Calls send(session, frames) for each session with an answer that is due.
  template <class Send>
  void take_due(Send send) {
    if (due_.empty()) return;
    for (const Slot session : std::exchange(due_, {})) {
      std::array<wire::Frame, 3> frames;
      const std::size_t count = take_answer(session, frames);
      if (count != 0) send(session, std::span<const wire::Frame>{frames}.first(count));
    }
  }

 private:
  // A place in the log of a room, or of the default room if `room` is empty; or a version of the
  // rows that last.
  struct Place {
    std::optional<state::RoomPlace> room;
    state::Offset offset;
    std::uint64_t rows{0};  // 0: a place of a log

    [[nodiscard]] bool is_like(const Place& other) const {
      return room == other.room && (rows != 0) == (other.rows != 0);
    }
  };
  // Of commands: all that end at or below `end`, and above that of the entry before.
  struct Entry {
    std::uint64_t end;
    std::optional<Place> place;  // nullopt: of a predecessor, see adopted_
    bool is_unknown{false};   // there was no space for one of the places, or it is not known which
    bool is_not_kept{false};  // the history of the room is off
  };
  struct Wait {
    state::Generation generation;
    std::deque<Entry> entries;  // that are not on disk yet
    // The end of the last command that is reported so; 0: none.
    std::uint64_t unknown_to{};
    std::uint64_t not_kept_to{};
    bool is_waiting{false};  // it is in waiting_
    bool is_due{false};      // it is in due_
  };

  void adopt(Slot session);
  [[nodiscard]] Wait* find(Slot session);
  [[nodiscard]] std::uint64_t handled(Slot session, const Wait& wait) const;
  [[nodiscard]] std::optional<Place> place_of(Slot session, const wire::CommandView& command) const;
  [[nodiscard]] Place rows_now() const;
  [[nodiscard]] state::Stored stored(const Place& place) const;
  [[nodiscard]] state::Stored stored(const state::Sender& session, const Entry& entry) const;
  [[nodiscard]] bool is_not_kept(const Place& place) const;
  static void add(Wait& wait, std::uint64_t end, const Place& place, bool is_not_kept);
  void wait_for(Slot session, Wait& wait);
  void make_due(Slot session, Wait& wait);
  bool look(Slot session, Wait& wait);
  void look_at_adopted();
  [[nodiscard]] std::size_t take_answer(Slot session, std::span<wire::Frame> frames);

  const state::StateView& state_;
  const Sessions& sessions_;
  state::RoomTable rooms_;
  bool has_archive_;
  std::unordered_map<Slot, Wait, std::hash<std::uint32_t>> waits_;  // of sessions that have asked
  std::vector<Slot> waiting_;
  std::vector<Slot> due_;
  // The ends of the logs when the predecessor died, of those that are not on disk so far.
  std::vector<Place> adopted_;
};

}  // namespace chatd::chat
