// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/dispatch.hpp"

#include <optional>
#include <string>
#include <utility>

#include "common/base/log.hpp"
#include "common/wire/control/verbs.hpp"

namespace chatd::control {

namespace {

using wire::ControlReply;

// Writes the log line of a change. Without the arguments: the text of an announcement does not
// belong into the journal, and the name of a kicked member is in the room's own event.
void log_change(const wire::Verb& verb, const Caller& caller, const ControlReply& reply) {
  const std::string uid = std::to_string(caller.uid);
  const std::string pid = std::to_string(caller.pid);
  const std::string_view done = verb.replies_early ? "begun" : "ok";
  const std::string result{reply ? done : std::string_view{reply.error().code}};
  log(LogLevel::notice,
      "control: " + std::string{verb.name} + " by uid " + uid + ", pid " + pid + ": " + result,
      {{"CHATD_EVENT", "control"},
       {"CHATD_VERB", verb.name},
       {"CHATD_UID", uid},
       {"CHATD_PID", pid},
       {"CHATD_RESULT", result}});
}

// The reason why a request is not carried out, if there is one; `verb` is null if there is none.
std::optional<Refusal> refusal_of(const wire::Verb* verb, std::size_t given) {
  const auto because = [](std::string_view code, std::string message) {
    return Refusal{.code = std::string{code}, .message = std::move(message)};
  };
  if (verb == nullptr) return because(wire::code::kUnknownVerb, "there is no such verb");
  if (verb->client_only) {
    return because(wire::code::kUnknownVerb, "chatctl itself answers this verb");
  }
  if (given >= verb->min_args && given <= verb->all_args()) return std::nullopt;
  const std::string usage{verb->usage};
  return because(wire::code::kUsage,
                 "usage: " + std::string{verb->name} + (usage.empty() ? "" : " " + usage));
}

}  // namespace

void dispatch(const Handlers& handlers, const Caller& caller, const wire::ControlRequest& request,
              Respond respond) {
  const wire::Verb* const verb = wire::find_verb(request.verb);
  if (verb != nullptr && verb->mutating) {
    respond = [respond = std::move(respond), caller, verb](const ControlReply& reply) {
      log_change(*verb, caller, reply);
      respond(reply);
    };
  }
  if (auto refusal = refusal_of(verb, request.args.size())) {
    respond(std::unexpected{std::move(*refusal)});
    return;
  }
  handlers.run(*verb, request.args, respond, caller);
}

}  // namespace chatd::control
