// SPDX-License-Identifier: GPL-3.0-or-later
// The other programs of the user.
#include <string>
#include <utility>

#include "client/member/list_text.hpp"
#include "client/member/programs.hpp"
#include "client/terminal/dialogue.hpp"
#include "client/words/outcome.hpp"
#include "client/words/words.hpp"

namespace chatd::client {

void Dialogue::on_programs(const ProgramList& programs) {
  (void)append_part(answers_.programs, programs.list);
  if (programs.more) return;
  const std::string list = std::exchange(answers_.programs, {});
  // An older server refuses the question.
  if (!programs.code.empty() || !programs.text.empty()) {
    text_ += painter_.warning(
        why_refused(settings_.language, {.code = programs.code, .text = programs.text}));
    return;
  }
  if (programs.ended) {
    text_ += painter_.remark(words(settings_.language, Words::program_ended, *programs.ended));
  }
  text_ += painter_.programs(read_programs(list));
}

}  // namespace chatd::client
