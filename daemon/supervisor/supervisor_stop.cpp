// SPDX-License-Identifier: GPL-3.0-or-later
// The stop, in order: the gateway takes nothing in any more; the workers bring every member
// up to date and end; the gateway says goodbye and ends. Whoever does not keep up is killed.
#include <algorithm>
#include <chrono>

#include "common/base/log.hpp"
#include "daemon/supervisor/supervisor.hpp"
#include "daemon/sys/notify.hpp"

namespace chatd::supervisor {

namespace {
// Each step takes milliseconds; past this, something is broken.
constexpr std::chrono::seconds kPatience{3};
}  // namespace

void Supervisor::on_stop_signal(std::string_view name) {
  // No successor, then: the members are told.
  if (!has_goodbye(ending_)) {
    log(LogLevel::notice, "stopping for good: " + std::string{name}, {{"CHATD_EVENT", "stop"}});
    ending_ = Ending::stopped;
    return;
  }
  // Asked twice: somebody is in a hurry.
  if (is_stopping() || stop_wanted_) return kill_all();
  stop(name);
}

void Supervisor::stop(std::string_view why, Ending ending) {
  if (is_stopping() || stop_wanted_) return;
  ending_ = ending;
  log(LogLevel::notice, "stopping: " + std::string{why}, {{"CHATD_EVENT", "stop"}});
  (void)sys::notify::stopping();
  // Members that were taken over are told; so the start comes first.
  const bool has_members = state_.counters().sessions_now.load(std::memory_order_relaxed) != 0;
  if (phase_ == Phase::starting && !has_members) {
    return give_up_start("stopped by " + std::string{why});
  }
  stop_wanted_ = true;
  step_began_ = mono_now();
  for (std::size_t i = 0; i < children_.size(); ++i) {
    if (children_[i].state() == state::ProcessState::waiting) spawn(i);
  }
  begin_stop();
}

// Called until it begins: when a child becomes ready, and with every tick. A reload that is
// under way is finished first.
void Supervisor::begin_stop() {
  const bool in_time = mono_now() - step_began_ < kPatience;
  if (in_time && (phase_ == Phase::reloading || !all_ready())) return;
  for (auto& watch : respawn_watches_) watch = {};
  enter(Phase::quiescing);
  auto* channel = gateway().channel();
  if (channel == nullptr || !sys::send(*channel, {.say = sys::Say::quiesce})) drain_workers();
}

void Supervisor::enter(Phase step) {
  phase_ = step;
  step_began_ = mono_now();
}

void Supervisor::drain_workers() {
  if (phase_ != Phase::quiescing) return;
  enter(Phase::draining);
  for (std::size_t i = 1; i < children_.size(); ++i) {
    children_[i].stop(Child::Ask::by_signal, mono_now());
  }
  continue_stop();
}

void Supervisor::part() {
  enter(Phase::parting);
  if (!gateway().is_running()) return continue_stop();
  gateway().stop(Child::Ask::by_message, mono_now());
  const auto last_word = has_goodbye(ending_) ? sys::Say::send_goodbyes : sys::Say::hand_over;
  if (!sys::send(*gateway().channel(), {.say = last_word})) gateway().kill();
}

// Called for every death and every tick while stopping.
void Supervisor::continue_stop() {
  const bool workers_gone = std::none_of(children_.begin() + 1, children_.end(),
                                         [](const Child& child) { return child.is_running(); });
  if (phase_ == Phase::quiescing && !gateway().is_running()) return drain_workers();
  if (phase_ == Phase::draining && workers_gone) return part();
  if (phase_ == Phase::parting && workers_gone && !gateway().is_running()) return loop_.stop();
  if (mono_now() - step_began_ < kPatience) return;
  // Whoever holds this step up is killed; the others still play their part.
  if (phase_ == Phase::quiescing) gateway().kill();
  if (phase_ == Phase::draining) {
    for (std::size_t i = 1; i < children_.size(); ++i) children_[i].kill();
  }
  if (phase_ == Phase::parting) kill_all();
}

void Supervisor::kill_all() {
  if (phase_ != Phase::failed) phase_ = Phase::parting;
  for (Child& child : children_) child.kill();
}

}  // namespace chatd::supervisor
