// SPDX-License-Identifier: GPL-3.0-or-later
// Typed lines about the owned name.
#include <string>
#include <string_view>

#include "client/settings/own_choice.hpp"
#include "client/terminal/input.hpp"

namespace chatd::client {

// A code may be typed with blanks.
Input own_name(Arguments typed) {
  const bool is_word = own_act_of(typed.name).has_value();
  const auto choice = is_word ? read_own_choice(typed.name, typed.text, {})
                              : read_own_choice(typed.name + typed.text, {}, {});
  if (!choice || choice->key.find_first_of(" \t") != std::string::npos) return {};
  return OwnOrder{.act = choice->act, .code = choice->code, .key = choice->key};
}

// The answer to the question about a device is typed without a command.
std::string typed_own(const OwnOrder& order) {
  if (order.act == wire::OwnAct::answer) return order.yes ? "yes" : "no";
  std::string line{"/own"};
  const auto add = [&](std::string_view word) {
    if (!word.empty()) line.append(" ").append(word);
  };
  add(own_word_of(order.act));
  const auto code = wire::typed_code(order.code);
  if (order.act == wire::OwnAct::use) add({code.data(), code.size()});
  if (order.act == wire::OwnAct::drop) add(order.key);
  return line;
}

}  // namespace chatd::client
