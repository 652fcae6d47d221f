// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/outcome.hpp"

#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "client/words/rule_words.hpp"
#include "client/words/text.hpp"
#include "client/words/words.hpp"
#include "common/wire/reasons.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

std::string_view without_detail(std::string_view sentence) {
  for (const std::string_view end : {": {detail}", "：{detail}"}) {
    if (sentence.ends_with(end)) sentence.remove_suffix(end.size());
  }
  return sentence;
}

// A text of the server about a removal, in the user's language.
std::string in_own_words(wire::Language language, std::string_view text) {
  const auto ban = ban_details(language, text);
  return ban ? std::string{words(language, Words::banned)} + *ban : removal_text(language, text);
}

}  // namespace

bool is_name_in_use(Outcome outcome) noexcept {
  return outcome == Outcome::name_taken || outcome == Outcome::name_owned;
}

int exit_status_of(Outcome outcome) noexcept {
  constexpr int kFailed = 1;
  return wire::row_of(outcome).status.value_or(kFailed);
}

std::string explain(wire::Reason reason, const Circumstances& circumstances,
                    wire::Language language) {
  std::string_view sentence = wire::row_of(reason).client.in(language);
  // The sentence says already that it is a ban.
  const auto ban = reason == Outcome::banned ? ban_details(language, circumstances.detail)
                                             : std::optional<std::string>{};
  if (circumstances.detail.empty() || ban) sentence = without_detail(sentence);
  const std::string detail = in_own_words(language, circumstances.detail);
  const std::string text =
      fmt::format(fmt::runtime(sentence), fmt::arg("host", circumstances.host),
                  fmt::arg("name", circumstances.name), fmt::arg("detail", detail));
  return safe_text(text + ban.value_or(""));
}

namespace {

// "U+200B" for the first character that cannot be seen; "" if there is none.
std::string unseen_character(std::string_view name) {
  while (!name.empty()) {
    const auto character = wire::take_character(name);
    if (!character) break;
    if (!wire::is_printable(*character)) {
      return fmt::format("U+{:04X}", static_cast<std::uint32_t>(*character));
    }
  }
  return {};
}

}  // namespace

std::string why_no_name(wire::Language language, wire::NameFault fault, std::string_view name) {
  if (fault == wire::NameFault::not_printable) {
    const std::string unseen = unseen_character(name);
    if (!unseen.empty()) return words(language, Words::name_has_unseen, unseen);
  }
  return std::string{wire::row_of(reason_of(fault)).client.in(language)};
}

std::string why_no_room(wire::Language language, std::string_view name) {
  if (wire::check_name(name)) return {};
  return std::string{wire::row_of(wire::Reason::bad_room_name).client.in(language)};
}

std::string why_too_long(wire::Language language, std::string_view text, std::size_t max) {
  std::size_t characters = 0;
  std::size_t too_many = 0;
  for (std::string_view rest = text; !rest.empty(); ++characters) {
    if (!wire::take_character(rest)) rest.remove_prefix(1);
    if (text.size() - rest.size() > max) ++too_many;
  }
  return words(language, Words::text_too_long, too_many, characters);
}

std::string why_refused(wire::Language language, const Refused& refused, std::string_view whom) {
  std::string_view text = refused.text;
  for (const std::string_view full_stop : {".", "。"}) {
    if (text.ends_with(full_stop)) text.remove_suffix(full_stop.size());
  }
  if (refused.code == wire::code_of(Outcome::not_confirmed)) {
    return std::string{words(language, Words::not_confirmed)};
  }
  const auto reason = wire::message_refusal_of(refused.code);
  if (!reason) return in_own_words(language, text);
  const auto mute =
      *reason == wire::Reason::muted ? mute_details(language, text) : std::optional<std::string>{};
  if (mute) return std::string{words(language, Words::you_are_muted)} + *mute;
  const std::string_view sentence = wire::row_of(*reason).client.in(language);
  if (sentence.empty()) return std::string{text};
  return fmt::format(fmt::runtime(sentence), fmt::arg("name", whom));
}

}  // namespace chatd::client
