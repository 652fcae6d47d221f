// SPDX-License-Identifier: GPL-3.0-or-later
// The users whose messages are not shown.
#include <fmt/format.h>

#include "client/terminal/dialogue.hpp"
#include "client/words/outcome.hpp"
#include "client/words/typed_words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

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

}  // namespace chatd::client
