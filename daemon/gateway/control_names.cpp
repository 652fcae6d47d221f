// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_names.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/crypto/base64.hpp"
#include "common/crypto/keys.hpp"
#include "common/crypto/random.hpp"
#include "common/wire/rfc3339.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/gateway/control_answers.hpp"

namespace chatd::gateway {

namespace {

using TokenBytes = std::array<std::byte, 32>;

// Of the key of a name that is a token, see names.hpp. A device of a member may have this name,
// too: then an administrator who ends the token of that member ends the key.
constexpr std::string_view kTokenLabel = "token";
constexpr std::string_view kTokenEnded = "the administrator took the token back";

// As chatd-web(7) describes it.
std::string base64url(const TokenBytes& token) {
  std::string text = crypto::to_base64(token);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

wire::OwnedNameReport row_of(const chat::Chat& chat, chat::Names::NameIndex at) {
  const chat::Names& names = chat.names;
  const state::OwnedNameRow& row = names.row(at);
  const std::int64_t rests = row.rests_until_wall.load(std::memory_order_relaxed);
  wire::OwnedNameReport report{
      .name = std::string{view_of(row.name)},
      .since = wall_time_of(row.since_wall),
      .seen = wall_time_of(row.seen_wall.load(std::memory_order_relaxed)),
      .rests_until = rests == 0 ? "" : to_rfc3339(wall_time_of(rests)),
      .is_released = row.is_released.load(std::memory_order_relaxed),
      .waiting = static_cast<std::uint32_t>(chat.waiting.count(row.person))};
  for (const state::NameKeyRow* const key : names.keys(row.person)) {
    report.keys.push_back({.key = crypto::fingerprint_of_hash(key->hash),
                           .since = wall_time_of(key->since_wall),
                           .label = std::string{view_of(key->label)}});
  }
  return report;
}

// The answer if names.claim() has refused to give `name`.
control::Refusal refusal_of(wire::Reason reason, std::string_view name) {
  switch (reason) {
    case wire::Reason::name_owned:
      return {.code = std::string{wire::code::kFailed},
              .message = fmt::format("{0} belongs to somebody else: `name take {0}` first", name)};
    case wire::Reason::own_has_one:
      return {.code = std::string{wire::code::kFailed},
              .message = "the user with that key owns another name: take that one first"};
    default:
      return {.code = std::string{wire::code::kFailed},
              .message = std::string{wire::phrase(wire::Language::en, reason)}};
  }
}

}  // namespace

wire::NamesReport ControlNames::names() const {
  wire::NamesReport report;
  const chat::Names& names = chat_.names;
  for (auto at = names.next(0); at; at = names.next(*at + 1)) {
    report.names.push_back(row_of(chat_, *at));
  }
  std::ranges::sort(report.names, {}, &wire::OwnedNameReport::name);
  return report;
}

std::expected<chat::Names::NameIndex, control::Refusal> ControlNames::find(
    std::string_view name) const {
  const auto found = chat_.names.find(wire::folded_name(name));
  if (!found) {
    return refuse_request(wire::code::kNotFound, fmt::format("nobody owns the name {}", name));
  }
  return *found;
}

control::Answer<wire::ChangedNameReport> ControlNames::give(std::string_view name,
                                                            std::string_view fingerprint,
                                                            const control::Caller& caller) {
  const auto checked = wire::check_name(name);
  const auto key = crypto::hash_of_fingerprint(fingerprint);
  if (!checked) {
    return refuse_request(wire::code::kUsage, fmt::format("{} is not a possible name", name));
  }
  if (!key) {
    return refuse_request(wire::code::kUsage,
                          fmt::format("{} is no fingerprint: `chatctl users --json` shows that of "
                                      "each member",
                                      fingerprint));
  }
  const auto done = chat_.names.claim(
      {.name = *checked, .person = chat_.persons.of_fingerprint(*key), .key = *key},
      control_now().wall);
  if (!done) return std::unexpected{refusal_of(done.error(), name)};
  return changed(checked->text, "given", caller, fingerprint);
}

control::Answer<wire::ChangedNameReport> ControlNames::take(std::string_view name,
                                                            const control::Caller& caller) {
  const auto found = find(name);
  if (!found) return std::unexpected{found.error()};
  const std::string shown{view_of(chat_.names.row(*found).name)};
  chat_.names.take(*found);
  return changed(shown, "taken", caller);
}

control::Answer<wire::ChangedNameReport> ControlNames::rest(std::string_view name,
                                                            const control::Caller& caller) {
  const auto found = find(name);
  if (!found) return std::unexpected{found.error()};
  chat_.names.rest(*found, control_now().wall);
  return changed(view_of(chat_.names.row(*found).name), "rests", caller);
}

// --- tokens ------------------------------------------------------------------------

control::Answer<wire::TokenReport> ControlNames::make_token(std::string_view name,
                                                            const control::Caller& caller) {
  const auto checked = wire::check_name(name);
  if (!checked) {
    return refuse_request(wire::code::kUsage, fmt::format("{} is not a possible name", name));
  }
  if (const auto owned = chat_.names.find(checked->key)) {
    return refuse_request(
        wire::code::kFailed,
        is_token_name(*owned)
            ? fmt::format("{0} has a token already: `token {0} --revoke` first", name)
            : fmt::format("{} belongs to somebody", name));
  }
  TokenBytes token{};
  crypto::fill_random(token);
  const crypto::Hash key = crypto::sha256({chat_.persons.of_token(token, false)});
  const auto done = chat_.names.claim({.name = *checked,
                                       .person = chat_.persons.of_fingerprint(key),
                                       .key = key,
                                       .label = kTokenLabel},
                                      control_now().wall);
  if (!done) return std::unexpected{refusal_of(done.error(), name)};
  const auto given = changed(checked->text, "given", caller, crypto::fingerprint_of_hash(key));
  return wire::TokenReport{.name = given->name,
                           .change = "made",
                           .token = base64url(token),
                           .key = given->key,
                           .is_saved = false};
}

bool ControlNames::is_token_name(chat::Names::NameIndex name) const {
  return std::ranges::all_of(chat_.names.keys(chat_.names.row(name).person),
                             [](const auto* key) { return view_of(key->label) == kTokenLabel; });
}

control::Answer<wire::TokenReport> ControlNames::revoke_token(std::string_view name,
                                                              const control::Caller& caller) {
  const auto found = find(name);
  if (!found) return std::unexpected{found.error()};
  if (!is_token_name(*found)) {
    return refuse_request(wire::code::kFailed,
                          fmt::format("{0} belongs to a user with a key, not to a token: see "
                                      "`name take {0}`",
                                      name));
  }
  const state::PersonId person = chat_.names.row(*found).person;
  const std::string shown{view_of(chat_.names.row(*found).name)};
  for (const chat::Slot session : chat::sessions_of(chat_.sessions, person)) {
    remove_(session, state::LeaveKind::kicked, kTokenEnded, control_now());
  }
  chat_.names.revoke(*found);
  (void)changed(shown, "taken", caller);
  return wire::TokenReport{.name = shown, .change = "revoked", .is_saved = false};
}

control::Answer<wire::ChangedNameReport> ControlNames::changed(std::string_view name,
                                                               std::string_view change,
                                                               const control::Caller& caller,
                                                               std::string_view key) {
  const std::string by = std::to_string(caller.uid);
  const std::string message =
      key.empty() ? fmt::format("the owned name {} {} (uid {})", name,
                                change == "rests" ? "rests" : "was taken from its owner", by)
                  : fmt::format("the name {} was given to {} (uid {})", name, key, by);
  log(LogLevel::notice, message,
      {{"CHATD_EVENT", "name_changed"}, {"CHATD_USER", std::string{name}}, {"CHATD_BY", by}});
  sweep(control_now());
  return wire::ChangedNameReport{.name = std::string{name},
                                 .change = std::string{change},
                                 .key = std::string{key},
                                 .is_saved = false};
}

void ControlNames::sweep(chat::Now now) {
  const auto why = wire::phrase(language_, wire::Reason::name_owned);
  for (const chat::Slot member : chat::misnamed(chat_.sessions)) {
    remove_(member, state::LeaveKind::kicked, why, now);
  }
}

}  // namespace chatd::gateway
