// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/dialogue.hpp"

#include <algorithm>
#include <chrono>

#include "client/member/list_text.hpp"
#include "client/terminal/completion.hpp"
#include "client/terminal/input.hpp"
#include "client/words/outcome.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

using Link = PromptState::Link;

// Time without an answer after which the session reports Reconnecting: the silence began before.
constexpr Micros kNoticedAfter{3'000'000};

// Bytes of UTF-8: the least that a server must take in one message.
constexpr std::size_t kLongestCharacter = 4;

std::chrono::seconds whole_seconds(Micros time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

// The member that the message is for or about; "" for a message to the room.
std::string member_of(const Message& message) {
  if (const auto* direct = std::get_if<Direct>(&message)) return direct->name;
  if (const auto* moderate = std::get_if<Moderate>(&message)) return moderate->name;
  return {};
}

// The room that the message is sent to; "" for the default room and for messages without a room.
std::string room_of(const Message& message) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.room; }) return one.room;
        return std::string{};
      },
      message);
}

bool is_order(const Message& message) {
  return !std::holds_alternative<Say>(message) && !std::holds_alternative<Act>(message) &&
         !std::holds_alternative<Direct>(message);
}

std::string_view trim_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

Dialogue::Dialogue(Settings settings)
    : settings_{std::move(settings)},
      painter_{{.language = settings_.language, .color = settings_.color, .host = settings_.host}} {
}

Dialogue::~Dialogue() { wipe(settings_.password); }

void Dialogue::start() { answer_name(settings_.name); }

void Dialogue::enter() {
  asked_ = Asked::nothing;
  link_ = Link::connecting;
  orders_.emplace_back(
      Enter{.name = settings_.name, .password = settings_.password, .fingerprint = confirmed_key_});
}

void Dialogue::post(Message message) {
  const std::string room = room_of(message);
  const std::uint64_t number = ++last_post_;
  unconfirmed_.emplace(number, message);
  Post order{.number = number, .message = std::move(message)};
  if (!joins_.hold(room, order)) orders_.emplace_back(std::move(order));
}

void Dialogue::quit() {
  const bool nothing_under_way = asked_ != Asked::nothing || !joined_before_;
  if (quitting_ || nothing_under_way) return finish(Outcome::done);
  quitting_ = true;
  order_quit();
}

void Dialogue::finish(Outcome outcome, std::string detail) {
  if (outcome == Outcome::done && !unconfirmed_.empty()) {
    outcome = Outcome::not_confirmed;
    detail = count_of_messages(settings_.language, unconfirmed_.size());
  }
  if (outcome == Outcome::done && joined_before_) {
    text_ += painter_.remark(words(settings_.language, Words::you_left));
  }
  for (const auto& [number, message] : unconfirmed_) {
    show_unsent(words(settings_.language, Words::not_confirmed), as_typed(message));
  }
  unconfirmed_.clear();
  outcome_ = outcome;
  detail_ = std::move(detail);
}

void Dialogue::show_unsent(std::string_view why, std::string_view line) {
  text_ += painter_.warning(words(settings_.language, Words::not_sent, why, line));
}

void Dialogue::on_draft_left(std::string_view draft) {
  if (*outcome_ == Outcome::done || is_blank(draft)) return;
  show_unsent(words(settings_.language, Words::not_entered), draft);
}

std::string Dialogue::mark_of(std::size_t lines) const {
  return lines == 1 ? "[...] " : words(settings_.language, Words::lines_typed, lines) + ' ';
}

std::string Dialogue::closing_line() const {
  if (!outcome_ || *outcome_ == Outcome::done) return {};
  return explain(*outcome_, {.host = settings_.host, .name = settings_.name, .detail = detail_},
                 settings_.language);
}

bool Dialogue::ticks() const noexcept { return link_ == Link::reconnecting; }

std::string Dialogue::prompt(MonoTime now) const {
  if (asked_ == Asked::name) return std::string{words(settings_.language, Words::ask_name)};
  if (asked_ == Asked::password) return std::string{words(settings_.language, Words::ask_password)};
  if (asked_ == Asked::key) return std::string{words(settings_.language, Words::ask_key)};
  const bool has_rooms = rooms_.rooms().size() > 1 || !rooms_.selected().empty();
  PromptState state{.link = link_,
                    .name = safe_text(settings_.name),
                    .room = has_rooms ? painter_.room_label(rooms_.selected()) : std::string{},
                    .unconfirmed = unconfirmed_.size(),
                    .columns = columns_};
  if (link_ == Link::reconnecting) state.away = whole_seconds(now - silent_since_);
  return prompt_text(state, settings_.language);
}

std::vector<std::string> Dialogue::complete(std::string_view before, std::string_view word) const {
  if (asked_ != Asked::nothing) return {};
  return completions(before, word, roster_, rooms_);
}

void Dialogue::on_line(std::string_view line, Now /*now*/) {
  line = trim_end(line);
  if (asked_ != Asked::nothing) {
    answer(line);
  } else if (line.find('\n') != std::string_view::npos) {
    say_lines(line);
  } else {
    carry_out(line);
  }
  set_drafting(false);
}

