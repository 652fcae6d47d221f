// SPDX-License-Identifier: GPL-3.0-or-later
// Typed lines about the owned name.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "client/terminal/input.hpp"

namespace chatd::client {

// A code may be typed with blanks.
Input own_name(Arguments typed) {
  struct Word {
    std::string_view word;
    wire::OwnAct act;
  };
  constexpr std::array acts{Word{"", wire::OwnAct::claim}, Word{"add", wire::OwnAct::add},
                            Word{"keys", wire::OwnAct::keys},
                            Word{"release", wire::OwnAct::release}};
  if (typed.name == "drop") {
    if (typed.text.empty() || typed.text.find_first_of(" \t") != std::string::npos) return {};
    return OwnOrder{.act = wire::OwnAct::drop, .key = std::move(typed.text)};
  }
  const auto* const act = std::ranges::find(acts, typed.name, &Word::word);
  if (act != acts.end()) return typed.text.empty() ? Input{OwnOrder{.act = act->act}} : Input{};
  const auto code = wire::read_typed_code(typed.name + typed.text);
  return code ? Input{OwnOrder{.act = wire::OwnAct::use, .code = *code}} : Input{};
}

// An answer is to a question.
std::string typed_own(const OwnOrder& order) {
  switch (order.act) {
    case wire::OwnAct::claim:
      break;
    case wire::OwnAct::add:
      return "/own add";
    case wire::OwnAct::use: {
      const auto code = wire::typed_code(order.code);
      return "/own " + std::string{code.data(), code.size()};
    }
    case wire::OwnAct::answer:
      return order.yes ? "yes" : "no";
    case wire::OwnAct::keys:
      return "/own keys";
    case wire::OwnAct::drop:
      return "/own drop " + order.key;
    case wire::OwnAct::release:
      return "/own release";
  }
  return "/own";
}

}  // namespace chatd::client
