// SPDX-License-Identifier: GPL-3.0-or-later
// The reload: the configuration is read and checked; then every child is replaced by one
// that was born with it, the workers first, the gateway when its administrator has been
// answered. No process ever changes its configuration, so there is no half-reloaded one.
#include <algorithm>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "daemon/config/config.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/sys/notify.hpp"

namespace chatd::supervisor {

void Supervisor::reload() {
  // The gateway that asks must be there when a check of a successor ends.
  reload_wanted_ = phase_ == Phase::starting || successor_check_.has_value();
  if (reload_wanted_) return;
  if (is_stopping() || stop_wanted_) {
    if (auto* channel = gateway().channel()) {
      (void)sys::send(*channel, {.say = sys::Say::refused, .words = {"the service is stopping"}});
    }
    return;
  }
  auto fresh = plan_.read_config();
  if (!fresh) return refuse_reload(fresh.error());
  (void)sys::notify::reloading();
  // Asked again in the middle of it: whoever waits is told of both changes.
  if (phase_ != Phase::reloading) reload_words_.clear();
  note_changes(*fresh);
  plan_.config = config::take_reloadable(plan_.config, *fresh);
  set_log_level(plan_.config.log.level);
  phase_ = Phase::reloading;
  gateway_was_told_ = false;
  for (std::size_t i = 1; i < children_.size(); ++i) {
    // One that waits for its respawn, or was replaced a moment ago, has no process or the
    // wrong configuration; both end in spawn() with the new one.
    if (children_[i].is_running()) children_[i].stop(Child::Ask::by_signal, mono_now());
  }
  continue_reload();
}

void Supervisor::note_changes(const config::Config& fresh) {
  for (const auto& key : config::changed_keys(plan_.config, fresh)) {
    if (std::ranges::find(plan_.without_effect, key) != plan_.without_effect.end()) continue;
    reload_words_.push_back((config::needs_restart(key) ? "!" : "+") + key);
  }
  std::erase_if(reload_words_, [](const std::string& word) { return word.starts_with('?'); });
  for (const auto& warning : plan_.warnings(fresh)) {
    reload_words_.push_back("?" + config::to_text(warning));
    log(LogLevel::warning, config::to_text(warning), {{"CHATD_EVENT", "config_warning"}});
  }
}

void Supervisor::refuse_reload(const std::vector<config::Problem>& problems) {
  sys::ChannelMessage refusal{.say = sys::Say::refused};
  for (const auto& problem : problems) {
    const auto& words = refusal.words.emplace_back(config::to_text(problem));
    log(LogLevel::error, "reload refused, the old configuration stays: " + words,
        {{"CHATD_EVENT", "reload_refused"}});
  }
  if (auto* channel = gateway().channel()) (void)sys::send(*channel, refusal);
}

// Called for every child that becomes ready or dies. A worker that dies as fast as it is
// respawned must not hold the reload up.
void Supervisor::continue_reload() {
  const bool workers_settled = std::all_of(children_.begin() + 1, children_.end(),
                                           [](const Child& child) { return child.is_settled(); });
  if (!workers_settled) return;
  if (gateway_was_told_) {
    if (gateway().is_ready()) finish_reload();
    return;
  }
  if (!gateway().is_ready()) return;  // it is being respawned, and comes back here
  gateway_was_told_ = true;
  gateway().stop(Child::Ask::by_message, mono_now());
  (void)sys::send(*gateway().channel(), {.say = sys::Say::reloaded, .words = reload_words_});
}

void Supervisor::finish_reload() {
  phase_ = Phase::running;
  std::string changes;
  for (const auto& word : reload_words_) {
    if (word.front() == '?') continue;
    changes += fmt::format("{}{}{}", changes.empty() ? "" : ", ", word.substr(1),
                           word.front() == '!' ? " (needs a restart)" : "");
  }
  log(LogLevel::notice, "reloaded; changed: " + (changes.empty() ? "nothing" : changes),
      {{"CHATD_EVENT", "reload"}});
  (void)sys::notify::ready(status_);
  if (stop_wanted_) begin_stop();
}

}  // namespace chatd::supervisor
