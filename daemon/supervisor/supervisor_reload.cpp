// SPDX-License-Identifier: GPL-3.0-or-later
// The reload: the configuration is read and checked; then every child is replaced by one that
// starts with it, one restart group after the other. A process of the last group answers its
// administrator before it ends. No process ever changes its configuration, so there is no
// half-reloaded one.
#include <algorithm>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "daemon/config/config.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/sys/notify.hpp"

namespace chatd::supervisor {

namespace {

// A clock that is set right after the start is noticed soon.
constexpr std::chrono::minutes kBetweenCertificateChecks{1};

}  // namespace

void Supervisor::reload() {
  // The process that asks must be there when a check of a successor ends.
  reload_wanted_ = phase_ == Phase::starting || successor_check_.has_value();
  if (reload_wanted_) return;
  if (is_stopping() || stop_wanted_) {
    return send_to_ingress(sys::ReloadRefused{{"the service is stopping"}});
  }
  auto fresh = plan_.read_config();
  if (!fresh) return refuse_reload(fresh.error());
  (void)sys::notify::reloading();
  // A second request during a reload: the answer has the changes of both.
  if (phase_ != Phase::reloading) reloaded_ = {};
  note_changes(*fresh);
  plan_.config = config::take_reloadable(plan_.config, *fresh);
  set_log_level(plan_.config.log.level);
  set_log_addresses(plan_.config.log.addresses);
  replace_children();
}

void Supervisor::replace_children() {
  phase_ = Phase::reloading;
  last_group_was_asked_ = false;
  for (Child& child : children_) {
    // A child that waits for its respawn has no process; one that was replaced a moment ago has
    // the wrong configuration. Both end in spawn() with the new one.
    if (child.role().restart == roles::RestartGroup::first && child.is_running()) {
      child.stop(Child::Ask::by_signal, mono_now());
    }
  }
  continue_reload();
}

// The key is changed at once, and the administrator has the answer before the processes are
// replaced; sessions go on, since their keys are not the server's.
void Supervisor::change_key(const sys::AskKey& asked) {
  const bool may = phase_ == Phase::running && !successor_check_ && !stop_wanted_;
  const sys::KeyAnswer answer =
      may ? plan_.change_key(asked, plan_.config)
          : sys::KeyAnswer{.why = "the service starts, reloads or stops; try again",
                           .request = {},
                           .certificate = {}};
  send_to_ingress(answer);
  if (answer.certificate.empty()) return;
  (void)sys::notify::reloading();
  reloaded_ = {};
  replace_children();
}

void Supervisor::renew_certificate(MonoTime now) {
  if (now < certificate_check_ || successor_check_) return;
  certificate_check_ = now + kBetweenCertificateChecks;
  if (!plan_.renew_certificate || !plan_.renew_certificate(plan_.config)) return;
  (void)sys::notify::reloading();
  reloaded_ = {};
  replace_children();
}

void Supervisor::note_changes(const config::Config& fresh) {
  for (const auto& setting : config::changed_keys(plan_.config, fresh)) {
    if (std::ranges::find(plan_.without_effect, setting) != plan_.without_effect.end()) continue;
    reloaded_.changes.push_back(
        {.setting = setting, .needs_restart = config::needs_restart(setting)});
  }
  reloaded_.warnings.clear();
  for (const auto& warning : plan_.warnings(fresh)) {
    reloaded_.warnings.push_back(config::to_text(warning));
    log(LogLevel::warning, config::to_text(warning), {{"CHATD_EVENT", "config_warning"}});
  }
}

void Supervisor::refuse_reload(const std::vector<config::Problem>& problems) {
  sys::ReloadRefused refusal;
  for (const auto& problem : problems) {
    const auto& text = refusal.problems.emplace_back(config::to_text(problem));
    log(LogLevel::error, "reload refused, the old configuration stays: " + text,
        {{"CHATD_EVENT", "reload_refused"}});
  }
  send_to_ingress(refusal);
}

bool Supervisor::all_of(roles::RestartGroup group, bool (Child::*is)() const) const {
  return std::ranges::all_of(children_, [&](const Child& child) {
    return child.role().restart != group || !child.is_vital() || (child.*is)();
  });
}

// Called for every child that becomes ready or dies. A child of the first group that dies as fast
// as it is respawned does not delay the reload.
void Supervisor::continue_reload() {
  if (!all_of(roles::RestartGroup::first, &Child::is_settled)) return;
  if (!all_of(roles::RestartGroup::last, &Child::is_ready)) return;  // called again when it is
  if (last_group_was_asked_) return finish_reload();
  last_group_was_asked_ = true;
  for (Child& child : children_) {
    if (child.role().restart != roles::RestartGroup::last) continue;
    child.stop(Child::Ask::by_message, mono_now());
    (void)child.send(reloaded_);
  }
}

void Supervisor::finish_reload() {
  phase_ = Phase::running;
  std::string changes;
  for (const auto& change : reloaded_.changes) {
    changes += fmt::format("{}{}{}", changes.empty() ? "" : ", ", change.setting,
                           change.needs_restart ? " (needs a restart)" : "");
  }
  log(LogLevel::notice, "reloaded; changed: " + (changes.empty() ? "nothing" : changes),
      {{"CHATD_EVENT", "reload"}});
  (void)sys::notify::ready(status_);
  if (stop_wanted_) begin_stop();
}

}  // namespace chatd::supervisor
