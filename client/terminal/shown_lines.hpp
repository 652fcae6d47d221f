// SPDX-License-Identifier: GPL-3.0-or-later
// shown_lines.hpp — the lines of the conversation in the order in which they are shown: joins and
// leaves are gathered first, or are not shown; the first unread line has a mark. The last lines are
// kept, and all of them are for the log.
//
// Runs in:   uchat's terminal process.
// Borrows:   the painter.
// Invariant: pure. Each report that the painter shows is shown once, but for joins and leaves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/session/message.hpp"
#include "client/terminal/kept_lines.hpp"
#include "client/terminal/log_lines.hpp"
#include "client/terminal/painter.hpp"
#include "client/terminal/presence.hpp"
#include "client/terminal/rejoined_rooms.hpp"
#include "client/terminal/seen_users.hpp"
#include "client/terminal/unread_mark.hpp"
#include "client/terminal/unread_rooms.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

class ShownLines {
 public:
  explicit ShownLines(Painter& painter) : painter_{painter} {}

  // While it is quiet, no joins and leaves are shown.
  void set_quiet(bool quiet);
  [[nodiscard]] bool is_quiet() const noexcept { return quiet_; }
  // Knows when the user does not read.
  [[nodiscard]] UnreadMark& unread_mark() noexcept { return unread_mark_; }
  // The user writes to this room from now on; nullopt: to none.
  void set_room(const std::optional<std::string>& room);
  // The unread messages of the other rooms, for the prompt; see UnreadRooms.
  [[nodiscard]] std::vector<std::string> unread_texts(wire::Language language) const;

  // The report as it is shown: a line that the user has missed while the server did not answer is
  // no replay. Comes before paint().
  [[nodiscard]] Report as_shown(Report report);

  // The functions below return complete lines, each with its newline.

  // The lines that this report causes now. `wall` is the same time.
  [[nodiscard]] std::string paint(const Report& report, MonoTime now, WallTime wall);
  // The gathered lines whose time is over.
  [[nodiscard]] std::string paint_due(MonoTime now);
  // All gathered lines: the conversation ends, or stops for some time.
  [[nodiscard]] std::string paint_gathered();

  // The lines with a time that were shown.
  [[nodiscard]] const KeptLines& kept() const noexcept { return kept_; }
  // The lines of these that mention the user, without those from before the join.
  [[nodiscard]] const KeptLines& with_mention() const noexcept { return with_mention_; }

  // The users whose messages were shown.
  [[nodiscard]] SeenUsers& seen_users() noexcept { return seen_users_; }

  // From now on the shown lines are for a log, too.
  void begin_log(wire::Language language) { log_.emplace(language); }
  // A remark that is shown, and has no report.
  void log_remark(std::string_view text, WallTime wall);
  // The lines for the log since the last call.
  [[nodiscard]] std::string take_log() { return log_ ? log_->take() : std::string{}; }

  [[nodiscard]] bool is_gathering() const noexcept { return !presence_.is_empty(); }

 private:
  void count_unread(const Report& report);
  [[nodiscard]] std::string paint_line(const Line& line, MonoTime now);
  void keep(const LogLines::Entry& line);
  void log_only(std::string_view rows, WallTime wall);
  [[nodiscard]] std::string paint_all(const std::vector<Gathered>& gathered);
  [[nodiscard]] std::vector<Gathered> take_before(const Report& report);

  Painter& painter_;
  RejoinedRooms rejoined_;
  Presence presence_;
  UnreadMark unread_mark_;
  UnreadRooms unread_rooms_;
  KeptLines kept_;
  KeptLines with_mention_;
  SeenUsers seen_users_;
  std::optional<LogLines> log_;
  std::optional<std::string> room_{""};
  bool quiet_{false};
};

}  // namespace chatd::client
