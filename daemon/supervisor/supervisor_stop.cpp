// SPDX-License-Identifier: GPL-3.0-or-later
// The stop: the processes of the ingress stage take nothing in any more; then the stages end one
// after another. A process that exceeds the time limit of a step is killed.
#include <algorithm>
#include <chrono>
#include <iterator>

#include "common/base/log.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/sys/notify.hpp"

namespace chatd::supervisor {

namespace {
// Each step takes milliseconds; a process that takes longer than this is broken.
constexpr std::chrono::seconds kStepLimit{3};
}  // namespace

void Supervisor::on_stop_signal(std::string_view name) {
  // There will be no successor: the members get a goodbye.
  if (!has_goodbye(ending_)) {
    log(LogLevel::notice, "stopping for good: " + std::string{name}, {{"CHATD_EVENT", "stop"}});
    ending_ = Ending::stopped;
    return;
  }
  // A second signal ends the service at once.
  if (is_stopping() || stop_wanted_) return kill_all();
  stop(name);
}

void Supervisor::stop(std::string_view why, Ending ending) {
  if (is_stopping() || stop_wanted_) return;
  ending_ = ending;
  log(LogLevel::notice, "stopping: " + std::string{why}, {{"CHATD_EVENT", "stop"}});
  (void)sys::notify::stopping();
  // Members that were taken over get a goodbye, for which the start has to end first.
  const bool has_members = state_.counters().sessions_now.load(std::memory_order_relaxed) != 0;
  if (phase_ == Phase::starting && !has_members) {
    return give_up_start("stopped by " + std::string{why});
  }
  stop_wanted_ = true;
  step_began_ = mono_now();
  for (Child& child : children_) {
    if (child.state() == state::ProcessState::waiting) spawn(child);
  }
  begin_stop();
}

// Called until it begins: when a child becomes ready, and with every tick. A reload that is
// under way is finished first.
void Supervisor::begin_stop() {
  const bool in_time = mono_now() - step_began_ < kStepLimit;
  if (in_time && (phase_ == Phase::reloading || !all_ready())) return;
  enter(Phase::quiescing);
  for (Child& child : children_) {
    child.cancel_respawn();
    if (child.role().stage == roles::Stage::ingress) child.quiesce();
  }
  continue_stop();
}

void Supervisor::enter(Phase step) {
  phase_ = step;
  step_began_ = mono_now();
}

void Supervisor::end_stage(roles::Stage stage) {
  enter(Phase::ending);
  stage_ = stage;
  const bool by_message = stage == roles::Stage::ingress;
  for (Child& child : children_) {
    if (child.role().stage != stage) continue;
    child.stop(by_message ? Child::Ask::by_message : Child::Ask::by_signal, mono_now());
    if (!by_message || !child.is_running()) continue;
    const auto message =
        has_goodbye(ending_) ? sys::ToChild{sys::Goodbye{}} : sys::ToChild{sys::HandOver{}};
    if (!child.send(message)) child.kill();
  }
}

// A process that waits for a disk ends when the disk answers, also after SIGKILL. If the service
// can do without it, it is left behind.
bool Supervisor::is_over(roles::Stage stage) const {
  const bool leaves_behind = mono_now() - step_began_ >= 2 * kStepLimit;
  return std::ranges::none_of(children_, [=](const Child& child) {
    return child.role().stage <= stage && child.is_running() &&
           (child.is_vital() || !leaves_behind);
  });
}

// Called for every death, for sys::Quiescent and for every tick while stopping.
void Supervisor::continue_stop() {
  if (phase_ == Phase::quiescing && std::ranges::none_of(children_, &Child::is_quiescing)) {
    end_stage(roles::kStages.front());
  }
  while (phase_ == Phase::ending && is_over(stage_)) {
    if (stage_ == roles::kStages.back()) return loop_.stop();
    end_stage(*std::next(std::ranges::find(roles::kStages, stage_)));
  }
  if (mono_now() - step_began_ >= kStepLimit) kill_laggards();
}

// Only those that hold this step up; the others still do their part.
void Supervisor::kill_laggards() {
  for (Child& child : children_) {
    const bool holds_up =
        phase_ == Phase::quiescing ? child.is_quiescing() : child.role().stage <= stage_;
    if (holds_up) child.kill();
  }
}

void Supervisor::kill_all() {
  if (phase_ != Phase::failed) {
    phase_ = Phase::ending;
    stage_ = roles::kStages.back();
  }
  for (Child& child : children_) child.kill();
}

}  // namespace chatd::supervisor
