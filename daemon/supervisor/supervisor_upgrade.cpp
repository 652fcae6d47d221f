// SPDX-License-Identifier: GPL-3.0-or-later
// The upgrade: the program that is installed now is asked whether it would start; then all
// processes end without a goodbye to the members, and main() executes it in this process.
#include <cerrno>

#include "common/base/log.hpp"
#include "daemon/supervisor/supervisor.hpp"

namespace chatd::supervisor {

namespace {

// A shortage in this process, before there is a child. It is no reason to refuse the successor,
// which the manager starts in another process.
bool is_shortage(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN;
}

}  // namespace

void Supervisor::on_hand_over_signal() {
  if (plan_.sessions_are_kept && plan_.successor.empty()) return hand_over();
  if (plan_.sessions_are_kept && !is_stopping() && !stop_wanted_ && !successor_check_) {
    return check_successor();
  }
  upgrade();
}

void Supervisor::upgrade() {
  if (plan_.sessions_are_kept) {
    return refuse_upgrade(
        "the service manager keeps the sessions: \"systemctl restart chatd\" does the same");
  }
  if (is_stopping() || stop_wanted_) return refuse_upgrade("the service is stopping");
  if (phase_ != Phase::running) {
    return refuse_upgrade("the service is still starting or reloading; try again");
  }
  if (successor_check_) return;  // its outcome is sent to every administrator who asks
  check_successor();
}

void Supervisor::check_successor() {
  auto command = plan_.successor;
  command.emplace_back("--check-config");
  auto check = SuccessorCheck::start(command, mono_now());
  if (!check && plan_.sessions_are_kept && is_shortage(check.error().code())) {
    log(LogLevel::warning, "the successor is not asked: " + check.error().message());
    return hand_over();
  }
  if (!check) return on_verdict(fail(check.error()));
  successor_check_ = std::move(*check);
}

void Supervisor::on_checked(process::ExitStatus status) {
  const auto verdict = successor_check_->verdict(status);
  successor_check_.reset();
  if (is_stopping() || stop_wanted_) return;
  on_verdict(verdict);
}

// The manager ends this service in any case. Without a successor the sessions end, and the members
// get a goodbye; the next start by the manager then reports what is wrong.
void Supervisor::on_verdict(const Result<>& verdict) {
  if (plan_.sessions_are_kept) {
    if (verdict) return hand_over();
    log(LogLevel::error, "nobody will take over: " + verdict.error().message(),
        {{"CHATD_EVENT", "successor_refused"}});
    return stop("SIGUSR2, without a successor", Ending::refused);
  }
  if (verdict) return stop("upgrade, the sessions stay", Ending::upgraded);
  refuse_upgrade(verdict.error().message());
  if (reload_wanted_) reload();
}

void Supervisor::hand_over() { stop("SIGUSR2, the sessions stay", Ending::handed_over); }

void Supervisor::refuse_upgrade(const std::string& why) {
  log(LogLevel::error, "no upgrade: " + why, {{"CHATD_EVENT", "successor_refused"}});
  send_to_ingress(sys::UpgradeRefused{why});
}

}  // namespace chatd::supervisor
