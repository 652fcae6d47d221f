// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/own_choice.hpp"

#include <algorithm>
#include <array>

namespace chatd::client {

namespace {

struct OwnWord {
  std::string_view word;
  wire::OwnAct act;
};
constexpr std::array kOwnWords{
    OwnWord{"", wire::OwnAct::claim},          OwnWord{"add", wire::OwnAct::add},
    OwnWord{"keys", wire::OwnAct::keys},       OwnWord{"drop", wire::OwnAct::drop},
    OwnWord{"release", wire::OwnAct::release},
};

}  // namespace

std::optional<wire::OwnAct> own_act_of(std::string_view word) {
  const auto* const known = std::ranges::find(kOwnWords, word, &OwnWord::word);
  return known == kOwnWords.end() ? std::nullopt : std::optional{known->act};
}

std::string_view own_word_of(wire::OwnAct act) {
  const auto* const known = std::ranges::find(kOwnWords, act, &OwnWord::act);
  return known == kOwnWords.end() ? std::string_view{} : known->word;
}

std::expected<OwnChoice, std::string> read_own_choice(std::string_view action,
                                                      const std::string& key,
                                                      const std::string& yes) {
  const auto act = own_act_of(action);
  const auto code = wire::read_typed_code(action);
  if (!act && !code) return std::unexpected{std::string{action}};
  OwnChoice choice{.act = act.value_or(wire::OwnAct::use), .code = code.value_or(0)};
  const bool drops = choice.act == wire::OwnAct::drop;
  if (drops && key.empty()) return std::unexpected{std::string{}};
  if (!drops && !key.empty()) return std::unexpected{key};
  choice.key = key;
  if (yes.empty()) return choice;
  if (choice.act != wire::OwnAct::add) return std::unexpected{std::string{"--yes"}};
  choice.yes = yes;
  return choice;
}

}  // namespace chatd::client
