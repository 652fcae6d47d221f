// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/script.hpp"

#include <algorithm>

#include "client/member/list_text.hpp"
#include "client/script/json_lines.hpp"
#include "client/words/file_words.hpp"
#include "client/words/outcome.hpp"
#include "client/words/room_words.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/start_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/native_stream_frames.hpp"

namespace chatd::client {

namespace {

using Mode = Options::Mode;

// Limit of a line that has no end, so that it cannot fill the memory.
constexpr std::size_t kLongestLine = 65'536;
constexpr std::size_t kLongestCharacter = 4;  // bytes of UTF-8

// True for a direct message, and for an announcement of the administrator to all members.
bool is_for_all_rooms(const Line& line) {
  return line.record == wire::RecordKind::direct ||
         (line.record == wire::RecordKind::announce && line.room.name.empty());
}

}  // namespace

Script::Script(Settings settings)
    : settings_{std::move(settings)},
      painter_{{.language = settings_.language, .sections = false, .host = settings_.host}},
      members_{settings_.rooms.empty() ? std::string{} : settings_.rooms.front()},
      pages_{settings_.history} {
  for (const std::string& room : settings_.rooms) wanted_.insert(wire::folded_name(room));
}

void Script::start() {
  const auto name = wire::check_name(settings_.name);
  if (!name) {
    return finish(Outcome::name_refused,
                  why_no_name(settings_.language, name.error(), settings_.name));
  }
  settings_.name = name->text;
  painter_.set_name(name->text);
  if (settings_.mode == Mode::send) {
    say(input_.take(settings_.text) + input_.end());
    input_ended_ = true;
  }
  orders_.emplace_back(
      Enter{.name = settings_.name, .password = settings_.password, .code = settings_.code});
  // Another name may be tried, see tries_other_name().
  if (settings_.mode == Mode::own) return;
  wipe(settings_.password);
  wipe(settings_.code);
}

bool Script::wants_input() const noexcept {
  return settings_.mode == Mode::talk && joined_ && !input_ended_ && to_say_.empty() &&
         unconfirmed_.size() < kWindow;
}

void Script::on_input(std::string_view bytes) {
  take_lines(input_.take(bytes));
  say_more();
}

void Script::take_lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    partial_ += text.substr(0, end);
    const bool complete = end != std::string_view::npos;
    text.remove_prefix(complete ? end + 1 : text.size());
    if (complete || partial_.size() > kLongestLine) say(std::exchange(partial_, {}));
  }
}

void Script::on_input_end() {
  take_lines(input_.end());
  say(std::exchange(partial_, {}));
  input_ended_ = true;
  say_more();
}

void Script::say(std::string_view line) {
  if (!is_blank(line)) to_say_.emplace_back(line);
}

// Sends each line as one message, or as several if it is longer than the server takes.
void Script::say_more() {
  while (joined_ && joins_.empty() && !leaving_ && !to_say_.empty() &&
         unconfirmed_.size() < kWindow) {
    std::string& line = to_say_.front();
    if (is_blank(line)) {
      to_say_.pop_front();
      continue;
    }
    // A server that takes less than one character refuses that character with a reason.
    const std::string_view piece = first_message(line, std::max(max_text_, kLongestCharacter));
    if (settings_.mode == Mode::send && piece.size() < line.size()) {
      return finish(Outcome::message_refused, why_too_long(settings_.language, line, max_text_));
    }
    const std::string room = settings_.rooms.empty() ? std::string{} : settings_.rooms.front();
    orders_.emplace_back(
        Post{.number = ++last_post_, .message = Say{.text = std::string{piece}, .room = room}});
    unconfirmed_.insert(last_post_);
    line.erase(0, piece.size());
  }
  const bool all_said = input_ended_ && to_say_.empty() && unconfirmed_.empty() && unsaved_.empty();
  if (joined_ && all_said) ask_to_leave();
}

void Script::ask_to_leave() {
  if (std::exchange(leaving_, true)) return;
  orders_.emplace_back(Quit{});
}

