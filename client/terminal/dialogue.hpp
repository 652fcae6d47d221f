// SPDX-License-Identifier: GPL-3.0-or-later
// dialogue.hpp — the conversation with the user at the terminal: takes lines and reports, gives
// text, orders and a prompt.
//
// Runs in:   uchat's terminal process.
// Invariant: pure: no readline, no descriptor, no clock. Every report of the session is shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/session/message.hpp"
#include "client/terminal/alerts.hpp"
#include "client/terminal/answers.hpp"
#include "client/terminal/dialogue_settings.hpp"
#include "client/terminal/ignored.hpp"
#include "client/terminal/input.hpp"
#include "client/terminal/link_state.hpp"
#include "client/terminal/login.hpp"
#include "client/terminal/outbox.hpp"
#include "client/terminal/own_questions.hpp"
#include "client/terminal/painter.hpp"
#include "client/terminal/paste_question.hpp"
#include "client/terminal/room_book.hpp"
#include "client/terminal/roster.hpp"
#include "client/terminal/shown_lines.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

class Dialogue {
 public:
  using Settings = DialogueSettings;
  using Now = DialogueNow;
  explicit Dialogue(Settings settings);
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;

  void start();  // asks the session process to log in
  void on_line(std::string_view line, Now now);
  void on_report(const Report& report, Now now);
  void on_session_lost(const std::string& how);
  void pass_time(MonoTime now);                               // while ticks()
  void show_gathered() { text_ += lines_.paint_gathered(); }  // before a stop
  void on_log_failed(std::string_view why);
  void on_users_not_kept(const Error& why);
  [[nodiscard]] ShownLines& lines() noexcept { return lines_; }
  void on_draft_left(std::string_view draft);  // not entered when the conversation has ended
  void quit();                       // ends at once if nothing is unconfirmed, or the second time
  void set_drafting(bool drafting);  // true: the input line has text, for the room of the prompt
  void set_columns(std::size_t columns) { painter_.set_columns(columns_ = columns); }
  void select_room(std::size_t number);  // typed lines go to this room from now on
  bool drop_question();                  // true: the user was asked something; the answer is no
  [[nodiscard]] std::string take_text() { return std::exchange(text_, {}); }
  [[nodiscard]] std::vector<Order> take_orders() { return outbox_.take_orders(); }
  [[nodiscard]] std::string prompt(MonoTime now) const;
  [[nodiscard]] bool hides_input() const noexcept { return login_.asks_secret(); }
  [[nodiscard]] bool is_asking() const noexcept;  // the next line is the answer to a question
  [[nodiscard]] bool ticks() const noexcept;      // the prompt or the text changes by itself
  using Strings = std::vector<std::string>;
  [[nodiscard]] Strings complete(std::string_view before, std::string_view word) const;
  [[nodiscard]] std::string mark_of(std::size_t lines) const;  // in place of lines that are hidden
  [[nodiscard]] bool is_leaving() const noexcept { return quitting_; }
  [[nodiscard]] std::optional<Outcome> outcome() const noexcept { return outcome_; }  // the end
  [[nodiscard]] std::string closing_line() const;  // about the end; "" if there is none

 private:
  void follow(const Login::Step& step);
  void say_lines(std::string_view lines);
  bool answer_question(std::string_view line, Now now);  // dialogue_questions.cpp
  void ask_waiting(MonoTime now);
  template <class T>
  void say(T message);
  void say_early();
  void carry_out(std::string_view line, Now now);
  void reply(const Reply& input);
  void note_direct(const Line& line);
  void take(const Report& report, Now now);
  void on_joined(const Joined& joined, Now now);
  void on_connected(MonoTime now);
  void on_server_stopped();
  void on_confirmed(const Confirmed& confirmed, Now now);
  void on_refused(const Refused& refused);
  void on_ended(const Ended& ended);
  void finish(Outcome outcome, std::string detail = {});
  void show_unsent(std::string_view why, std::string_view line);
  // dialogue_rooms.cpp
  bool is_connected_or_warn();
  [[nodiscard]] std::string not_in_room() const;  // why the selected room is not open
  void learn_names(const Line& line);
  void ask_users();
  void on_users(const Users& users);
  void join_room(const JoinRoom& join);
  void leave_room(const LeaveRoom& leave);
  void ask(Order question);
  void post_join(Message message, const std::string& room);
  [[nodiscard]] bool can_write() const;  // true if the selected room takes messages
  void on_join_refused(const std::string& room);
  void show_selection();
  void on_room_joined(const RoomJoined& joined);
  void on_room_left(const RoomLeft& left);
  void on_room_renamed(const RoomRenamed& renamed);
  void on_room_list(const RoomList& rooms);
  void order(Message message);  // about the selected room
  void ask_about(Answers::Facts shown);
  void on_about(const RoomAbout& about);
  void on_programs(const ProgramList& programs);  // dialogue_programs.cpp
  void change_name(const ChangeName& input);      // dialogue_name.cpp
  void show_name_change(const Joined& joined, Now now);
  void on_name_refused(const NameRefused& refused);
  void ignore(const Ignore& input);  // dialogue_ignore.cpp
  void stop_ignoring(const StopIgnoring& input);
  void on_blocks(const BlockList& blocks);
  void on_blocks_changed(const Message& message);
  void set_quiet(const SetQuiet& input);  // dialogue_shown.cpp
  void show_last(const ShowLast& input);
  void show_unconfirmed();
  void own(OwnOrder order);  // dialogue_own.cpp
  void on_own(const OwnNews& news);
  void ask_history(const ShowHistory& input, Now now);  // dialogue_history.cpp
  void ask_next_history(Now now);
  void on_history(HistoryPage page);

  KeptSettings settings_;
  Login login_;
  Painter painter_;
  ShownLines lines_{painter_};
  Alerts alerts_;
  Roster roster_;
  RoomBook rooms_;
  Ignored ignored_, blocked_;  // by this program, and by the server
  Outbox outbox_;
  std::vector<Message> early_;  // typed before the first session
  PasteQuestion paste_;
  OwnQuestions own_;
  LinkState link_;
  bool joined_before_{false}, quitting_{false}, is_drafting_{false};
  std::size_t columns_{80}, max_text_{0};
  Answers answers_;
  std::optional<Line> last_direct_, next_direct_;  // to this member
  std::string new_name_;                           // that the server has not accepted yet; "": none
  std::string text_, detail_;                      // of the output; of the end
  std::optional<Outcome> outcome_;
};

}  // namespace chatd::client
