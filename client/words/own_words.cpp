// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/words/own_words.hpp"

#include <chrono>
#include <span>

#include <fmt/format.h>

#include "client/words/local_time.hpp"
#include "client/words/room_words.hpp"
#include "client/words/shown_words.hpp"
#include "common/base/possible_time.hpp"

namespace chatd::client {

namespace {

using Lines = std::vector<std::string>;

// With a remark behind it if the change is not on the server's disk.
std::string changed(wire::Language language, std::string text, const wire::OwnAnswer& answer) {
  const bool is_unsaved = answer.saved && !*answer.saved;
  return is_unsaved ? text.append(kOwnNotSaved.in(language)) : text;
}

Lines code_lines(wire::Language language, const OwnNews& news, const wire::OwnAnswer& answer,
                 std::string_view host) {
  const auto typed = wire::typed_code(answer.code);
  const std::string_view code{typed.data(), typed.size()};
  return {filled(kCode, language, code, duration_text(language, answer.seconds)),
          filled(kCodeHow, language, code, news.name, host)};
}

// "laptop, since 2026-11-30 20:15, this device"
std::string key_facts(wire::Language language, const wire::OwnKey& key) {
  const std::string_view between = language == wire::Language::zh ? "，" : ", ";
  std::string facts{key.label};
  const auto add = [&](std::string_view text) {
    if (!facts.empty()) facts += between;
    facts += text;
  };
  const WallTime since{Micros{key.since}};
  if (is_possible(since)) add(filled(kKeySince, language, minute_of(since)));
  if (key.is_this) add(kKeyIsThis.in(language));
  return facts;
}

Lines key_lines(wire::Language language, const OwnNews& news, const wire::OwnAnswer& answer) {
  Lines lines{filled(kKeysOf, language, news.name, answer.key_count)};
  for (const wire::OwnKey& key : std::span{answer.keys}.first(answer.key_count)) {
    lines.push_back(fmt::format("{}  {}", key.key, key_facts(language, key)));
  }
  return lines;
}

}  // namespace

std::vector<std::string> own_lines(wire::Language language, const OwnNews& news, bool is_this,
                                   std::string_view host) {
  const wire::OwnAnswer answer = wire::read_own(news.facts);
  const std::string& name = news.name;
  switch (answer.event) {
    case wire::OwnEvent::claimed:
      return {changed(language, filled(kClaimed, language, name), answer),
              std::string{kClaimedHow.in(language)}};
    case wire::OwnEvent::code:
      return code_lines(language, news, answer, host);
    case wire::OwnEvent::asked: {
      Lines lines{filled(kAsked, language, name, duration_text(language, answer.seconds))};
      if (!answer.device.empty()) lines.push_back(filled(kThisKey, language, answer.device));
      return lines;
    }
    case wire::OwnEvent::added:
      return {changed(language,
                      is_this ? filled(kThisAdded, language, name)
                              : filled(kDeviceAdded, language, answer.device, name),
                      answer)};
    case wire::OwnEvent::declined:
      return {is_this ? std::string{kThisDeclined.in(language)}
                      : filled(kDeviceDeclined, language, answer.device, name)};
    case wire::OwnEvent::keys:
      return key_lines(language, news, answer);
    case wire::OwnEvent::dropped:
      return {changed(language, filled(kKeyDropped, language, answer.device, name), answer)};
    case wire::OwnEvent::released:
      return {changed(language, filled(kReleased, language, name), answer)};
    case wire::OwnEvent::none:
      break;
  }
  return {};
}

std::vector<std::string> device_lines(wire::Language language, const DeviceAsks& asks) {
  const wire::DeviceQuestion question = wire::read_device(asks.facts);
  Lines lines{filled(kDeviceAsks, language, asks.name, question.address)};
  if (!question.label.empty()) lines.push_back(filled(kDeviceLabel, language, question.label));
  lines.push_back(filled(kDeviceKey, language, question.key));
  return lines;
}

KeyChoice choose_key(const wire::OwnAnswer& answer, std::string_view typed) {
  constexpr std::string_view kPrefix = "SHA256:";
  if (typed.starts_with(kPrefix)) typed.remove_prefix(kPrefix.size());
  KeyChoice choice;
  for (const wire::OwnKey& key : std::span{answer.keys}.first(answer.key_count)) {
    if (!key.key.substr(kPrefix.size()).starts_with(typed)) continue;
    if (!choice.key.empty()) return {.is_ambiguous = true};
    choice.key = key.key;
  }
  return choice;
}

}  // namespace chatd::client
