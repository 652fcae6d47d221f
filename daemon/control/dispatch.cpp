// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/dispatch.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "common/base/log.hpp"
#include "common/wire/verbs.hpp"

namespace chatd::control {

namespace {

using Args = std::vector<std::string>;
using wire::ControlReply;

ControlReply refuse(std::string_view code, std::string message) {
  return std::unexpected{Refusal{.code = std::string{code}, .message = std::move(message)}};
}

template <class Report>
ControlReply reply_of(const Answer<Report>& answer) {
  if (answer) return to_json(*answer);
  return std::unexpected{answer.error()};
}

void run_status(Host& host, const Args& /*args*/, const Respond& respond) {
  respond(to_json(host.status()));
}

void run_users(Host& host, const Args& /*args*/, const Respond& respond) {
  respond(to_json(host.users()));
}

void run_workers(Host& host, const Args& /*args*/, const Respond& respond) {
  respond(to_json(host.workers()));
}

void run_announce(Host& host, const Args& args, const Respond& respond) {
  if (args[0].empty()) {
    respond(refuse(wire::code::kUsage, "the text is empty"));
    return;
  }
  const auto members = host.announce(args[0]);
  respond(members ? ControlReply{to_json(wire::AnnounceReport{.members = *members})}
                  : std::unexpected{members.error()});
}

void run_kick(Host& host, const Args& args, const Respond& respond) {
  const std::string_view reason = args.size() > 1 ? std::string_view{args[1]} : "";
  respond(reply_of(host.kick(args[0], reason)));
}

void run_reload(Host& host, const Args& /*args*/, const Respond& respond) {
  host.reload([respond](const Answer<ReloadReport>& reloaded) { respond(reply_of(reloaded)); });
}

void run_upgrade(Host& host, const Args& /*args*/, const Respond& respond) {
  host.upgrade([respond](std::optional<Refusal> refusal) {
    respond(refusal ? ControlReply{std::unexpected{std::move(*refusal)}} : ControlReply{"{}"});
  });
}

void run_stop(Host& host, const Args& /*args*/, const Respond& respond) {
  // Read first: a host that has begun to stop may not know it any more.
  const pid_t pid = host.status().pid;
  host.stop();
  respond(to_json(wire::StopReport{.pid = pid}));
}

void run_ping(Host& /*host*/, const Args& /*args*/, const Respond& respond) { respond("{}"); }

void run_version(Host& host, const Args& /*args*/, const Respond& respond) {
  respond(to_json(wire::VersionReport{.version = host.version()}));
}

void run_fingerprint(Host& host, const Args& /*args*/, const Respond& respond) {
  respond(to_json(wire::FingerprintReport{.fingerprint = host.fingerprint()}));
}

struct Handler {
  std::string_view verb;
  void (*run)(Host&, const Args&, const Respond&);
  // CHATD_RESULT of a request that was not refused.
  std::string_view result{"ok"};
};

constexpr std::array kHandlers{
    Handler{"status", &run_status},
    Handler{"users", &run_users},
    Handler{"announce", &run_announce},
    Handler{"kick", &run_kick},
    Handler{"workers", &run_workers},
    Handler{"reload", &run_reload},
    Handler{"stop", &run_stop, "begun"},
    Handler{"ping", &run_ping},
    Handler{"version", &run_version},
    Handler{"fingerprint", &run_fingerprint},
    Handler{"upgrade", &run_upgrade, "begun"},
};

// A verb of the table without a handler must not compile.
consteval bool every_verb_has_its_handler() {
  std::size_t expected = 0;
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.client_only) continue;
    ++expected;
    if (std::ranges::find(kHandlers, verb.name, &Handler::verb) == kHandlers.end()) return false;
  }
  return expected == kHandlers.size();
}
static_assert(every_verb_has_its_handler());

// Writes the log line of a change. Without the arguments: the text of an announcement does not
// belong into the journal, and the name of a kicked member is in the room's own event.
void log_change(const Handler& handler, const Caller& caller, const ControlReply& reply) {
  const std::string_view verb = handler.verb;
  const std::string uid = std::to_string(caller.uid);
  const std::string pid = std::to_string(caller.pid);
  const std::string result{reply ? handler.result : std::string_view{reply.error().code}};
  log(LogLevel::notice,
      "control: " + std::string{verb} + " by uid " + uid + ", pid " + pid + ": " + result,
      {{"CHATD_EVENT", "control"},
       {"CHATD_VERB", verb},
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
  if (given >= verb->min_args && given <= verb->max_args) return std::nullopt;
  const std::string usage{verb->usage};
  return because(wire::code::kUsage,
                 "usage: " + std::string{verb->name} + (usage.empty() ? "" : " " + usage));
}

}  // namespace

void dispatch(Host& host, const Caller& caller, const wire::ControlRequest& request,
              Respond respond) {
  const wire::Verb* const verb = wire::find_verb(request.verb);
  const auto* const handler = std::ranges::find(kHandlers, request.verb, &Handler::verb);
  if (verb != nullptr && verb->mutating) {
    respond = [respond = std::move(respond), caller, handler](const ControlReply& reply) {
      log_change(*handler, caller, reply);
      respond(reply);
    };
  }
  if (auto refusal = refusal_of(verb, request.args.size())) {
    respond(std::unexpected{std::move(*refusal)});
    return;
  }
  handler->run(host, request.args, respond);
}

}  // namespace chatd::control
