// SPDX-License-Identifier: GPL-3.0-or-later
// The members of rooms, and the rooms that the user makes, joins, leaves and writes to.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "client/member/list_text.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/terminal/input.hpp"
#include "client/words/outcome.hpp"
#include "client/words/room_words.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/words.hpp"
#include "common/wire/name.hpp"
#include "common/wire/native/room_facts.hpp"

namespace chatd::client {

namespace {

struct TextOf {
  std::string_view text{};
  std::size_t max{0};
};

// The topic, the reason or the text of an order.
TextOf text_of(const Message& order) {
  if (const auto* set = std::get_if<SetTopic>(&order)) {
    return {.text = set->topic, .max = wire::kMaxTopicBytes};
  }
  if (const auto* moderate = std::get_if<Moderate>(&order)) {
    return {.text = moderate->reason, .max = wire::kMaxModerationReason};
  }
  if (const auto* away = std::get_if<SetAway>(&order)) {
    return {.text = away->text, .max = wire::kMaxAwayBytes};
  }
  return {};
}

// The names of a RoomList.
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const std::string_view row = take_row(list);
    names.emplace_back(row.substr(0, row.find('\t')));
  }
  return names;
}

}  // namespace

// True if the user has joined; false: a warning is shown.
bool Dialogue::is_connected_or_warn() {
  if (joined_before_) return true;
  text_ += painter_.warning(words(settings_.language, Words::not_connected_yet));
  return false;
}

std::string Dialogue::not_in_room() const {
  if (rooms_.state() == RoomBook::State::joining) {
    return filled(kJoinUnderWay, settings_.language, painter_.room_label(rooms_.selected()));
  }
  const std::string code{wire::code_of(wire::Reason::not_in_that_room)};
  return why_refused(settings_.language, Refused{.code = code}) +
         filled(kWriteToFirst, settings_.language, painter_.room_label({}));
}

void Dialogue::learn_names(const Line& line) {
  if (line.replay || !line.room.name.empty()) return;
  // A member whose join was only counted is known when it speaks.
  if (line.record == wire::RecordKind::join || is_room_message(line.record)) {
    roster_.add(line.name);
  }
  if (line.record == wire::RecordKind::leave || line.record == wire::RecordKind::kick) {
    roster_.remove(line.name);
  }
}

void Dialogue::ask_users() {
  if (!is_connected_or_warn()) return;
  if (rooms_.state() != RoomBook::State::open) {
    text_ += painter_.warning(not_in_room());
    return;
  }
  if (rooms_.selected().empty()) ++answers_.users_wanted;
  outbox_.order(AskUsers{.room = rooms_.selected()});
}

void Dialogue::on_users(const Users& users) {
  (void)append_part(answers_.users, users.list);
  if (users.more) return;
  const std::string list = std::exchange(answers_.users, {});
  const bool is_shown = !users.room.empty() || answers_.users_wanted > 0;
  // The list is newer than the joins and leaves that were gathered.
  if (is_shown) show_gathered();
  if (is_shown) text_ += painter_.users(list, columns_);
  if (!users.room.empty()) return;
  if (is_shown) --answers_.users_wanted;
  roster_.clear();
  for (std::string_view rest = list; !rest.empty();) {
    const std::string_view row = take_row(rest);
    roster_.add(row.substr(0, row.find('\t')));
  }
}

void Dialogue::join_room(const JoinRoom& join) {
  if (!rooms_.select(join.name)) return post_join(join, join.name);
  show_selection();
}

// The room is selected at once: lines that the user types before the answer of the server are for
// this room.
void Dialogue::post_join(Message message, const std::string& room) {
  if (!is_connected_or_warn()) return;
  if (const std::string why = why_no_room(settings_.language, room); !why.empty()) {
    text_ += painter_.warning(words(settings_.language, Words::not_done, why, as_typed(message)));
    return;
  }
  outbox_.post_join(std::move(message), room);
  rooms_.select_joining(room);
  show_selection();
}

void Dialogue::leave_room(const LeaveRoom& leave) {
  if (!is_connected_or_warn()) return;
  const bool is_removed = leave.name.empty() && !can_write();
  const std::string room = leave.name.empty() ? rooms_.selected() : leave.name;
  if (room.empty()) {
    text_ += painter_.warning(words(settings_.language, Words::default_room));
    return;
  }
  const auto number = rooms_.number_of(room);
  if (leave.name.empty() || (number && number == rooms_.number_of(rooms_.selected()))) {
    rooms_.select("");
    show_selection();
  }
  if (!is_removed) outbox_.post(LeaveRoom{room});
}

