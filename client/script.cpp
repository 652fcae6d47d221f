// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script.hpp"

#include <algorithm>

#include "client/input.hpp"
#include "client/json_lines.hpp"
#include "client/reasons.hpp"
#include "client/secret_text.hpp"
#include "client/split_text.hpp"
#include "client/words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

using Mode = Options::Mode;

// Limit of a line that has no end, so that it cannot fill the memory.
constexpr std::size_t kLongestLine = 65'536;
constexpr std::size_t kLongestCharacter = 4;  // bytes of UTF-8

}  // namespace

Script::Script(Settings settings)
    : settings_{std::move(settings)},
      painter_{{.language = settings_.language, .sections = false, .host = settings_.host}} {}

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
  orders_.push_back({.kind = Order::Kind::enter,
                     .name = settings_.name,
                     .text = {},
                     .password = settings_.password});
  wipe(settings_.password);
}

bool Script::wants_input() const noexcept {
  return settings_.mode == Mode::talk && joined_ && !input_ended_ && to_say_.empty() &&
         unconfirmed_.size() < kWindow;
}

void Script::on_input(std::string_view bytes) {
  take(input_.take(bytes));
  say_more();
}

void Script::take(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    partial_ += text.substr(0, end);
    const bool complete = end != std::string_view::npos;
    text.remove_prefix(complete ? end + 1 : text.size());
    if (complete || partial_.size() > kLongestLine) say(std::exchange(partial_, {}));
  }
}

void Script::on_input_end() {
  take(input_.end());
  say(std::exchange(partial_, {}));
  input_ended_ = true;
  say_more();
}

void Script::say(std::string_view line) {
  if (!is_blank(line)) to_say_.emplace_back(line);
}

// Sends each line as one message, or as several if it is longer than the server takes.
void Script::say_more() {
  while (joined_ && !leaving_ && !to_say_.empty() && unconfirmed_.size() < kWindow) {
    std::string& line = to_say_.front();
    if (is_blank(line)) {
      to_say_.pop_front();
      continue;
    }
    // A server that takes less than one character refuses that character with a reason.
    const std::string_view piece = first_message(line, std::max(max_text_, kLongestCharacter));
    if (settings_.mode == Mode::send && piece.size() < line.size()) {
      return finish(Outcome::message_refused,
                    words(settings_.language, Words::text_too_long, line.size(), max_text_));
    }
    orders_.push_back({.kind = Order::Kind::say,
                       .number = ++last_order_,
                       .name = {},
                       .text = std::string{piece}});
    unconfirmed_.insert(last_order_);
    line.erase(0, piece.size());
  }
  const bool all_said = input_ended_ && to_say_.empty() && unconfirmed_.empty();
  if (joined_ && all_said) ask_to_leave();
}

void Script::ask_to_leave() {
  if (std::exchange(leaving_, true)) return;
  orders_.push_back({.kind = Order::Kind::quit});
}

void Script::on_report(const Report& report) {
  if (report.kind == Report::Kind::ended) {
    if (settings_.json) text_ += json_line(report);
    const bool as_asked = report.outcome == Outcome::done;
    return finish(report.outcome, as_asked ? std::string{} : report.text);
  }
  if (report.kind == Report::Kind::event) on_event(report);
  if (settings_.json) {
    text_ += json_line(report);
  } else if (report.kind != Report::Kind::event) {
    remarks_ += painter_.paint(report);
  } else if (settings_.mode != Mode::send && !report.event.own) {
    text_ += painter_.paint(report);
  }
}

void Script::on_event(const Report& report) {
  const Event& event = report.event;
  if (event.kind == Event::Kind::joined_room) {
    joined_ = true;
    settings_.name = event.name;
    painter_.set_name(event.name);
  }
  if (event.kind == Event::Kind::joined_room || event.kind == Event::Kind::limits_changed) {
    max_text_ = static_cast<std::size_t>(report.count);
  }
  if (event.kind == Event::Kind::refused && unconfirmed_.contains(report.order)) {
    if (!refusal_) refusal_ = why_refused(settings_.language, event);
  }
  if (event.kind == Event::Kind::confirmed || event.kind == Event::Kind::refused) {
    unconfirmed_.erase(report.order);
  }
  say_more();
}

void Script::on_session_lost(const std::string& how) {
  finish(Outcome::failed, words(settings_.language, Words::session_crashed, how));
}

void Script::on_timeout() {
  if (joined_) return finish(Outcome::not_confirmed);
  finish(Outcome::no_answer);
}

void Script::quit() {
  if (leaving_ || !joined_) return finish(Outcome::done);
  ask_to_leave();
}

void Script::finish(Outcome outcome, std::string detail) {
  if (outcome_) return;
  const std::size_t left = unconfirmed_.size() + to_say_.size();
  if (outcome == Outcome::done && refusal_) {
    outcome = Outcome::message_refused;
    detail = *refusal_;
  } else if (outcome == Outcome::done && left > 0) {
    outcome = Outcome::not_confirmed;
    detail = count_of_messages(settings_.language, left);
  }
  outcome_ = outcome;
  detail_ = std::move(detail);
}

std::string Script::last_words() const {
  if (!outcome_ || *outcome_ == Outcome::done) return {};
  return explain(*outcome_, {.host = settings_.host, .name = settings_.name, .detail = detail_},
                 settings_.language);
}

}  // namespace chatd::client
