// SPDX-License-Identifier: GPL-3.0-or-later
// channel.hpp — the messages between the supervisor and its children, a type for each.
//
// Runs in:   supervisor and every child; one duplex process::PipeEnd each, made per fork.
// Trust:     both ends are this program, so a message that cannot be read is our own bug.
//            The memory of a channel is shared, with a lock in it: web, which may be in the hands
//            of an attacker, closes its end before it reads the first request.
// Invariant: ToSupervisor goes up only and ToChild goes down only; a type belongs to one of them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.hpp"
#include "common/process/pipe.hpp"

namespace chatd::sys {

// From every child.
struct Ready {};  // set up, and doing its work
struct Failed {   // cannot be set up; its end follows
  std::string why;
  static constexpr void fields(auto& v, auto& failed) { v("why", failed.why); }
};
// From a process of the ingress stage.
struct AskReload {};   // for an administrator; answered by Reloaded or ReloadRefused
struct AskUpgrade {};  // for an administrator; answered by UpgradeRefused or HandOver
// For an administrator: renews the server's key, or installs a certificate that was signed
// elsewhere. Answered by KeyAnswer; if the key has changed, every process is replaced then.
struct AskKey {
  std::string certificate;  // "": renew
  static constexpr void fields(auto& v, auto& asked) { v("certificate", asked.certificate); }
};
struct AskStop {};    // for an administrator
struct Quiescent {};  // no datagram will be appended any more
using ToSupervisor = std::variant<Ready, Failed, AskReload, AskUpgrade, AskKey, AskStop, Quiescent>;

// A setting whose value a reload has found changed.
struct Change {
  std::string setting;        // its name, "limits.burst"
  bool needs_restart{false};  // it is not in force before the service starts again
  bool operator==(const Change&) const = default;
  static constexpr void fields(auto& v, auto& change) {
    v("setting", change.setting);
    v("needs_restart", change.needs_restart);
  }
};

// To a process of the ingress stage.
struct Reloaded {  // it reports this to the administrators who wait, and ends
  std::vector<Change> changes;
  std::vector<std::string> warnings;  // about the new configuration, a sentence each
  static constexpr void fields(auto& v, auto& reloaded) {
    v("changes", reloaded.changes);
    v("warnings", reloaded.warnings);
  }
};
struct ReloadRefused {
  std::vector<std::string> problems;  // of the new configuration
  static constexpr void fields(auto& v, auto& refused) { v("problems", refused.problems); }
};
// Exactly one of the members is not empty.
struct KeyAnswer {
  std::string why;          // the change was refused for this reason
  std::string request;      // to be signed where the identity is; the key is not changed yet
  std::string certificate;  // the new one, as text
  static constexpr void fields(auto& v, auto& answer) {
    v("why", answer.why);
    v("request", answer.request);
    v("certificate", answer.certificate);
  }
};
struct UpgradeRefused {
  std::string why;
  static constexpr void fields(auto& v, auto& refused) { v("why", refused.why); }
};
struct Quiesce {};   // the service stops: take nothing in any more
struct Goodbye {};   // the service stops: send every member a goodbye, then end
struct HandOver {};  // the service ends, and another one keeps its sessions: end without a goodbye
using ToChild =
    std::variant<Reloaded, ReloadRefused, KeyAnswer, UpgradeRefused, Quiesce, Goodbye, HandOver>;

// Waits up to a second while the channel is full: it holds 256 KiB, and the supervisor reads
// whatever its children do.
[[nodiscard]] Result<> send(process::PipeEnd& end, const ToSupervisor& message);
// Never waits. process::is_timeout(error): the child has stopped in the middle of reading, or the
// channel is full; the message was not sent.
[[nodiscard]] Result<> send(process::PipeEnd& end, const ToChild& message);

// Never wait. nullopt: the other end is closed. process::is_timeout(error): there is no message.
[[nodiscard]] Result<std::optional<ToSupervisor>> receive_from_child(process::PipeEnd& end);
[[nodiscard]] Result<std::optional<ToChild>> receive_from_supervisor(process::PipeEnd& end);

}  // namespace chatd::sys
