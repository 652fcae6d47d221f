// SPDX-License-Identifier: GPL-3.0-or-later
// control_history.hpp — the verbs about what is stored on disk. The archive reads the disk; this
// process passes callers to it, and shows its figures.
//
// Runs in:   gateway. No function waits for the archive.
// Borrows:   the Inheritance and the StateView.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/control/history_reports.hpp"
#include "common/wire/control/verb.hpp"
#include "daemon/control/handlers.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::gateway {

class ControlHistory {
 public:
  ControlHistory(const Inheritance& inheritance, const state::StateView& state)
      : inheritance_{inheritance}, state_{state} {}

  // A verb that the archive answers, as `history`. The log names the caller and the verb, not its
  // arguments.
  [[nodiscard]] control::Passed pass(const wire::Verb& verb, const control::Args& args,
                                     const control::Caller& caller) const;
  // The reason why pass() would refuse, as far as it is known before; nullopt: none.
  [[nodiscard]] std::optional<control::Refusal> reason_not_to_pass(const wire::Verb& verb) const;
  // As reason_not_to_pass() for `erase`, and the database must be open.
  [[nodiscard]] std::optional<control::Refusal> reason_not_to_erase() const;
  // False: history.enabled is false.
  [[nodiscard]] bool is_enabled() const noexcept { return inheritance_.config->history.enabled; }
  // `chatctl archive`
  [[nodiscard]] wire::ArchiveReport archive(MonoTime now) const;
  // For `chatctl status`; empty: all is stored.
  [[nodiscard]] std::vector<std::string> problems(MonoTime now) const;
  // Why a change is not on disk; for an administrator who has waited for it.
  [[nodiscard]] std::string why_not_saved() const;

 private:
  [[nodiscard]] bool is_in(state::ProcessState state) const;
  [[nodiscard]] std::string_view state_name(const state::DatabaseFigures& figures,
                                            MonoTime now) const;
  [[nodiscard]] static std::chrono::seconds behind(const state::DatabaseFigures& figures,
                                                   MonoTime now);
  [[nodiscard]] std::optional<std::string> history_problem(MonoTime now) const;
  [[nodiscard]] std::optional<std::string> registry_problem(MonoTime now) const;

  const Inheritance& inheritance_;
  const state::StateView& state_;
};

}  // namespace chatd::gateway
