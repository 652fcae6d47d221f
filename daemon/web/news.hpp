// SPDX-License-Identifier: GPL-3.0-or-later
// news.hpp — the events of a browser: the records of its rooms and of its mailbox, from a cursor on
// that the browser has.
//
// Runs in:   web, on read-only memory.
// Borrows:   the StateView, and a buffer for the last record.
// Invariant: a cursor is text of a browser, and may say anything: nothing is read below the place
//            where the session's stream of the room begins, which the gateway has decided by the
//            rights of the member, and nothing of a room that it is not in. Each call of next()
//            moves the cursor, or says that nothing is new.
// See:       members.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/transport/command_mask.hpp"
#include "daemon/log/log_follower.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/sys/web_channel.hpp"

namespace chatd::web {

// How far a browser has read. As text: the id of an event.
struct Cursor {
  std::uint64_t history_id{0};  // 0: nothing
  std::uint64_t mailbox{0};
  // Offsets in the logs of rooms. No two rooms have an offset in common, so an offset names its
  // room.
  std::vector<std::uint64_t> rooms{};

  [[nodiscard]] std::string to_text() const;
  // nullopt: no cursor. At most kMaxText bytes are read.
  [[nodiscard]] static std::optional<Cursor> read(std::string_view text);
  static constexpr std::size_t kMaxText = 1024;
};

class News {
 public:
  using Room = std::optional<state::RoomPlace>;  // nullopt: the default room
  News(const state::StateView& state, logs::RecordBuffer& buffer)
      : state_{state}, buffer_{buffer} {}

  // A stream of the session: its mailbox, or a room that it is in.
  struct Stream {
    bool is_mailbox{false};
    Room room{};
    std::uint32_t subscription{0};  // of a further room
    std::uint64_t begin{};          // nothing below is for the session
    std::uint64_t live{};           // records below it are a replay
    std::uint64_t at{};             // where the browser reads next
  };
  // The streams of the session, the mailbox first, each where `cursor` says, or where it begins.
  // Empty: the session does not exist any more. Called again when a record of the mailbox says that
  // a room was entered or left.
  [[nodiscard]] std::vector<Stream> streams(const sys::WebSession& session,
                                            const Cursor& cursor) const;
  // Of the room's log at most about so many bytes: for a page that has nothing of it yet. The
  // search for a record there begins where the one before has ended, so that a log is searched
  // once.
  void skip_to_recent(const sys::WebSession& session, Stream& stream, std::uint64_t bytes);
  [[nodiscard]] Cursor cursor_of(const std::vector<Stream>& streams) const;

  enum class Status : std::uint8_t {
    record,
    nothing,  // nothing is new
    lost,     // records were overwritten before they were read; the next one is the oldest one
    ended,    // the session is not in the room any more, or has ended
  };
  struct Event {
    wire::RecordView record;  // valid until the next call
    std::uint64_t at{};       // where it begins; with the room it identifies the record
    bool is_replay{false};
    // Of a record that the session caused itself: the `n` of its command. 0: of somebody else.
    std::uint64_t n{0};
  };
  // The next record of the stream. `key`: of the session, see Entered.
  [[nodiscard]] Status next(const sys::WebSession& session, const wire::CommandKey& key,
                            Stream& stream, Event& event);

 private:
  void seek(const sys::WebSession& session, Stream& stream, const Cursor& cursor) const;
  [[nodiscard]] static std::uint64_t number_of(const Stream& stream) noexcept;
  [[nodiscard]] std::uint64_t own_command(const sys::WebSession& session,
                                          const wire::CommandKey& key, const Stream& stream,
                                          const Event& event);
  [[nodiscard]] bool is_there(const sys::WebSession& session) const noexcept;
  [[nodiscard]] bool is_in(const sys::WebSession& session, const Stream& stream) const noexcept;
  [[nodiscard]] logs::LogMemory log_of(const sys::WebSession& session, const Stream& stream) const;

  static constexpr std::size_t kMaxRecent = 4096;  // rooms

  const state::StateView& state_;
  logs::RecordBuffer& buffer_;
  // By the number of the room: where a record begins.
  std::unordered_map<std::uint64_t, logs::Offset> recent_;
  transport::CommandMask mask_;
};

}  // namespace chatd::web