void Dialogue::ask(Order question) {
  if (is_connected_or_warn()) outbox_.order(std::move(question));
}

void Dialogue::select_room(std::size_t number) {
  if (is_asking()) return;
  if (rooms_.select(number)) return show_selection();
  text_ += painter_.warning(words(settings_.language, Words::no_room_number));
}

bool Dialogue::can_write() const {
  return rooms_.state() == RoomBook::State::open || rooms_.state() == RoomBook::State::joining;
}

// The painter writes no room name in front of the lines of the selected room. If the user cannot
// write to the selected room, every line has its room name: a new room may have the same name.
void Dialogue::show_selection() {
  const auto room = can_write() ? std::optional{rooms_.selected()} : std::nullopt;
  painter_.set_room(room);
  lines_.set_room(room);
}

void Dialogue::on_room_joined(const RoomJoined& joined) {
  rooms_.add(joined.room.name);
  show_selection();
  outbox_.on_room_joined(joined.room.name);
}

void Dialogue::on_room_left(const RoomLeft& left) {
  rooms_.remove(left.room.name);
  answers_.history.forget(left.room.name);
  show_selection();
}

void Dialogue::on_room_renamed(const RoomRenamed& renamed) {
  rooms_.rename(renamed.before, renamed.room.name);
  answers_.rename_room(renamed.before, renamed.room.name);
  show_selection();
}

void Dialogue::on_join_refused(const std::string& room) {
  if (!outbox_.is_joining(room)) rooms_.refuse(room);
  set_drafting(is_drafting_);
}

// While the input line has text, or lines are asked about, the selection does not change: the user
// has begun this line for the room of which the join was refused, so it is not sent to another
// room.
void Dialogue::set_drafting(bool drafting) {
  is_drafting_ = drafting || paste_.is_asking();
  if (!is_drafting_) {
    rooms_.return_from_refused();
    if (next_direct_) last_direct_ = std::exchange(next_direct_, std::nullopt);
  }
  show_selection();
}

void Dialogue::on_room_list(const RoomList& rooms) {
  (void)append_part(answers_.rooms, rooms.list);
  if (rooms.more) return;
  const std::string list = std::exchange(answers_.rooms, {});
  text_ += painter_.rooms(list, rooms_);
  rooms_.note_others(names_in(list));
}

// --- facts about a room, and changes of it -----------------------------------------------

void Dialogue::order(Message message) {
  if (!is_connected_or_warn()) return;
  const auto refuse = [&](std::string_view why) {
    text_ += painter_.warning(words(settings_.language, Words::not_done, why, as_typed(message)));
  };
  const bool is_about_room = std::visit(
      [](const auto& one) {
        if constexpr (requires { one.room; }) return true;
        return false;
      },
      message);
  if (is_about_room && !can_write()) return refuse(not_in_room());
  const TextOf text = text_of(message);
  if (text.text.size() > text.max) {
    return refuse(why_too_long(settings_.language, text.text, text.max));
  }
  const auto set_room = [this](auto& one) {
    if constexpr (requires { one.room; }) one.room = rooms_.selected();
  };
  std::visit(set_room, message);
  outbox_.post(std::move(message));
}

void Dialogue::ask_about(Answers::Facts shown) {
  if (!is_connected_or_warn()) return;
  if (rooms_.state() != RoomBook::State::open) {
    text_ += painter_.warning(not_in_room());
    return;
  }
  answers_.questions.push_back({.room = rooms_.selected(), .shown = shown});
  outbox_.order(AskAbout{.room = rooms_.selected()});
}

// An older server refuses the question: the refusal is shown only if the user has asked.
void Dialogue::on_about(const RoomAbout& about) {
  using Facts = Answers::Facts;
  (void)append_part(answers_.about, about.list);
  if (about.more) return;
  const wire::RoomFacts facts = wire::read_facts(std::exchange(answers_.about, {}));
  const Facts shown = answers_.take_question(about.room);
  const bool is_refused = !about.code.empty() || !about.text.empty();
  if (shown == Facts::topic_if_any && (is_refused || facts.topic.empty())) return;
  if (is_refused) {
    text_ +=
        painter_.warning(why_refused(settings_.language, {.code = about.code, .text = about.text}));
  } else {
    text_ += shown == Facts::all ? painter_.about(about.room, facts) : painter_.topic(facts);
  }
}

}  // namespace chatd::client
