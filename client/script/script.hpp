// SPDX-License-Identifier: GPL-3.0-or-later
// script.hpp — the conversation without a terminal: reads lines and prints lines (uchat in a pipe,
// uchat send, uchat listen, uchat users, uchat history, uchat own).
//
// Runs in:   uchat's terminal process.
// Invariant: pure. At most kWindow lines are sent and not confirmed. A line is sent as it is, but
//            for the changes of pipe_text.hpp; one that is too long is sent as several messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/script/history_pages.hpp"
#include "client/script/member_list.hpp"
#include "client/script/pipe_text.hpp"
#include "client/script/script_settings.hpp"
#include "client/session/message.hpp"
#include "client/terminal/painter.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

class Script {
 public:
  static constexpr std::size_t kWindow = 64;
  // `uchat own CODE`: the device cannot log in under the owned name before it has used the code.
  // The number of other names that it tries: ada-2, ada-3 ...
  static constexpr unsigned kMaxNames = 8;

  using Settings = ScriptSettings;

  explicit Script(Settings settings);
  [[nodiscard]] wire::Language language() const noexcept { return settings_.language; }

  // Input.
  void set_time(WallTime now) { now_ = now; }  // of the events that follow
  void start();
  void on_input(std::string_view bytes);  // of standard input, in any pieces
  void on_input_end();
  void on_report(const Report& report);
  void on_session_lost(const std::string& how);
  void on_timeout();
  void quit();  // after a signal; the second one ends the script at once

  // Output.
  [[nodiscard]] std::string take_text() { return std::exchange(text_, {}); }        // stdout
  [[nodiscard]] std::string take_remarks() { return std::exchange(remarks_, {}); }  // stderr
  [[nodiscard]] std::vector<Order> take_orders() { return std::exchange(orders_, {}); }
  // The script has no purpose without a reader of standard output.
  [[nodiscard]] bool needs_reader() const noexcept { return settings_.mode == Mode::listen; }
  [[nodiscard]] bool wants_input() const noexcept;  // more of standard input
  // Messages that the server has confirmed, and those that it has not.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  [[nodiscard]] std::size_t waiting() const { return unconfirmed_.size() + to_say_.size(); }
  [[nodiscard]] std::optional<Outcome> outcome() const noexcept { return outcome_; }
  [[nodiscard]] std::string closing_line() const;

 private:
  using Mode = Options::Mode;
  [[nodiscard]] bool prints_events() const {  // as JSON
    return settings_.json && settings_.mode != Mode::users && settings_.mode != Mode::history;
  }
  [[nodiscard]] bool prints_lines() const;  // as text
  [[nodiscard]] bool wants(const RoomRef& room) const;
  void take_lines(std::string_view text);
  void say(std::string_view line);
  void say_more();
  void take(const Report& report);
  void on_joined(const Joined& joined);
  void on_room_joined(const RoomJoined& joined);
  void on_room_renamed(const RoomRenamed& renamed);
  void on_room_left(const RoomLeft& left);
  void on_waiting(const Waiting& waiting);
  void on_server_stopped();
  void on_confirmed(const Confirmed& confirmed);
  void on_refused(const Refused& refused);
  void on_saved(const Saved& saved);
  void on_join_refused(const std::string& room, const std::string& why);
  void on_room_list(const RoomList& rooms);
  void join_room(std::string name);
  void on_in_room(const std::string& room);
  void on_programs(const ProgramList& programs);
  void on_users(const Users& users);
  void on_history(const HistoryPage& page);  // script_history.cpp
  void post_own(OwnOrder order);             // script_own.cpp
  void begin_own();
  bool tries_other_name(const Ended& ended);
  [[nodiscard]] bool is_end_of_own(const OwnNews& news, const wire::OwnAnswer& answer) const;
  void drop_key(const wire::OwnAnswer& answer);
  void refuse_own(std::string why);
  void give_up_own();
  void on_own(const OwnNews& news);
  void on_device(const DeviceAsks& asks);
  void print_about(const RoomAbout& about);
  void print(const Report& report);
  [[nodiscard]] bool has_all_messages() const;
  [[nodiscard]] bool is_left_out(const Line& line) const;
  [[nodiscard]] bool is_quiet_about(const Line& line) const noexcept;
  void count(const Line& line);
  void ask_to_leave();
  void finish(Outcome outcome, std::string detail = {});

  Settings settings_;
  std::set<std::string> wanted_;  // folded names of settings_.rooms
  Painter painter_;
  bool joined_{false};
  std::optional<Waiting> waiting_{};  // why the server was not reached at the last attempt
  std::map<std::uint64_t, std::string> joins_;  // not answered yet, by the number of the order
  std::set<std::string> rooms_in_;  // folded names of the further rooms that the member is in
  std::string room_list_;           // the parts of the list that have arrived
  std::string about_;               // the parts of the facts that have arrived
  MemberList members_;              // of users
  HistoryPages pages_;              // of history
  unsigned names_tried_{0};         // of own, besides the one that is given
  bool has_code_{false};            // of own: a code was made
  std::uint64_t messages_{0};       // that were printed
  bool input_ended_{false};
  bool leaving_{false};
  std::size_t max_text_{0};
  PipeText input_;
  std::string partial_;             // of standard input: the line that is not complete
  std::deque<std::string> to_say_;  // lines
  std::uint64_t last_post_{0};
  std::set<std::uint64_t> unconfirmed_;
  std::set<std::uint64_t> unsaved_;               // confirmed, and waited for
  std::uint64_t sent_{0};                         // messages that were confirmed
  std::optional<std::string> refusal_;            // text of the first refusal
  std::string sentence_{};                        // instead of refusal_, if it is about a room
  Outcome refused_as_{Outcome::message_refused};  // the outcome of the script if refusal_ is set
  WallTime now_{};
  std::string text_;
  std::string remarks_;
  std::vector<Order> orders_;
  std::optional<Outcome> outcome_;
  std::string detail_;
};

}  // namespace chatd::client
