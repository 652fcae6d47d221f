// SPDX-License-Identifier: GPL-3.0-or-later
// `uchat own`: one request about the owned name, and what follows from it.
#include <string>
#include <utility>
#include <vector>

#include "client/script/script.hpp"
#include "client/words/outcome.hpp"
#include "client/words/own_words.hpp"
#include "client/words/shown_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/wire/name.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

using wire::OwnAct;
using wire::OwnEvent;

namespace {

// "ada-2"; a long name is cut.
std::string numbered(std::string_view name, unsigned number) {
  constexpr std::size_t kLongest = 30;
  std::string cut;
  for (std::size_t count = 0; count < kLongest && !name.empty(); ++count) {
    const std::string_view before = name;
    if (!wire::take_character(name)) break;
    cut += before.substr(0, before.size() - name.size());
  }
  return cut + '-' + std::to_string(number);
}

}  // namespace

void Script::post_own(OwnOrder order) {
  orders_.emplace_back(Post{.number = ++last_post_, .message = std::move(order)});
  unconfirmed_.insert(last_post_);
}

void Script::begin_own() {
  const OwnChoice& own = settings_.own;
  if (own.act == OwnAct::drop) return post_own({.act = OwnAct::keys});
  const bool has_label = own.act == OwnAct::claim || own.act == OwnAct::use;
  post_own(
      {.act = own.act, .code = own.code, .label = has_label ? settings_.device : std::string{}});
}

// A device that has no key of the name yet cannot log in under it: it uses its code under another.
bool Script::tries_other_name(const Ended& ended) {
  const bool uses_code = settings_.mode == Mode::own && settings_.own.act == OwnAct::use;
  if (joined_ || leaving_ || !is_name_in_use(ended.reason) || !uses_code ||
      names_tried_ >= kMaxNames)
    return false;
  const auto name = wire::check_name(numbered(settings_.name, ++names_tried_ + 1));
  if (!name) return false;
  orders_.emplace_back(
      Enter{.name = name->text, .password = settings_.password, .code = settings_.code});
  return true;
}

bool Script::is_end_of_own(const OwnNews& news, const wire::OwnAnswer& answer) const {
  const OwnChoice& own = settings_.own;
  switch (answer.event) {
    case OwnEvent::added:
    case OwnEvent::declined:
      return own.act == OwnAct::use || (own.yes && *own.yes == answer.device) || refusal_;
    case OwnEvent::code:
      return news.is_answer && !own.yes;
    case OwnEvent::asked:
    case OwnEvent::none:
      return false;
    default:
      return news.is_answer;
  }
}

void Script::drop_key(const wire::OwnAnswer& answer) {
  const KeyChoice choice = choose_key(answer, settings_.own.key);
  if (!choice.key.empty()) return post_own({.act = OwnAct::drop, .key = choice.key});
  const wire::Sentence& why = choice.is_ambiguous ? kSomeKeysBegin : kNoKeyBegins;
  refuse_own(filled(why, settings_.language, settings_.own.key));
}

void Script::refuse_own(std::string why) {
  if (!refusal_) {
    refusal_ = why;
    sentence_ = std::move(why);
  }
  ask_to_leave();
}

// The time limit is over, or a signal has come, before the answer of the server or of the device.
void Script::give_up_own() {
  if (settings_.own.waits()) {
    return refuse_own(std::string{kThisDeclined.in(settings_.language)});
  }
  refused_as_ = Outcome::not_confirmed;
  refuse_own(std::string{words(settings_.language, Words::not_confirmed)});
}

void Script::on_own(const OwnNews& news) {
  if (settings_.mode != Mode::own || leaving_) return;
  const wire::OwnAnswer answer = wire::read_own(news.facts);
  const OwnChoice& own = settings_.own;
  if (answer.event == OwnEvent::keys && own.act == OwnAct::drop) return drop_key(answer);
  const bool is_this = own.act == OwnAct::use;
  const auto lines = own_lines(settings_.language, news, is_this, settings_.host);
  const bool is_end = is_end_of_own(news, answer);
  has_code_ = has_code_ || answer.event == OwnEvent::code;
  if (is_end && answer.event == OwnEvent::declined) return refuse_own(lines.front());
  if (!settings_.json) {
    for (const std::string& line : lines) text_ += safe_text(line) + '\n';
  }
  if (!is_end) return;
  if (answer.saved && !*answer.saved && !refusal_) {
    refused_as_ = Outcome::not_saved;
    return refuse_own(lines.front());
  }
  ask_to_leave();
}

// The answer is yes for the key that the user has given with --yes, and no for any other key.
void Script::on_device(const DeviceAsks& asks) {
  const OwnChoice& own = settings_.own;
  if (settings_.mode != Mode::own || own.act != OwnAct::add || !own.yes || leaving_) return;
  const std::string key{wire::read_device(asks.facts).key};
  const bool is_it = key == *own.yes;
  // A device that asks before this run has made its code has used an earlier code: the user is
  // asked about it by the other programs of the name.
  if (!is_it && !has_code_) return;
  post_own({.act = OwnAct::answer, .yes = is_it, .key = key});
  if (!is_it && !refusal_) {
    refusal_ = filled(kDeviceDeclined, settings_.language, key, asks.name);
    sentence_ = *refusal_;
  }
}

}  // namespace chatd::client
