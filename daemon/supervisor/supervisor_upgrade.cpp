// SPDX-License-Identifier: GPL-3.0-or-later
// The upgrade: the program that is installed now is asked whether it would start; then all
// processes end without a word to the members, and main() executes it in this one's place.
#include "common/base/log.hpp"
#include "daemon/supervisor/supervisor.hpp"

namespace chatd::supervisor {

void Supervisor::on_hand_over_signal() {
  if (plan_.sessions_are_kept) return stop("SIGUSR2, the sessions stay", Ending::handed_over);
  upgrade();
}

void Supervisor::upgrade() {
  if (plan_.sessions_are_kept) {
    return refuse_upgrade(
        "the service manager keeps the sessions: \"systemctl restart chatd\" does the same");
  }
  if (is_stopping() || stop_wanted_) return refuse_upgrade("the service is stopping");
  if (phase_ != Phase::running) return refuse_upgrade("the service is still starting; try again");
  if (successor_check_) return;  // its outcome is told to everybody who asks
  auto command = plan_.successor;
  command.emplace_back("--check-config");
  auto check = SuccessorCheck::start(command, mono_now());
  if (!check) return refuse_upgrade(check.error().message());
  successor_check_ = std::move(*check);
}

void Supervisor::on_checked(process::ExitStatus status) {
  const auto verdict = successor_check_->verdict(status);
  successor_check_.reset();
  if (!verdict) return refuse_upgrade(verdict.error().message());
  stop("upgrade, the sessions stay", Ending::upgraded);
}

void Supervisor::refuse_upgrade(const std::string& why) {
  log(LogLevel::error, "no upgrade: " + why);
  if (auto* channel = gateway().channel()) {
    (void)sys::send(*channel, {.say = sys::Say::upgrade_refused, .words = {why}});
  }
}

}  // namespace chatd::supervisor