void Script::on_report(const Report& report) {
  if (const auto* ended = std::get_if<Ended>(&report)) {
    if (tries_other_name(*ended)) return;
    const bool as_asked = ended->reason == Outcome::done;
    return finish(ended->reason, as_asked ? std::string{} : ended->text);
  }
  take(report);
  print(report);
}

void Script::take(const Report& report) {
  std::visit(Overloaded{
                 [this](const Joined& joined) { on_joined(joined); },
                 [this](const RoomJoined& joined) { on_room_joined(joined); },
                 [this](const RoomLeft& left) { on_room_left(left); },
                 [this](const RoomRenamed& renamed) { on_room_renamed(renamed); },
                 [this](const RoomList& rooms) { on_room_list(rooms); },
                 [this](const ProgramList& programs) { on_programs(programs); },
                 [this](const Users& users) { on_users(users); },
                 [this](const HistoryPage& page) { on_history(page); },
                 [this](const OwnNews& news) { on_own(news); },
                 [this](const DeviceAsks& asks) { on_device(asks); },
                 [this](const LimitsChanged& limits) { max_text_ = limits.max_text; },
                 [this](const Waiting& waiting) { on_waiting(waiting); },
                 [this](const ServerStopped& /*event*/) { on_server_stopped(); },
                 [this](const Confirmed& confirmed) { on_confirmed(confirmed); },
                 [this](const Refused& refused) { on_refused(refused); },
                 [this](const Saved& saved) { on_saved(saved); },
                 [](const auto& /*only_shown*/) {},
             },
             report);
  say_more();
}

void Script::on_joined(const Joined& joined) {
  settings_.name = joined.name;
  wipe(settings_.password);
  wipe(settings_.code);
  painter_.set_name(joined.name);
  painter_.set_default_name(joined.server.empty() ? settings_.host : joined.server);
  max_text_ = joined.max_text;
  if (std::exchange(joined_, true)) return;
  if (wants({})) on_in_room("");
  if (settings_.all_rooms) orders_.emplace_back(AskRooms{});
  for (const std::string& room : settings_.rooms) join_room(room);
  const bool is_one_room = !settings_.all_rooms && settings_.rooms.size() < 2;
  if (!is_one_room) painter_.set_room(std::nullopt);
}

void Script::join_room(std::string name) {
  orders_.emplace_back(Post{.number = ++last_post_, .message = JoinRoom{name}});
  joins_.emplace(last_post_, std::move(name));
}

// Called for each room that the script is for. Its `about` event is printed if its lines are.
void Script::on_in_room(const std::string& room) {
  if (settings_.mode == Mode::users) {
    orders_.push_back(MemberList::begin());
  } else if (settings_.mode == Mode::own) {
    begin_own();
  } else if (settings_.mode == Mode::history) {
    orders_.emplace_back(pages_.begin(room));
  } else if (settings_.json && settings_.mode == Mode::listen) {
    orders_.emplace_back(AskAbout{.room = room});
  }
}

// The name as the server writes it: lines have this one.
void Script::on_room_joined(const RoomJoined& joined) {
  if (rooms_in_.insert(wire::folded_name(joined.room.name)).second) on_in_room(joined.room.name);
  const bool is_one_room = !settings_.all_rooms && settings_.rooms.size() == 1;
  if (is_one_room) painter_.set_room(joined.room.name);
}

void Script::on_room_renamed(const RoomRenamed& renamed) {
  const std::string before = wire::folded_name(renamed.before);
  for (auto* names : {&rooms_in_, &wanted_}) {
    if (names->erase(before) != 0) names->insert(wire::folded_name(renamed.room.name));
  }
  const bool is_one_room = !settings_.all_rooms && settings_.rooms.size() == 1;
  if (is_one_room) painter_.set_room(renamed.room.name);
}