// Sends a pasted line: commands in it are not carried out.
void Dialogue::say_lines(std::string_view lines) {
  while (!lines.empty()) {
    say(Say{std::string{trim_end(take_row(lines))}});
  }
}

// Sends a text as one message, or as several if it is longer than the server takes.
template <class T>
void Dialogue::say(T message) {
  if (!joined_before_ && !is_blank(message.text)) {
    return show_unsent(words(settings_.language, Words::not_connected_yet), as_typed(message));
  }
  if constexpr (requires { message.room; }) {
    message.room = rooms_.selected();
    if (!can_write() && !is_blank(message.text)) {
      return show_unsent(not_in_room(), as_typed(message));
    }
  }
  const std::string text = std::move(message.text);
  for (std::string_view rest = text; !rest.empty();) {
    message.text = first_message(rest, std::max(max_text_, kLongestCharacter));
    rest.remove_prefix(message.text.size());
    if (!is_blank(message.text)) post(message);
  }
}

void Dialogue::carry_out(std::string_view line) {
  const auto warn = [this](Words which, const std::string& value) {
    text_ += painter_.warning(words(settings_.language, which, value));
  };
  std::visit(Overloaded{
                 [](std::monostate /*blank*/) {},
                 [&](const AskUsers& /*input*/) { ask_users(); },
                 [&](const AskRooms& input) { ask(input); },
                 [&](const AskPrograms& input) { ask(input); },
                 [&](const MakeRoom& input) { post_join(input, input.name); },
                 [&](const JoinRoom& input) { join_room(input); },
                 [&](const LeaveRoom& input) { leave_room(input); },
                 [&](const AskAbout& /*input*/) { ask_about(Answers::Facts::all); },
                 [&](const ShowTopic& /*input*/) { ask_about(Answers::Facts::topic); },
                 [&](const SetTopic& input) { order(input); },
                 [&](const SetProperty& input) { order(input); },
                 [&](const Moderate& input) { order(input); },
                 [&](const EndProgram& input) { order(input); },
                 [&](const SelectRoom& input) { select_room(input.number); },
                 [&](const Help& /*input*/) { text_ += painter_.help(columns_); },
                 [&](const Quit& /*input*/) { quit(); },
                 [&](const Unknown& input) { warn(Words::unknown_command, input.command); },
                 [&](const Incomplete& input) { warn(usage_words(input.usage), input.usage); },
                 [&](const Say& message) { say(message); },
                 [&](const Act& message) { say(message); },
                 [&](const Direct& message) { say(message); },
             },
             parse_input(line));
}

void Dialogue::answer(std::string_view line) {
  if (asked_ == Asked::name) {
    if (line == "quit" || line == "/quit") return quit();
    return answer_name(line);
  }
  if (asked_ == Asked::key) return answer_key(line);
  wipe(settings_.password);
  settings_.password = std::string{line};
  typed_password_ = true;
  enter();
}

void Dialogue::answer_name(std::string_view name) {
  const auto checked = wire::check_name(name);
  if (checked) {
    settings_.name = checked->text;
    painter_.set_name(settings_.name);
    return enter();
  }
  if (!name.empty()) {
    text_ +=
        painter_.warning(explain(Outcome::name_refused,
                                 {.host = settings_.host,
                                  .name = std::string{name},
                                  .detail = why_no_name(settings_.language, checked.error(), name)},
                                 settings_.language));
  }
  asked_ = Asked::name;
}

void Dialogue::ask_key(std::string fingerprint) {
  text_ += painter_.warning(
      words(settings_.language, Words::new_key, settings_.host, safe_text(fingerprint)));
  shown_key_ = std::move(fingerprint);
  asked_ = Asked::key;
}

// As with ssh, the answer may be the fingerprint itself, which is then compared.
void Dialogue::answer_key(std::string_view answer) {
  if (answer == "no" || answer == "否") return finish(Outcome::unconfirmed_key, shown_key_);
  if (answer == "yes" || answer == "是" || answer == shown_key_) {
    confirmed_key_ = shown_key_;
    return enter();
  }
  text_ += painter_.warning(words(settings_.language, Words::say_yes_or_no));
}

void Dialogue::on_report(const Report& report, Now now) {
  if (const auto* ended = std::get_if<Ended>(&report)) return on_ended(*ended);
  take(report, now);
  if (painter_.rings(report, settings_.bell)) text_ += '\a';
  text_ += painter_.paint(report);
}

void Dialogue::on_session_lost(const std::string& how) {
  finish(Outcome::failed, words(settings_.language, Words::session_crashed, how));
}

