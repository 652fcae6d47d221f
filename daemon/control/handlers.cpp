// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/handlers.hpp"

#include <unistd.h>

#include <cassert>
#include <cstddef>

#include <fmt/format.h>

namespace chatd::control {

namespace {

std::size_t row_number(const wire::Verb& verb) {
  const auto* const row = wire::find_verb(verb.name);
  assert(row != nullptr && "a verb that is not in wire::verb::kAll");
  return static_cast<std::size_t>(row - wire::kVerbs.data());
}

}  // namespace

bool is_privileged(uid_t user) noexcept { return user == 0 || user == ::geteuid(); }

Handlers::Function& Handlers::function_of(const wire::Verb& verb) {
  return functions_[row_number(verb)];
}

void Handlers::run(const wire::Verb& verb, const Args& args, const Respond& respond,
                   const Caller& caller) const {
  if (verb.privileged && !is_privileged(caller.uid)) {
    return respond(std::unexpected{Refusal{
        .code = std::string{wire::code::kDenied},
        .message = fmt::format("only root and the daemon's own user may use `{}`", verb.name)}});
  }
  const Function& function = functions_[row_number(verb)];
  if (function) return function(args, caller, respond);
  respond(std::unexpected{Refusal{.code = std::string{wire::code::kUnknownVerb},
                                  .message = "this process does not answer this verb"}});
}

std::vector<std::string_view> Handlers::missing() const {
  std::vector<std::string_view> names;
  for (const wire::Verb& verb : wire::kVerbs) {
    if (!verb.client_only && !functions_[row_number(verb)]) names.push_back(verb.name);
  }
  return names;
}

}  // namespace chatd::control