// `uchat listen --room` ends when the member is in none of the rooms any more.
void Script::on_room_left(const RoomLeft& left) {
  const std::string folded = wire::folded_name(left.room.name);
  rooms_in_.erase(folded);
  // RoomLeft may arrive before the Confirmed of the join.
  std::erase_if(joins_, [&](const auto& one) { return wire::folded_name(one.second) == folded; });
  const bool names_rooms = !settings_.all_rooms && !wanted_.empty();
  const bool has_room = !rooms_in_.empty() || !joins_.empty();
  if (settings_.mode != Mode::listen || !names_rooms || has_room) return;
  const std::string why = why_refused(settings_.language, {.code = left.code, .text = left.text});
  if (!left.code.empty()) return on_join_refused(left.room.name, why);
  if (!refusal_) {
    refused_as_ = Outcome::kicked;
    refusal_ = '#' + left.room.name + (why.empty() ? "" : ": " + why);
    sentence_ = why.empty() ? words(settings_.language, Words::room_gone, left.room.name)
                            : words(settings_.language, Words::room_removed, left.room.name, why);
  }
  ask_to_leave();
}

void Script::on_waiting(const Waiting& waiting) { waiting_ = waiting; }

// Reconnecting follows at once: in JSON it is the event.
void Script::on_server_stopped() {
  if (settings_.json) return;
  remarks_ += painter_.warning(words(settings_.language, Words::server_stopped));
}

void Script::on_confirmed(const Confirmed& confirmed) {
  joins_.erase(confirmed.number);
  const std::size_t count = unconfirmed_.erase(confirmed.number);
  sent_ += count;
  if (count != 0 && settings_.saved) unsaved_.insert(confirmed.number);
}

void Script::on_saved(const Saved& saved) {
  if (unsaved_.erase(saved.number) == 0 || saved.state == Outcome::done || refusal_) return;
  refused_as_ = saved.state;
  refusal_ = std::string{};
}

void Script::on_refused(const Refused& refused) {
  if (!refused.number) return;
  const std::string why = why_refused(settings_.language, refused);
  if (const auto join = joins_.find(*refused.number); join != joins_.end()) {
    on_join_refused(join->second, why);
    joins_.erase(join);
  } else if (unconfirmed_.erase(*refused.number) != 0) {
    if (settings_.mode == Mode::own) return refuse_own(why);
    if (!refusal_) refusal_ = why;
  }
}

// Of all rooms, the lines of those are printed that the member can join.
void Script::on_join_refused(const std::string& room, const std::string& why) {
  const std::string text = words(settings_.language, StartWords::cannot_join, room, why);
  if (settings_.all_rooms) {
    remarks_ += painter_.warning(text);
    return;
  }
  if (!refusal_) {
    refusal_ = text;
    sentence_ = text;
  }
  ask_to_leave();
}

bool Script::prints_lines() const {
  return settings_.mode == Mode::talk || settings_.mode == Mode::listen;
}

bool Script::wants(const RoomRef& room) const {
  if (settings_.all_rooms) return true;
  if (room.name.empty()) return wanted_.empty();
  return wanted_.contains(wire::folded_name(room.name));
}

bool Script::has_all_messages() const { return settings_.count && messages_ >= *settings_.count; }

bool Script::is_left_out(const Line& line) const {
  const bool is_old = line.replay && settings_.since && line.time < *settings_.since;
  const bool is_of_another_room = !is_for_all_rooms(line) && !wants(line.room);
  const bool is_late = refused_as_ == Outcome::timed_out;
  return is_of_another_room || is_old || is_late || has_all_messages();
}

// A removal is told also if joins and leaves are not.
bool Script::is_quiet_about(const Line& line) const noexcept {
  using wire::RecordKind;
  return settings_.quiet && (line.record == RecordKind::join || line.record == RecordKind::leave ||
                             line.record == RecordKind::crowd);
}

// Counts a message that was printed.
void Script::count(const Line& line) {
  const bool is_message =
      is_member_message(line.record) || line.record == wire::RecordKind::announce;
  if (!is_message) return;
  ++messages_;
  if (has_all_messages()) ask_to_leave();
}

