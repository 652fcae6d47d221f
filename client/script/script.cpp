// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/script.hpp"

#include <algorithm>

#include "client/script/json_lines.hpp"
#include "client/words/outcome.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/base/overloaded.hpp"
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
  orders_.emplace_back(Enter{.name = settings_.name, .password = settings_.password});
  wipe(settings_.password);
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
    orders_.emplace_back(Post{.number = ++last_post_, .message = Say{std::string{piece}}});
    unconfirmed_.insert(last_post_);
    line.erase(0, piece.size());
  }
  const bool all_said = input_ended_ && to_say_.empty() && unconfirmed_.empty();
  if (joined_ && all_said) ask_to_leave();
}

void Script::ask_to_leave() {
  if (std::exchange(leaving_, true)) return;
  orders_.emplace_back(Quit{});
}

void Script::on_report(const Report& report) {
  if (const auto* ended = std::get_if<Ended>(&report)) {
    if (settings_.json) text_ += json_line(report);
    const bool as_asked = ended->reason == Outcome::done;
    return finish(ended->reason, as_asked ? std::string{} : ended->text);
  }
  take(report);
  print(report);
}

void Script::take(const Report& report) {
  std::visit(Overloaded{
                 [this](const Joined& joined) {
                   joined_ = true;
                   settings_.name = joined.name;
                   painter_.set_name(joined.name);
                   max_text_ = joined.max_text;
                 },
                 [this](const LimitsChanged& limits) { max_text_ = limits.max_text; },
                 [this](const Confirmed& confirmed) { unconfirmed_.erase(confirmed.number); },
                 [this](const Refused& refused) { on_refused(refused); },
                 [](const auto& /*only_shown*/) {},
             },
             report);
  say_more();
}

void Script::on_refused(const Refused& refused) {
  if (!refused.number || unconfirmed_.erase(*refused.number) == 0) return;
  if (!refusal_) refusal_ = why_refused(settings_.language, refused);
}

void Script::print(const Report& report) {
  const bool is_remark = std::holds_alternative<FirstContact>(report) ||
                         std::holds_alternative<Notice>(report) ||
                         std::holds_alternative<MissedHere>(report);
  const auto* line = std::get_if<Line>(&report);
  const bool is_own = line != nullptr && line->own;
  if (settings_.json) {
    text_ += json_line(report);
  } else if (is_remark) {
    remarks_ += painter_.paint(report);
  } else if (settings_.mode != Mode::send && !is_own) {
    text_ += painter_.paint(report);
  }
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

std::string Script::closing_line() const {
  if (!outcome_ || *outcome_ == Outcome::done) return {};
  return explain(*outcome_, {.host = settings_.host, .name = settings_.name, .detail = detail_},
                 settings_.language);
}

}  // namespace chatd::client
