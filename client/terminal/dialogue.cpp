// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/dialogue.hpp"

#include <algorithm>

#include "client/member/list_text.hpp"
#include "client/terminal/completion.hpp"
#include "client/terminal/input.hpp"
#include "client/words/file_words.hpp"
#include "client/words/history_words.hpp"
#include "client/words/outcome.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "client/words/typed_words.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

// Bytes of UTF-8: the least that a server must take in one message.
constexpr std::size_t kLongestCharacter = 4;
// The most messages that wait for the first session.
constexpr std::size_t kMaxEarly = 1000;

// The member that the message is for or about; "" for a message to the room.
std::string member_of(const Message& message) {
  if (const auto* direct = std::get_if<Direct>(&message)) return direct->name;
  if (const auto* moderate = std::get_if<Moderate>(&message)) return moderate->name;
  if (const auto* block = std::get_if<Block>(&message)) return block->name;
  return {};
}

bool is_order(const Message& message) {
  return !std::holds_alternative<Say>(message) && !std::holds_alternative<Act>(message) &&
         !std::holds_alternative<Direct>(message);
}

std::string why_unknown(wire::Language language, const std::string& command) {
  const std::string_view meant = nearest_command(command);
  return meant.empty() ? words(language, Words::unknown_command, command)
                       : words(language, TypedWords::unknown_meant, command, meant);
}

std::string_view trim_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

Dialogue::Dialogue(Settings settings)
    : settings_{.host = settings.host,
                .language = settings.language,
                .device = std::move(settings.device)},
      login_{{.name = std::move(settings.name),
              .host = settings.host,
              .password = std::move(settings.password),
              .code = std::move(settings.code),
              .language = settings.language}},
      painter_{{.language = settings.language, .colors = settings.colors, .host = settings.host}},
      alerts_{settings.alerts, settings.language} {
  for (const std::string& name : settings.ignore) {
    if (const auto checked = wire::check_name(name)) (void)ignored_.add(*checked);
  }
  lines_.set_quiet(settings.quiet);
  if (settings.logs) lines_.begin_log(settings.language);
}

void Dialogue::start() { follow(login_.start()); }

// Does what follows from an answer of the user, or from the end of a session.
void Dialogue::follow(const Login::Step& step) {
  if (!step.warning.empty()) text_ += painter_.warning(step.warning);
  switch (step.next) {
    case Login::Next::ask:
      return;
    case Login::Next::quit:
      return quit();
    case Login::Next::end:
      return finish(Outcome::unconfirmed_key, login_.shown_key());
    case Login::Next::enter:
      painter_.set_name(login_.name());
      link_.connect();
      outbox_.order(login_.order());
  }
}

void Dialogue::quit() {
  const bool nothing_under_way = login_.is_asking() || !joined_before_;
  if (quitting_ || nothing_under_way) {
    outbox_.quit_now();  // without it the session process reports a crash of this one
    return login_.asks_about_key() ? finish(Outcome::unconfirmed_key, login_.shown_key())
                                   : finish(Outcome::done);
  }
  quitting_ = true;
  outbox_.quit();
}

void Dialogue::finish(Outcome outcome, std::string detail) {
  show_gathered();
  if (outcome == Outcome::done && outbox_.unconfirmed() > 0) {
    outcome = Outcome::not_confirmed;
    detail = count_of_messages(settings_.language, outbox_.unconfirmed());
  }
  if (outcome == Outcome::done && joined_before_) {
    text_ += painter_.remark(words(settings_.language, Words::you_left));
  }
  show_unconfirmed();
  outcome_ = outcome;
  detail_ = std::move(detail);
}

void Dialogue::show_unsent(std::string_view why, std::string_view line) {
  text_ += painter_.warning(words(settings_.language, Words::not_sent, why, line));
}

std::string Dialogue::closing_line() const {
  if (!outcome_ || *outcome_ == Outcome::done) return {};
  return explain(*outcome_, {.host = settings_.host, .name = login_.name(), .detail = detail_},
                 settings_.language);
}

bool Dialogue::ticks() const noexcept { return link_.is_interrupted() || lines_.is_gathering(); }

std::string Dialogue::prompt(MonoTime now) const {
  if (login_.is_asking()) return std::string{login_.question()};
  if (paste_.is_asking()) return paste_.prompt(settings_.language);
  if (own_.is_asking()) return own_.prompt(settings_.language);
  const bool has_rooms = rooms_.rooms().size() > 1 || !rooms_.selected().empty();
  std::string room = has_rooms ? painter_.room_label(rooms_.selected()) : std::string{};
  if (!can_write()) room = filled(kNotInRoom, settings_.language, room);
  return prompt_text({.link = link_.link(),
                      .name = safe_text(login_.name()),
                      .room = std::move(room),
                      .unread = lines_.unread_texts(settings_.language),
                      .away = link_.silent_for(now),
                      .unconfirmed = outbox_.unconfirmed() + early_.size(),
                      .columns = columns_},
                     settings_.language);
}

