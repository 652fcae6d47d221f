// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/own_questions.hpp"

#include "client/terminal/paste_question.hpp"
#include "client/words/own_words.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"

namespace chatd::client {

void OwnQuestions::note(const OwnOrder& order) {
  wish_.reset();
  if (order.act == wire::OwnAct::drop || order.act == wire::OwnAct::release) wish_ = order;
  if (order.act == wire::OwnAct::use) code_of_ = std::string{};
}

std::optional<OwnOrder> OwnQuestions::take_wish(const OwnNews& news) {
  const bool are_keys = wire::read_own(news.facts).event == wire::OwnEvent::keys;
  return are_keys && news.is_answer ? std::exchange(wish_, std::nullopt) : std::nullopt;
}

const wire::Sentence* OwnQuestions::ask_about(const OwnOrder& wish, const OwnNews& news) {
  OwnOrder order = wish;
  if (order.act == wire::OwnAct::drop) {
    const KeyChoice choice = choose_key(wire::read_own(news.facts), wish.key);
    if (choice.key.empty()) return choice.is_ambiguous ? &kSomeKeysBegin : &kNoKeyBegins;
    order.key = choice.key;
  }
  ask(std::move(order), news.name);
  return nullptr;
}

bool OwnQuestions::end_of_code(const OwnNews& news) {
  using enum wire::OwnEvent;
  const wire::OwnAnswer answer = wire::read_own(news.facts);
  if (answer.event == asked && code_of_) code_of_ = answer.device;
  if (answer.event != added && answer.event != declined) return false;
  forget(answer.device);
  const bool is_this = code_of_ && (code_of_->empty() || *code_of_ == answer.device);
  if (is_this) code_of_.reset();
  return is_this;
}

void OwnQuestions::ask(OwnOrder order, std::string name) {
  asked_ = Asked{.order = std::move(order), .name = std::move(name)};
}

DeviceAsks OwnQuestions::show_device(MonoTime now) {
  DeviceAsks device = *std::exchange(waiting_, std::nullopt);
  const wire::DeviceQuestion question = wire::read_device(device.facts);
  asked_ =
      Asked{.order = {.act = wire::OwnAct::answer, .yes = true, .key = std::string{question.key}},
            .name = device.name,
            .shown = now};
  return device;
}

void OwnQuestions::forget(std::string_view key) {
  if (waiting_ && wire::read_device(waiting_->facts).key == key) waiting_.reset();
  if (asked_ && asked_->shown && asked_->order.key == key) asked_.reset();
}

bool OwnQuestions::takes_answer(MonoTime now) const noexcept {
  return asked_ && (!asked_->shown || now - *asked_->shown >= kMinTime);
}

// An empty line is no answer.
OwnQuestions::Answer OwnQuestions::read(std::string_view typed) {
  if (typed.empty()) return Answer::unclear;
  switch (PasteQuestion::read(typed)) {
    case PasteQuestion::Answer::yes:
      return Answer::yes;
    case PasteQuestion::Answer::no:
      return Answer::no;
    case PasteQuestion::Answer::unclear:
      break;
  }
  return Answer::unclear;
}

std::optional<OwnOrder> OwnQuestions::take(bool yes) {
  const auto asked = std::exchange(asked_, std::nullopt);
  if (!asked) return std::nullopt;
  OwnOrder order = asked->order;
  order.yes = order.act == wire::OwnAct::answer && yes;
  return yes || asked->shown ? std::optional{std::move(order)} : std::nullopt;
}

std::string OwnQuestions::prompt(wire::Language language) const {
  if (!asked_) return {};
  if (asked_->shown) return std::string{kAskDevice.in(language)};
  const std::string name = safe_text(asked_->name);
  return asked_->order.act == wire::OwnAct::drop
             ? filled(kAskDrop, language, safe_text(asked_->order.key), name)
             : filled(kAskRelease, language, name);
}

}  // namespace chatd::client