// Changes the state as the report requires. The painter shows the report.
void Dialogue::take(const Report& report, Now now) {
  std::visit(Overloaded{
                 [&](const Joined& joined) { on_joined(joined, now); },
                 [&](const Line& line) { learn_names(line); },
                 [&](const Confirmed& confirmed) { on_confirmed(confirmed, now); },
                 [&](const Refused& refused) { on_refused(refused); },
                 [&](const Users& users) { on_users(users); },
                 [&](const RoomJoined& joined) { on_room_joined(joined); },
                 [&](const RoomLeft& left) { on_room_left(left); },
                 [&](const RoomRenamed& renamed) { on_room_renamed(renamed); },
                 [&](const RoomList& rooms) { on_room_list(rooms); },
                 [&](const RoomAbout& about) { on_about(about); },
                 [&](const ProgramList& programs) { on_programs(programs); },
                 [&](const RoomInvited& invited) { rooms_.note_other(invited.room); },
                 [&](const LimitsChanged& limits) { max_text_ = limits.max_text; },
                 [&](const Reconnecting& /*event*/) { on_silence(now.mono); },
                 [&](const Reconnected& /*event*/) { on_back(now.mono); },
                 [&](const ServerStopped& /*event*/) { on_server_stopped(); },
                 [](const auto& /*only_shown*/) {},
             },
             report);
}

void Dialogue::on_silence(MonoTime now) {
  if (link_ != Link::reconnecting) {
    silent_since_ = now - (said_goodbye_ ? Micros{0} : kNoticedAfter);
  }
  link_ = Link::reconnecting;
  said_goodbye_ = false;
}

// Reconnecting follows at once, without a silence.
void Dialogue::on_server_stopped() {
  said_goodbye_ = link_ != Link::reconnecting;
  text_ += painter_.warning(words(settings_.language, Words::server_stopped));
}

void Dialogue::on_joined(const Joined& joined, Now now) {
  // If a typed password is needed again, the user is asked again.
  if (std::exchange(typed_password_, false)) wipe(settings_.password);
  settings_.name = joined.name;
  painter_.set_name(settings_.name);
  painter_.set_default_name(joined.server.empty() ? settings_.host : joined.server);
  if (!joined.again) {  // the first session of a Member
    rooms_ = {};
    answers_ = {};
    show_selection();
  }
  max_text_ = joined.max_text;
  if (joined_before_) {
    on_back(now.mono);
  } else {
    text_ += painter_.remark(joined.again
                                 ? words(settings_.language, Words::resumed, settings_.name)
                                 : words(settings_.language, Words::welcome, settings_.name,
                                         joined.server.empty() ? settings_.host : joined.server));
  }
  answers_.shows_users = !joined_before_;
  orders_.emplace_back(AskUsers{});  // names for the completion
  if (!std::exchange(joined_before_, true)) ask_about(Answers::Facts::topic_if_any);
  link_ = Link::connected;
}

void Dialogue::on_back(MonoTime now) {
  if (link_ == Link::reconnecting) {
    text_ += painter_.remark(
        words(settings_.language, Words::back, whole_seconds(now - silent_since_).count()));
  }
  link_ = Link::connected;
}

// A direct message is not in the room's log: it is shown when the server has confirmed it. One to
// oneself is in the mailbox as well, and is shown when it arrives there.
void Dialogue::on_confirmed(const Confirmed& confirmed, Now now) {
  const auto message = take_unconfirmed(confirmed.number);
  if (!message) return;
  if (const auto join = joins_.end(confirmed.number)) send_held(join->held);
  const auto* direct = std::get_if<Direct>(&*message);
  if (direct == nullptr) return;
  if (wire::folded_name(direct->name) == wire::folded_name(settings_.name)) return;
  text_ += painter_.paint(Line{.record = wire::RecordKind::letter,
                               .name = direct->name,
                               .text = direct->text,
                               .time = now.wall,
                               .own = true});
}

void Dialogue::on_refused(const Refused& refused) {
  if (!refused.number) return;
  const auto message = take_unconfirmed(*refused.number);
  if (!message) return;
  const std::string why = why_refused(settings_.language, refused, member_of(*message));
  if (is_order(*message)) {
    text_ += painter_.warning(words(settings_.language, Words::not_done, why, as_typed(*message)));
    if (const auto join = joins_.end(*refused.number)) on_join_refused(*join, why);
  } else {
    show_unsent(why, as_typed(*message));
  }
}

std::optional<Message> Dialogue::take_unconfirmed(std::uint64_t number) {
  const auto found = unconfirmed_.find(number);
  if (found == unconfirmed_.end()) return std::nullopt;
  std::optional<Message> message{std::move(found->second)};
  unconfirmed_.erase(found);
  return message;
}

void Dialogue::on_ended(const Ended& ended) {
  const Circumstances circumstances{
      .host = settings_.host, .name = settings_.name, .detail = ended.text};
  if (ended.reason == Outcome::unconfirmed_key && !quitting_) return ask_key(ended.text);
  const bool asks_name =
      ended.reason == Outcome::name_taken || ended.reason == Outcome::name_refused;
  const bool asks_password = ended.reason == Outcome::password_wanted ||
                             (ended.reason == Outcome::wrong_password && typed_password_);
  if (quitting_ || (!asks_name && !asks_password)) return finish(ended.reason, ended.text);
  if (asks_name || typed_password_) {
    text_ += painter_.warning(explain(ended.reason, circumstances, settings_.language));
  }
  asked_ = asks_name ? Asked::name : Asked::password;
}

}  // namespace chatd::client