std::vector<std::string> Dialogue::complete(std::string_view before, std::string_view word) const {
  if (is_asking()) return {};
  std::vector<std::string> found = completions(before, word, roster_, rooms_);
  // The own name is completed for commands only: no message is addressed to its sender.
  const std::string& own = login_.name();
  std::erase_if(found,
                [&](const std::string& one) { return one == own + ':' || one == '@' + own; });
  return found;
}

void Dialogue::on_line(std::string_view line, Now now) {
  lines_.unread_mark().note_entered(now.mono);
  line = trim_end(line);
  if (login_.is_asking()) {
    follow(login_.answer(line));
  } else if (!answer_question(line, now)) {
    const bool is_pasted = line.contains('\n');
    if (!is_pasted) carry_out(line, now);
    if (is_pasted && !paste_.ask_about(line)) say_lines(line);
  }
  set_drafting(false);
  ask_waiting(now.mono);
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
  if (!joined_before_) {
    if (is_blank(message.text)) return;
    if (early_.size() < kMaxEarly) return early_.emplace_back(std::move(message)), void();
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
    message.text = trim_end(message.text);  // the blanks at which it was divided
    if (!is_blank(message.text)) outbox_.post(message);
  }
}

void Dialogue::carry_out(std::string_view line, Now now) {
  // The reason names the command; what was typed behind it must not be lost.
  const bool is_alone = trim(line).find_first_of(" \t") == std::string_view::npos;
  const auto warn = [this](const std::string& why) { text_ += painter_.warning(why); };
  std::visit(Overloaded{
                 [](std::monostate /*blank*/) {},
                 [&](const AskUsers& /*input*/) { ask_users(); },
                 [&](const AskRooms& input) { ask(input); },
                 [&](const AskPrograms& input) { ask(input); },
                 [&](const AskMember& input) { ask(input); },
                 [&](const AskBlocks& input) {
                   ++answers_.blocks_wanted;
                   ask(input);
                 },
                 [&](const MakeRoom& input) { post_join(input, input.name); },
                 [&](const JoinRoom& input) { join_room(input); },
                 [&](const LeaveRoom& input) { leave_room(input); },
                 [&](const AskAbout& /*input*/) { ask_about(Answers::Facts::all); },
                 [&](const ShowTopic& /*input*/) { ask_about(Answers::Facts::topic); },
                 [&](const ChangeName& input) { change_name(input); },
                 [&](const Ignore& input) { ignore(input); },
                 [&](const StopIgnoring& input) { stop_ignoring(input); },
                 [&](const SelectRoom& input) { select_room(input.number); },
                 [&](const Help& input) { text_ += painter_.help(columns_, input.part); },
                 [&](const SetQuiet& input) { set_quiet(input); },
                 [&](const ShowLast& input) { show_last(input); },
                 [&](const ShowHistory& input) { ask_history(input, now); },
                 [&](const OwnOrder& input) { own(input); },
                 [&](const Quit& /*input*/) { quit(); },
                 [&](const Unknown& input) {
                   const std::string why = why_unknown(settings_.language, input.command);
                   warn(is_alone ? why : words(settings_.language, Words::not_sent, why, line));
                 },
                 [&](const Incomplete& input) {
                   const Words which = usage_words(input.usage);
                   const std::string usage = words(settings_.language, which, input.usage);
                   warn(is_alone ? usage
                                 : words(settings_.language, TypedWords::typed_wrong, line, usage));
                 },
                 [&](const Say& message) { say(message); },
                 [&](const Act& message) { say(message); },
                 [&](const Direct& message) { say(message); },
                 [&](const Reply& input) { reply(input); },
                 [&](const auto& message) { order(message); },  // all other messages
             },
             parse_input(line));
}

void Dialogue::on_report(const Report& report, Now now) {
  if (const auto* ended = std::get_if<Ended>(&report)) return on_ended(*ended);
  const bool is_blocked = blocked_.hides(report);
  if (ignored_.hides(report) || is_blocked) return;
  take(report, now);
  const Report shown = lines_.as_shown(report);
  text_ += alerts_.on_report(shown, login_.name(), now.mono);
  text_ += lines_.paint(shown, now.mono, now.wall);
  ask_waiting(now.mono);
}

