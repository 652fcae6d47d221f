// SPDX-License-Identifier: GPL-3.0-or-later
// The owned name of the user.
#include <string>
#include <utility>

#include "client/terminal/dialogue.hpp"
#include "client/words/own_words.hpp"
#include "client/words/shown_words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

using wire::OwnAct;
using wire::OwnEvent;

// Before a drop or a release the list of keys is requested: the question to the user names the key
// or the name.
void Dialogue::own(OwnOrder order) {
  if (!is_connected_or_warn()) return;
  own_.note(order);
  if (order.act == OwnAct::drop || order.act == OwnAct::release) order = {.act = OwnAct::keys};
  if (order.act == OwnAct::claim || order.act == OwnAct::use) order.label = settings_.device;
  outbox_.post(std::move(order));
}

void Dialogue::on_own(const OwnNews& news) {
  const wire::Language language = settings_.language;
  if (const auto wish = own_.take_wish(news)) {
    const auto why_not = own_.ask_about(*wish, news);
    if (why_not == nullptr) return;
    text_ += painter_.warning(filled(*why_not, language, wish->key));
  }
  const bool is_this = own_.end_of_code(news);
  text_ += painter_.remarks(own_lines(language, news, is_this, settings_.host));
  const bool is_named = wire::folded_name(news.name) == wire::folded_name(login_.name());
  const bool is_added = is_this && wire::read_own(news.facts).event == OwnEvent::added;
  if (is_added && !is_named && !news.name.empty()) change_name({.name = news.name});
}

}  // namespace chatd::client
