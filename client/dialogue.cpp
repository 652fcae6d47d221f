// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/dialogue.hpp"

#include <algorithm>
#include <chrono>

#include "client/input.hpp"
#include "client/reasons.hpp"
#include "client/safe_text.hpp"
#include "client/secret_text.hpp"
#include "client/split_text.hpp"
#include "client/words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

using Link = PromptState::Link;

// Time without an answer after which the session reports `reconnecting`: the silence began before.
constexpr Micros kNoticedAfter{3'000'000};

// Bytes of UTF-8: the least that a server must take in one message.
constexpr std::size_t kLongestCharacter = 4;

std::chrono::seconds whole_seconds(Micros time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

// The order as it would be typed.
std::string typed(const Order& order) {
  if (order.kind == Order::Kind::act) return "/me " + order.text;
  if (order.kind == Order::Kind::letter) return "/msg " + order.name + ' ' + order.text;
  return order.text;
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
  orders_.push_back({.kind = Order::Kind::enter,
                     .name = settings_.name,
                     .text = {},
                     .password = settings_.password,
                     .fingerprint = confirmed_key_});
}

void Dialogue::order(Order order) {
  order.number = ++last_order_;
  if (order.kind != Order::Kind::users) unconfirmed_.emplace(order.number, order);
  orders_.push_back(std::move(order));
}

void Dialogue::quit() {
  const bool nothing_under_way = asked_ != Asked::nothing || !joined_before_;
  if (quitting_ || nothing_under_way) return finish(Outcome::done);
  quitting_ = true;
  orders_.push_back({.kind = Order::Kind::quit});
}

void Dialogue::finish(Outcome outcome, std::string detail) {
  if (outcome == Outcome::done && !unconfirmed_.empty()) {
    outcome = Outcome::not_confirmed;
    detail = count_of_messages(settings_.language, unconfirmed_.size());
  }
  if (outcome == Outcome::done && joined_before_) {
    text_ += painter_.remark(words(settings_.language, Words::you_left));
  }
  for (const auto& [number, order] : unconfirmed_) {
    show_unsent(words(settings_.language, Words::not_confirmed), typed(order));
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

std::string Dialogue::last_words() const {
  if (!outcome_ || *outcome_ == Outcome::done) return {};
  return explain(*outcome_, {.host = settings_.host, .name = settings_.name, .detail = detail_},
                 settings_.language);
}

std::string Dialogue::prompt(MonoTime now) const {
  if (asked_ == Asked::name) return std::string{words(settings_.language, Words::ask_name)};
  if (asked_ == Asked::password) return std::string{words(settings_.language, Words::ask_password)};
  if (asked_ == Asked::key) return std::string{words(settings_.language, Words::ask_key)};
  PromptState state{.link = link_,
                    .name = safe_text(settings_.name),
                    .unconfirmed = unconfirmed_.size(),
                    .columns = columns_};
  if (link_ == Link::reconnecting) state.away = whole_seconds(now - silent_since_);
  return prompt_text(state, settings_.language);
}

std::vector<std::string> Dialogue::complete(std::string_view before, std::string_view word) const {
  if (asked_ != Asked::nothing) return {};
  return completions(before, word, roster_);
}

void Dialogue::on_line(std::string_view line, Now /*now*/) {
  line = trim_end(line);
  if (asked_ != Asked::nothing) return answer(line);
  if (line.find('\n') != std::string_view::npos) return say_lines(line);
  carry_out(line);
}

// Sends a pasted line: commands in it are not carried out.
void Dialogue::say_lines(std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    say(Order::Kind::say, {}, trim_end(line));
  }
}

// Sends a text as one message, or as several if it is longer than the server takes.
void Dialogue::say(Order::Kind kind, std::string_view name, std::string_view text) {
  if (!joined_before_ && !is_blank(text)) {
    return show_unsent(words(settings_.language, Words::not_connected_yet),
                       typed({.kind = kind, .name = std::string{name}, .text = std::string{text}}));
  }
  while (!text.empty()) {
    const std::string_view piece = first_message(text, std::max(max_text_, kLongestCharacter));
    if (!is_blank(piece)) {
      order({.kind = kind, .name = std::string{name}, .text = std::string{piece}});
    }
    text.remove_prefix(piece.size());
  }
}

void Dialogue::carry_out(std::string_view line) {
  using Kind = Input::Kind;
  Input input = parse_input(line);
  switch (input.kind) {
    case Kind::nothing:
      break;
    case Kind::say:
      say(Order::Kind::say, {}, input.text);
      break;
    case Kind::act:
      say(Order::Kind::act, {}, input.text);
      break;
    case Kind::letter:
      say(Order::Kind::letter, input.name, input.text);
      break;
    case Kind::users:
      ask_users();
      break;
    case Kind::help:
      text_ += painter_.help();
      break;
    case Kind::quit:
      quit();
      break;
    case Kind::unknown:
      text_ += painter_.warning(words(settings_.language, Words::unknown_command, input.text));
      break;
    case Kind::incomplete:
      text_ += painter_.warning(words(settings_.language, Words::wants_text, input.text));
      break;
  }
}

void Dialogue::ask_users() {
  if (!joined_before_) {
    text_ += painter_.warning(words(settings_.language, Words::not_connected_yet));
    return;
  }
  shows_users_ = true;
  order({.kind = Order::Kind::users});
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
  if (report.kind == Report::Kind::ended) return on_ended(report);
  if (report.kind == Report::Kind::event) on_event(report, now);
  if (painter_.rings(report, settings_.bell)) text_ += '\a';
  text_ += painter_.paint(report);
}

void Dialogue::on_session_lost(const std::string& how) {
  finish(Outcome::failed, words(settings_.language, Words::session_crashed, how));
}

void Dialogue::on_event(const Report& report, Now now) {
  using Kind = Event::Kind;
  switch (report.event.kind) {
    case Kind::joined_room:
      return on_joined(report, now);
    case Kind::line:
      return learn_names(report.event);
    case Kind::confirmed:
    case Kind::refused:
      return on_fate(report, now);
    case Kind::users:
      return on_users(report);
    case Kind::limits_changed:
      max_text_ = static_cast<std::size_t>(report.count);
      break;
    case Kind::missed:
      break;
    case Kind::reconnecting:
      if (link_ != Link::reconnecting) {
        silent_since_ = now.mono - (said_goodbye_ ? Micros{0} : kNoticedAfter);
      }
      link_ = Link::reconnecting;
      said_goodbye_ = false;
      break;
    case Kind::reconnected:
      on_back(now.mono);
      break;
    case Kind::ended:  // Report::Kind::ended reports it
      break;
    case Kind::server_stopped:  // reconnecting follows at once, without a silence
      said_goodbye_ = link_ != Link::reconnecting;
      text_ += painter_.warning(words(settings_.language, Words::server_stopped));
      break;
  }
}

void Dialogue::on_joined(const Report& report, Now now) {
  forget_typed_password();
  settings_.name = report.event.name;
  painter_.set_name(settings_.name);
  max_text_ = static_cast<std::size_t>(report.count);
  if (joined_before_) {
    on_back(now.mono);
  } else {
    text_ += painter_.remark(
        report.event.replay
            ? words(settings_.language, Words::resumed, settings_.name)
            : words(settings_.language, Words::welcome, settings_.name,
                    report.event.text.empty() ? settings_.host : report.event.text));
  }
  shows_users_ = !joined_before_;
  joined_before_ = true;
  link_ = Link::connected;
  order({.kind = Order::Kind::users});  // names for the completion
}

// Forgets the typed password. If it is needed again, the user is asked again.
void Dialogue::forget_typed_password() {
  if (std::exchange(typed_password_, false)) wipe(settings_.password);
}

void Dialogue::on_back(MonoTime now) {
  if (link_ == Link::reconnecting) {
    text_ += painter_.remark(
        words(settings_.language, Words::back, whole_seconds(now - silent_since_).count()));
  }
  link_ = Link::connected;
}

void Dialogue::learn_names(const Event& event) {
  if (event.replay) return;
  if (event.record == wire::RecordKind::join) roster_.add(event.name);
  if (event.record == wire::RecordKind::leave || event.record == wire::RecordKind::kick) {
    roster_.remove(event.name);
  }
}

// A direct message is not in the room's log: it is shown when the server has confirmed it.
void Dialogue::on_fate(const Report& report, Now now) {
  const auto found = unconfirmed_.find(report.order);
  if (found == unconfirmed_.end()) return;
  const Order order = std::move(found->second);
  unconfirmed_.erase(found);
  if (report.event.kind == Event::Kind::refused) {
    show_unsent(why_refused(settings_.language, report.event, order.name), typed(order));
  } else if (order.kind == Order::Kind::letter) {
    text_ += painter_.paint({.kind = Report::Kind::event,
                             .event = {.kind = Event::Kind::line,
                                       .record = wire::RecordKind::letter,
                                       .name = order.name,
                                       .text = order.text,
                                       .time = now.wall,
                                       .own = true}});
  }
}

void Dialogue::on_users(const Report& report) {
  if (users_.size() + report.event.text.size() < Roster::kMaxListBytes) {
    if (!users_.empty()) users_ += '\n';
    users_ += report.event.text;
  }
  if (report.more) return;
  const std::string list = std::exchange(users_, {});
  if (shows_users_) text_ += painter_.users(list, columns_);
  roster_.clear();
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\n', at), list.size());
    const std::string_view row = std::string_view{list}.substr(at, end - at);
    roster_.add(row.substr(0, row.find('\t')));
    at = end + 1;
  }
}

void Dialogue::on_ended(const Report& report) {
  const Circumstances circumstances{
      .host = settings_.host, .name = settings_.name, .detail = report.text};
  if (report.outcome == Outcome::unconfirmed_key && !quitting_) return ask_key(report.text);
  const bool asks_name =
      report.outcome == Outcome::name_taken || report.outcome == Outcome::name_refused;
  const bool asks_password = report.outcome == Outcome::password_wanted ||
                             (report.outcome == Outcome::wrong_password && typed_password_);
  if (quitting_ || (!asks_name && !asks_password)) return finish(report.outcome, report.text);
  if (asks_name || typed_password_) {
    text_ += painter_.warning(explain(report.outcome, circumstances, settings_.language));
  }
  asked_ = asks_name ? Asked::name : Asked::password;
}

}  // namespace chatd::client