void Dialogue::on_session_lost(const std::string& how) {
  finish(Outcome::failed,
         words(settings_.language, Words::session_crashed, how_ended(settings_.language, how)));
}

// Changes the state as the report requires. The painter shows the report.
void Dialogue::take(const Report& report, Now now) {
  std::visit(Overloaded{
                 [&](const Joined& joined) { on_joined(joined, now); },
                 [&](const Line& line) {
                   learn_names(line);
                   note_direct(line);
                   answers_.history.note(line);
                 },
                 [&](const Confirmed& confirmed) { on_confirmed(confirmed, now); },
                 [&](const Refused& refused) { on_refused(refused); },
                 [&](const Users& users) { on_users(users); },
                 [&](const RoomJoined& joined) { on_room_joined(joined); },
                 [&](const RoomLeft& left) { on_room_left(left); },
                 [&](const RoomRenamed& renamed) { on_room_renamed(renamed); },
                 [&](const RoomList& rooms) { on_room_list(rooms); },
                 [&](const RoomAbout& about) { on_about(about); },
                 [&](const ProgramList& programs) { on_programs(programs); },
                 [&](const BlockList& blocks) { on_blocks(blocks); },
                 [&](const HistoryPage& page) {
                   on_history(page);
                   ask_next_history(now);
                 },
                 [&](const OwnNews& news) { on_own(news); },
                 [&](const DeviceAsks& device) { own_.ask_about(device); },
                 [&](const RoomInvited& invited) { rooms_.note_other(invited.room); },
                 [&](const NameRefused& refused) { on_name_refused(refused); },
                 [&](const LimitsChanged& limits) { max_text_ = limits.max_text; },
                 [&](const Reconnecting& /*event*/) { link_.on_reconnecting(now.mono); },
                 [&](const Reconnected& /*event*/) { on_connected(now.mono); },
                 [&](const ServerStopped& /*event*/) { on_server_stopped(); },
                 [](const auto& /*only_shown*/) {},
             },
             report);
}

void Dialogue::on_joined(const Joined& joined, Now now) {
  show_name_change(joined, now);
  login_.on_joined(joined.name);
  painter_.set_name(joined.name);
  painter_.set_default_name(joined.server.empty() ? settings_.host : joined.server);
  if (!joined.again) {  // the first session of a Member
    rooms_ = {};
    // The first list of the new session answers all questions of the old one.
    answers_ = {.users_wanted = std::min<std::size_t>(answers_.users_wanted, 1)};
    show_selection();
  }
  rooms_.set_default_name(joined.server);
  max_text_ = joined.max_text;
  answers_.kept = joined.kept;
  if (joined_before_) {
    on_connected(now.mono);
  } else {
    (void)link_.on_connected(now.mono);
    std::string welcome = joined.again
                              ? words(settings_.language, Words::resumed, joined.name)
                              : words(settings_.language, Words::welcome, joined.name,
                                      joined.server.empty() ? settings_.host : joined.server);
    text_ += painter_.remark(with_kept(settings_.language, std::move(welcome), joined.kept));
  }
  outbox_.order(AskUsers{});  // names for the completion
  if (std::exchange(joined_before_, true)) return;
  ask_about(Answers::Facts::topic_if_any);
  outbox_.order(AskBlocks{});  // whose lines are not shown
  say_early();
}

// Sends the messages that were typed before the first session, to the room that is selected now.
void Dialogue::say_early() {
  for (Message& message : std::exchange(early_, {})) {
    std::visit(
        [this](auto& one) {
          if constexpr (requires { one.text; }) say(std::move(one));
        },
        message);
  }
}

void Dialogue::on_connected(MonoTime now) {
  const auto lasted = link_.on_connected(now);
  if (lasted) text_ += painter_.remark(words(settings_.language, Words::back, lasted->count()));
}

void Dialogue::on_refused(const Refused& refused) {
  if (!refused.number) return;
  const auto refusal = outbox_.refuse(*refused.number);
  if (!refusal) return;
  const Message& message = refusal->message;
  const std::string why = why_refused(settings_.language, refused, member_of(message));
  if (is_order(message)) {
    text_ += painter_.warning(words(settings_.language, Words::not_done, why, as_typed(message)));
  } else {
    show_unsent(why, as_typed(message));
  }
  for (const Message& waiting : refusal->waiting) show_unsent(why, as_typed(waiting));
  if (refusal->room) on_join_refused(*refusal->room);
}

void Dialogue::on_ended(const Ended& ended) {
  const auto question = quitting_ ? std::nullopt : login_.question_about(ended);
  if (!question) return finish(ended.reason, ended.text);
  show_unconfirmed();
  follow(*question);
}

}  // namespace chatd::client
