// SPDX-License-Identifier: GPL-3.0-or-later
// painter.hpp — reports as lines for people.
//
// Runs in:   uchat's terminal process.
// Invariant: control characters of texts from the server are escaped. A line that is longer than
//            the window is wide is divided, see word_wrap.hpp. When the window changes, lines that
//            are on the screen stay as they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/programs.hpp"
#include "client/session/message.hpp"
#include "client/settings/options.hpp"
#include "client/terminal/name_color.hpp"
#include "client/terminal/presence.hpp"
#include "client/terminal/room_book.hpp"
#include "client/terminal/typed_input.hpp"
#include "common/base/time.hpp"
#include "common/wire/language.hpp"
#include "common/wire/native/room_facts.hpp"

namespace chatd::client {

class Painter {
 public:
  struct Style {
    wire::Language language{wire::Language::en};
    Colors colors{Colors::none};
    // On a terminal: say where the replay ends, and when a day begins, and mark lines for the user.
    bool sections{true};
    bool times{true};    // begin lines with their time
    std::string host{};  // as it was typed
  };

  explicit Painter(Style style) : style_{std::move(style)} {}

  // The own name: own lines, and lines with the name, are marked.
  void set_name(std::string name) { name_ = std::move(name); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  // The last line was from before the join.
  [[nodiscard]] bool is_in_replay() const noexcept { return in_replay_; }

  // Lines of other rooms than `room` begin with the name of their room; nullopt: all lines do.
  // "" is the default room, which `default_name` stands for.
  void set_room(std::optional<std::string> room) { room_ = std::move(room); }
  void set_default_name(std::string name) { default_name_ = std::move(name); }
  // A painter of the same lines for a text without colours, times and sections, in which each line
  // has its room.
  [[nodiscard]] Painter plain() const;
  // The width of the window; 0: lines are not divided.
  void set_columns(std::size_t columns) { columns_ = columns; }
  // "#lab"
  [[nodiscard]] std::string room_label(std::string_view room) const;

  // Complete lines, each with its newline; "" if this report has nothing to show.
  [[nodiscard]] std::string paint(const Report& report);
  // The joins and leaves that were gathered.
  [[nodiscard]] std::string presence(const Gathered& gathered);
  // A message of another member to the room, with the own name.
  [[nodiscard]] bool is_mention(const Line& line) const;
  // "-- text"
  [[nodiscard]] std::string remark(std::string_view text) const;
  // The mark over the lines that the user has not read.
  [[nodiscard]] std::string unread_mark() const;
  // A remark, and lines below it.
  [[nodiscard]] std::string remarks(const std::vector<std::string>& texts) const;
  // A highlighted line about a problem.
  [[nodiscard]] std::string warning(std::string_view text) const;
  // A list of users, see Users; in columns that fit.
  [[nodiscard]] std::string users(std::string_view list, std::size_t columns) const;
  // The rooms of a RoomList, with the numbers of those that the user is in.
  [[nodiscard]] std::string rooms(std::string_view list, const RoomBook& book) const;
  // The topic of a room, or that it has none.
  [[nodiscard]] std::string topic(const wire::RoomFacts& facts) const;
  // All facts about a room.
  [[nodiscard]] std::string about(std::string_view room, const wire::RoomFacts& facts) const;
  // The programs of a ProgramList, with their numbers.
  [[nodiscard]] std::string programs(const std::vector<Program>& programs) const;
  // The commands of owners and moderators, or the others.
  [[nodiscard]] std::string help(std::size_t columns, HelpPart part) const;

 private:
  static constexpr std::size_t kBehindDashes = 3;  // the indent of a text behind "-- "

  [[nodiscard]] std::string body(const Line& line) const;
  // "ada", or "~ada" for a text member.
  [[nodiscard]] static std::string name_in(const Line& line);
  [[nodiscard]] std::string other_person(const OtherPerson& other) const;
  [[nodiscard]] std::string spoken(const Line& line) const;
  [[nodiscard]] std::string direct(const Line& line) const;
  // The name of the sender, or a text that stands for it, in its colour.
  [[nodiscard]] std::string named(std::string_view text, const Line& line) const;
  [[nodiscard]] std::string marked(std::string text, const Line& line) const;
  [[nodiscard]] std::string mark_of(const RoomRef& room) const;
  [[nodiscard]] std::string joined_room(const RoomJoined& joined) const;
  [[nodiscard]] std::string left_room(const RoomLeft& left) const;
  [[nodiscard]] std::string waiting(const Waiting& waiting) const;
  [[nodiscard]] std::string invited(const RoomInvited& invited) const;
  [[nodiscard]] std::string other_program(const OtherProgram& other);
  [[nodiscard]] std::string member(const MemberAbout& about) const;
  [[nodiscard]] std::string away(const MemberAway& away) const;
  [[nodiscard]] std::string back() const;
  [[nodiscard]] std::string program_facts(const Program& program) const;
  // The line is a `kick` whose removal was shown by the line before, a `moderated`.
  [[nodiscard]] bool is_shown_removal(const Line& line);
  [[nodiscard]] std::string highlighted(std::string_view text) const;
  [[nodiscard]] std::string clock(WallTime time) const;  // "23:15 "
  [[nodiscard]] std::string dated(const Line& line);
  // `text` with the time, the room and the sections of `line` before it.
  [[nodiscard]] std::string with_time(const Line& line, std::string text);
  // "-- text", without a newline.
  [[nodiscard]] std::string remark_text(std::string_view text) const;
  // The line, divided into rows, with its newline. Rows behind the first one begin with `indent`
  // blanks.
  [[nodiscard]] std::string in_rows(std::string_view line, std::size_t indent) const;
  // The same below the sections that come before it, and with the clock.
  [[nodiscard]] std::string live_row(WallTime time, std::string_view text);
  [[nodiscard]] std::string section(std::string_view title) const;
  [[nodiscard]] std::string sections_before(WallTime time, bool replay);
  [[nodiscard]] std::string tinted(std::string_view text, std::string_view sequence) const;

  Style style_;
  std::string name_;
  std::optional<std::string> room_{""};
  std::string default_name_;
  std::size_t columns_{0};
  bool in_replay_{false};
  std::string day_{};  // of the last line
  // A removal by the last line of a room, which was a `moderated`.
  struct Removal {
    std::string room;
    std::string name;  // folded name of the removed member
  };
  std::optional<Removal> removal_;
};

}  // namespace chatd::client
