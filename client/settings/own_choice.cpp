// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/own_choice.hpp"

#include <algorithm>
#include <array>

namespace chatd::client {

namespace {

struct Action {
  std::string_view word;
  wire::OwnAct act;
};
constexpr std::array kOwnActions{
    Action{"", wire::OwnAct::claim},          Action{"add", wire::OwnAct::add},
    Action{"keys", wire::OwnAct::keys},       Action{"drop", wire::OwnAct::drop},
    Action{"release", wire::OwnAct::release},
};

}  // namespace

std::expected<OwnChoice, std::string> read_own_choice(std::string_view action,
                                                      const std::string& key,
                                                      const std::string& yes) {
  const auto* const known = std::ranges::find(kOwnActions, action, &Action::word);
  const auto code = wire::read_typed_code(action);
  if (known == kOwnActions.end() && !code) return std::unexpected{std::string{action}};
  OwnChoice choice{.act = code ? wire::OwnAct::use : known->act, .code = code.value_or(0)};
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
