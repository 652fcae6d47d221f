// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/login.hpp"

#include <utility>

#include "client/session/trust.hpp"
#include "client/terminal/paste_question.hpp"
#include "client/words/outcome.hpp"
#include "client/words/secret_text.hpp"
#include "client/words/start_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

Login::~Login() {
  wipe(settings_.password);
  wipe(settings_.code);
}

Enter Login::order() const {
  return {.name = settings_.name,
          .password = settings_.password,
          .fingerprint = confirmed_key_,
          .code = settings_.code};
}

Login::Step Login::enter() {
  asked_ = Asked::nothing;
  return {.next = Next::enter};
}

std::string_view Login::question() const noexcept {
  switch (asked_) {
    case Asked::name:
      return words(settings_.language, Words::ask_name);
    case Asked::password:
      return words(settings_.language, Words::ask_password);
    case Asked::key:
      return words(settings_.language, Words::ask_key);
    case Asked::code:
      return words(settings_.language, StartWords::ask_code);
    case Asked::nothing:
      break;
  }
  return {};
}

std::string Login::explained(Outcome outcome, std::string name, std::string detail) const {
  return explain(outcome,
                 {.host = settings_.host, .name = std::move(name), .detail = std::move(detail)},
                 settings_.language);
}

Login::Step Login::answer(std::string_view line) {
  if (asked_ == Asked::key) return take_key(line);
  if (asked_ == Asked::password) return take_password(line);
  if (line == "quit" || line == "/quit") return {.next = Next::quit};
  if (asked_ == Asked::code) return take_code(line);
  return take_name(line);
}

Login::Step Login::take_password(std::string_view password) {
  wipe(settings_.password);
  settings_.password = std::string{password};
  typed_password_ = true;
  return enter();
}

Login::Step Login::take_code(std::string_view code) {
  if (!is_code(code)) {
    return {.warning = std::string{words(settings_.language, StartWords::no_code)}};
  }
  settings_.code = std::string{code};
  return enter();
}

Login::Step Login::take_name(std::string_view name) {
  const auto checked = wire::check_name(name);
  if (checked) {
    settings_.name = checked->text;
    return enter();
  }
  asked_ = Asked::name;
  if (name.empty()) return {};
  return {.warning = explained(Outcome::name_refused, std::string{name},
                               why_no_name(settings_.language, checked.error(), name))};
}

Login::Step Login::ask_key(const std::string& fingerprint) {
  shown_key_ = fingerprint;
  asked_ = Asked::key;
  return {.warning =
              words(settings_.language, Words::new_key, settings_.host, safe_text(fingerprint))};
}

// As with ssh, the answer may be the fingerprint itself, which is then compared.
Login::Step Login::take_key(std::string_view answer) {
  if (is_code(answer)) return take_code(answer);
  const auto meant = PasteQuestion::read(answer);
  if (meant == PasteQuestion::Answer::no) return {.next = Next::end};
  const bool agrees = meant == PasteQuestion::Answer::yes && !answer.empty();
  if (agrees || answer == shown_key_) {
    confirmed_key_ = shown_key_;
    return enter();
  }
  return {.warning = std::string{words(settings_.language, Words::say_yes_or_no)}};
}

std::optional<Login::Step> Login::question_about(const Ended& ended) {
  if (ended.reason == Outcome::unconfirmed_key) return ask_key(ended.text);
  if (ended.reason == Outcome::not_invited || ended.reason == Outcome::wrong_code) {
    wipe(settings_.code);
    asked_ = Asked::code;
    return Step{.warning = explained(ended.reason, settings_.name, ended.text)};
  }
  const bool asks_name = is_name_in_use(ended.reason) || ended.reason == Outcome::name_refused;
  const bool asks_password = ended.reason == Outcome::password_wanted ||
                             (ended.reason == Outcome::wrong_password && typed_password_);
  if (!asks_name && !asks_password) return std::nullopt;
  asked_ = asks_name ? Asked::name : Asked::password;
  if (!asks_name && !typed_password_) return Step{};
  return Step{.warning = explained(ended.reason, settings_.name, ended.text)};
}

void Login::on_joined(const std::string& name) {
  if (std::exchange(typed_password_, false)) wipe(settings_.password);
  wipe(settings_.code);
  settings_.name = name;
}

}  // namespace chatd::client
