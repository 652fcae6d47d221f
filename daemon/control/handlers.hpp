// SPDX-License-Identifier: GPL-3.0-or-later
// handlers.hpp — the functions with which this process answers the verbs of the table.
//
//   handlers.on(wire::verb::kUsers, [this] { return users(); });
//
// Runs in:   gateway, on the event loop: no handler may block.
// Invariant: one function for a verb; the last one that is set.
// Errors:    a handler returns a Refusal, with a code of common/wire/control/control_message.hpp.
#pragma once

#include <sys/types.h>

#include <array>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/verbs.hpp"

namespace chatd::control {

// The process at the other end, as the kernel reported it when it connected (SO_PEERCRED).
struct Caller {
  uid_t uid{0};
  pid_t pid{0};
  // Of the connection, for a handler that passes it to another process. -1: there is none.
  // NOLINTNEXTLINE(readability-redundant-member-init): g++ wants it of designated initializers
  int fd{-1};
};

using Args = std::vector<std::string>;  // as many as the row of the verb allows
using Refusal = wire::ControlError;
using Respond = std::function<void(const wire::ControlReply&)>;
// How a verb ended that another process answers: the process has the caller's connection, and this
// one closes its own descriptor of it.
using Passed = std::expected<void, Refusal>;
// The reply of a handler that has passed the connection on: no JSON object is empty.
inline constexpr std::string_view kPassedOn{};

template <class Report>
using Answer = std::expected<Report, Refusal>;
// The answer of a verb that another process answers in most cases. nullopt: it has the connection.
template <class Report>
using AnswerOrPassed = std::expected<std::optional<Report>, Refusal>;
template <class Report>
using Done = std::function<void(const Answer<Report>&)>;

// Root, or the daemon's own user: limits of other users do not keep these out.
[[nodiscard]] bool is_privileged(uid_t user) noexcept;

class Handlers {
 public:
  // The handler is a function of nothing, of the Args, or of the Args and the Caller, which returns
  // the Report of the verb or an Answer; or a function of a Done, or of all three, which calls the
  // Done exactly once, now or later, possibly after the ControlServer has been destroyed.
  template <class Report, class Handler>
  void on(const wire::VerbOf<Report>& verb, Handler handler) {
    function_of(verb.row) = [handler = std::move(handler)](const Args& args, const Caller& caller,
                                                           const Respond& respond) {
      if constexpr (std::is_invocable_v<Handler>) {
        respond(reply_of<Report>(handler()));
      } else if constexpr (std::is_invocable_v<Handler, const Args&>) {
        respond(reply_of<Report>(handler(args)));
      } else if constexpr (std::is_invocable_v<Handler, const Args&, const Caller&>) {
        respond(reply_of<Report>(handler(args, caller)));
      } else {
        Done<Report> done{
            [respond](const Answer<Report>& answer) { respond(reply_of<Report>(answer)); }};
        if constexpr (std::is_invocable_v<Handler, const Args&, const Caller&, Done<Report>>) {
          handler(args, caller, std::move(done));
        } else {
          handler(std::move(done));
        }
      }
    };
  }

  // The handler is a function of the Args and the Caller that returns whether it has passed the
  // connection on: a Passed, or an AnswerOrPassed.
  template <class Report, class Handler>
  void pass(const wire::VerbOf<Report>& verb, Handler handler) {
    function_of(verb.row) = [handler = std::move(handler)](const Args& args, const Caller& caller,
                                                           const Respond& respond) {
      const auto passed = handler(args, caller);
      if (!passed) return respond(std::unexpected{passed.error()});
      if constexpr (!std::is_same_v<decltype(handler(args, caller)), Passed>) {
        if (*passed) return respond(to_json(**passed));
      }
      respond(std::string{kPassedOn});
    };
  }

  // Calls `respond` exactly once, possibly later. The verb must be a row of wire::kVerbs. A verb
  // that is privileged is denied to other callers.
  void run(const wire::Verb& verb, const Args& args, const Respond& respond,
           const Caller& caller = {}) const;

  // The verbs that chatctl sends and that have no handler. A daemon has none of them.
  [[nodiscard]] std::vector<std::string_view> missing() const;

 private:
  using Function = std::function<void(const Args&, const Caller&, const Respond&)>;

  template <class Report>
  static wire::ControlReply reply_of(const Answer<Report>& answer) {
    if (answer) return to_json(*answer);
    return std::unexpected{answer.error()};
  }
  [[nodiscard]] Function& function_of(const wire::Verb& verb);

  std::array<Function, wire::kVerbs.size()> functions_;  // [N] is for row N
};

}  // namespace chatd::control
