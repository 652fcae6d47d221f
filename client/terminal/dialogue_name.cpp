// SPDX-License-Identifier: GPL-3.0-or-later
// Another name for the user, without an interruption of the conversation.
#include <string>

#include "client/terminal/dialogue.hpp"
#include "client/words/outcome.hpp"
#include "client/words/typed_words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

void Dialogue::change_name(const ChangeName& input) {
  if (!is_connected_or_warn()) return;
  const auto checked = wire::check_name(input.name);
  if (!checked) {
    return on_name_refused({.name = input.name,
                            .reason = Outcome::name_refused,
                            .text = why_no_name(settings_.language, checked.error(), input.name)});
  }
  const auto warn = [this](TypedWords which, const std::string& name) {
    text_ += painter_.warning(words(settings_.language, which, name));
  };
  if (wire::folded_name(input.name) == wire::folded_name(login_.name())) {
    return warn(TypedWords::named_already, login_.name());
  }
  if (!new_name_.empty()) return warn(TypedWords::name_under_way, new_name_);
  new_name_ = checked->text;
  outbox_.order(Rename{new_name_});
}

// Called before the new name is used. In another session under the old name the change goes on.
void Dialogue::show_name_change(const Joined& joined, Now now) {
  if (joined.again && joined.name == login_.name()) return;
  new_name_.clear();
  if (!joined_before_ || joined.name == login_.name()) return;
  const std::string text = words(settings_.language, TypedWords::now_named, joined.name);
  text_ += painter_.remark(text);
  lines_.log_remark(text, now.wall);
}

void Dialogue::on_name_refused(const NameRefused& refused) {
  new_name_.clear();
  const std::string why = explain(
      refused.reason, {.host = settings_.host, .name = refused.name, .detail = refused.text},
      settings_.language);
  text_ += painter_.warning(words(settings_.language, TypedWords::still_named, why, login_.name()));
}

}  // namespace chatd::client