void Script::print(const Report& report) {
  if (const auto* about = std::get_if<RoomAbout>(&report)) return print_about(*about);
  const bool is_remark =
      std::holds_alternative<FirstContact>(report) || std::holds_alternative<RoomLeft>(report) ||
      std::holds_alternative<Notice>(report) || std::holds_alternative<Waiting>(report) ||
      std::holds_alternative<MissedHere>(report) || std::holds_alternative<OtherPerson>(report);
  const auto* line = std::get_if<Line>(&report);
  if (line != nullptr && (is_left_out(*line) || is_quiet_about(*line))) return;
  if (const auto* missed = std::get_if<Missed>(&report);
      missed != nullptr && !wants(missed->room)) {
    return;
  }
  // `uchat listen` says nothing itself: an own line is from another program of the user.
  const bool is_own = line != nullptr && line->own && settings_.mode != Mode::listen;
  const bool is_join = std::holds_alternative<RoomJoined>(report);
  if (const auto* saved = std::get_if<Saved>(&report); saved != nullptr && prints_events()) {
    Saved of_room = *saved;
    if (!settings_.rooms.empty()) of_room.room = settings_.rooms.front();
    text_ += json_line(of_room, now_);
  } else if (prints_events()) {
    text_ += json_line(report, now_);
  } else if (is_remark) {
    remarks_ += painter_.paint(report);
  } else if (prints_lines() && !is_own && !is_join) {
    text_ += painter_.paint(report);
  }
  if (line != nullptr) count(*line);
}

void Script::on_session_lost(const std::string& how) {
  finish(Outcome::failed,
         words(settings_.language, Words::session_crashed, how_ended(settings_.language, how)));
}

void Script::on_timeout() {
  if (!joined_ && waiting_) return finish(waiting_->reason, waiting_->text);
  if (joined_ && settings_.mode == Mode::own) return give_up_own();
  const bool asks = settings_.mode == Mode::users || settings_.mode == Mode::history;
  if (!joined_ || asks) return finish(Outcome::no_answer);
  const bool is_confirmed = waiting() == 0 && !unsaved_.empty();
  if (is_confirmed) return finish(Outcome::not_saved);
  if (settings_.mode != Mode::listen) return finish(Outcome::not_confirmed);
  if (settings_.count && !has_all_messages() && !refusal_) {
    refused_as_ = Outcome::timed_out;
    refusal_ = words(settings_.language, StartWords::messages_came, messages_, *settings_.count);
  }
  ask_to_leave();
}

void Script::quit() {
  if (leaving_ || !joined_) return finish(Outcome::done);
  if (settings_.mode == Mode::own) return give_up_own();
  ask_to_leave();
}

void Script::finish(Outcome outcome, std::string detail) {
  if (outcome_) return;
  const std::size_t left = waiting();
  if (outcome == Outcome::done && refusal_) {
    outcome = refused_as_;
    detail = *refusal_;
  } else if (outcome == Outcome::done && left > 0) {
    outcome = Outcome::not_confirmed;
    detail = count_of_messages(settings_.language, left);
  } else if (outcome == Outcome::done && !unsaved_.empty()) {
    outcome = Outcome::not_saved;
  }
  outcome_ = outcome;
  detail_ = std::move(detail);
  // The JSON event has the same outcome as the exit status.
  if (prints_events()) text_ += json_line(Ended{.reason = outcome, .text = detail_}, now_);
}

std::string Script::closing_line() const {
  if (!outcome_ || *outcome_ == Outcome::done) return {};
  const bool is_refusal = *outcome_ == refused_as_ && refusal_ && detail_ == *refusal_;
  if (is_refusal && !sentence_.empty()) return safe_text(sentence_);
  return explain(*outcome_, {.host = settings_.host, .name = settings_.name, .detail = detail_},
                 settings_.language);
}

}  // namespace chatd::client
