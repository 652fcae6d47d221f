// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/paste_question.hpp"

#include "client/member/list_text.hpp"
#include "client/words/text.hpp"
#include "client/words/typed_words.hpp"
#include "common/wire/name.hpp"

namespace chatd::client {

bool PasteQuestion::ask_about(std::string_view lines) {
  std::size_t count = 0;
  for (std::string_view rest = lines; !rest.empty();) {
    if (!is_blank(take_row(rest))) ++count;  // a blank line is not sent
  }
  if (count <= kMaxLines) return false;
  lines_ = lines;
  count_ = count;
  return true;
}

PasteQuestion::Answer PasteQuestion::read(std::string_view typed) {
  const std::string folded = wire::folded_name(typed);
  std::string_view answer = folded.empty() ? typed : std::string_view{folded};
  for (const std::string_view stop : {".", "!", "。"}) {
    if (answer.ends_with(stop)) answer.remove_suffix(stop.size());
  }
  if (typed.empty()) return Answer::yes;
  if (answer == "yes" || answer == "y" || answer == "是") return Answer::yes;
  if (answer == "no" || answer == "n" || answer == "否") return Answer::no;
  return Answer::unclear;
}

std::string PasteQuestion::prompt(wire::Language language) const {
  return words(language, TypedWords::ask_lines, count_);
}

}  // namespace chatd::client
