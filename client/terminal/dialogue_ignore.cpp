// SPDX-License-Identifier: GPL-3.0-or-later
// The users whose messages are not shown.
#include <utility>

#include <fmt/format.h>

#include "client/member/list_text.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/words/outcome.hpp"
#include "client/words/typed_words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

namespace {

std::string taken_from(wire::Language language, wire::DirectFrom from) {
  const auto whom = from == wire::DirectFrom::same_room ? TypedWords::from_same_room
                    : from == wire::DirectFrom::owned   ? TypedWords::from_owned
                                                        : TypedWords::from_anyone;
  return words(language, TypedWords::direct_taken, words(language, whom));
}

}  // namespace

void Dialogue::ignore(const Ignore& input) {
  if (input.name.empty()) {
    const auto names = ignored_.names();
    text_ += painter_.remark(
        names.empty() ? std::string{words(settings_.language, TypedWords::nobody_ignored)}
                      : words(settings_.language, TypedWords::ignored_are,
                              fmt::format("{}", fmt::join(names, ", "))));
    return;
  }
  const auto name = wire::check_name(input.name);
  if (!name) {
    const std::string why = why_no_name(settings_.language, name.error(), input.name);
    const Circumstances wrong{.host = settings_.host, .name = input.name, .detail = why};
    text_ += painter_.warning(explain(Outcome::name_refused, wrong, settings_.language));
    return;
  }
  if (ignored_.add(*name)) {
    text_ += painter_.remark(words(settings_.language, TypedWords::ignored_now, input.name));
  } else {
    text_ += painter_.warning(words(settings_.language, TypedWords::not_ignored, input.name));
  }
}

void Dialogue::stop_ignoring(const StopIgnoring& input) {
  if (ignored_.remove(input.name)) {
    text_ += painter_.remark(words(settings_.language, TypedWords::ignored_no_more, input.name));
  } else {
    text_ += painter_.warning(words(settings_.language, TypedWords::was_not_ignored, input.name));
  }
}

// --- users that the server knows as blocked ------------------------------------------

// The list that is requested after each login is not shown; nor is its refusal by an older server.
void Dialogue::on_blocks(const BlockList& blocks) {
  (void)append_part(answers_.blocks, blocks.list);
  if (blocks.more) return;
  const std::string list = std::exchange(answers_.blocks, {});
  const bool is_shown = answers_.blocks_wanted != 0;
  if (is_shown) --answers_.blocks_wanted;
  const wire::Language language = settings_.language;
  if (!blocks.code.empty() || !blocks.text.empty()) {
    if (!is_shown) return;
    text_ += painter_.warning(why_refused(language, {.code = blocks.code, .text = blocks.text}));
    return;
  }
  blocked_ = {};
  for (std::string_view rest = list; !rest.empty();) {
    if (const auto user = wire::read_blocked(take_row(rest))) {
      blocked_.add(user->name, user->person);
    }
  }
  if (!is_shown) return;
  const auto names = blocked_.names();
  text_ += painter_.remark(names.empty() ? std::string{words(language, TypedWords::nobody_blocked)}
                                         : words(language, TypedWords::blocked_are,
                                                 fmt::format("{}", fmt::join(names, ", "))));
  if (const auto from = wire::direct_from_of(blocks.from)) {
    text_ += painter_.remark(taken_from(language, *from));
  }
}

// A Block or a TakeDirect was confirmed.
void Dialogue::on_blocks_changed(const Message& message) {
  const wire::Language language = settings_.language;
  if (const auto* take = std::get_if<TakeDirect>(&message)) {
    const bool is_default = take->from == wire::DirectFrom::unset;
    if (is_default) ++answers_.blocks_wanted;  // the list has what the administrator has set
    if (!is_default) text_ += painter_.remark(taken_from(language, take->from));
  }
  if (const auto* block = std::get_if<Block>(&message)) {
    const auto which = block->remove ? TypedWords::blocked_no_more : TypedWords::blocked_now;
    text_ += painter_.remark(words(language, which, block->name));
    if (block->remove) {
      (void)blocked_.remove(block->name);
    } else {
      blocked_.add(block->name, 0);
    }
  }
  outbox_.order(AskBlocks{});  // with the persons
}

}  // namespace chatd::client
