// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/worker.hpp"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "common/io/event_loop.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/roles/heartbeat.hpp"
#include "daemon/roles/processes.hpp"
#include "daemon/roles/run_role.hpp"
#include "daemon/state/wake.hpp"
#include "daemon/sys/channel.hpp"
#include "daemon/worker/fan_out.hpp"

namespace chatd::worker {

namespace {

using std::chrono::milliseconds;

// Half of the shortest hang timeout (config: workers.hang_timeout).
constexpr milliseconds kHeartbeat{500};
constexpr int kPassesAtOnce = 16;
// Time limit for the last pass when the service stops: a socket may stay full.
constexpr milliseconds kDrainLimit{1000};

class Worker {
 public:
  Worker(const Inheritance& inheritance, roles::PartsWithKeys parts)
      : inheritance_{inheritance},
        state_{std::move(parts.state)},
        loop_{std::move(parts.loop)},
        control_{state_.process(inheritance.row)},
        keys_{std::move(parts.keys)},
        fan_out_{state_,
                 control_,
                 keys_,
                 inheritance.sockets,
                 inheritance.index,
                 inheritance.workers,
                 inheritance.language,
                 inheritance.unproved_bytes_per_second},
        writable_(inheritance.sockets.size()) {}

  Result<> start();
  Result<> run() {
    if (inheritance_.index == 0) logs::crash_if_asked("CHATD_ABORT_WORKER_0");
    return loop_.run();
  }

 private:
  void on_heartbeat();
  void on_bell();
  void work();
  void set_probe(MonoTime at);
  void watch_blocked_sockets();
  void begin_drain();
  void end_if_drained();

  const Inheritance& inheritance_;
  state::StateView state_;
  io::EventLoop loop_;
  state::ProcessControl& control_;
  state::KeyTable keys_;
  FanOut fan_out_;
  bool draining_{false};
  io::EventLoop::Watch bell_;
  io::EventLoop::Watch heartbeat_;
  io::EventLoop::Watch terminate_;
  io::EventLoop::Watch drain_limit_;
  io::EventLoop::Watch probe_;
  MonoTime probe_at_{MonoTime::max()};
  std::vector<io::EventLoop::Watch> writable_;
};

Result<> Worker::start() {
  auto bell = loop_.on_readable(inheritance_.bell, [this] { on_bell(); });
  if (!bell) return fail(bell.error());
  auto heartbeat = loop_.every(kHeartbeat, [this] { on_heartbeat(); });
  if (!heartbeat) return fail(heartbeat.error());
  auto terminate = loop_.on_signal(SIGTERM, [this] { begin_drain(); });
  if (!terminate) return fail(terminate.error());
  bell_ = std::move(*bell);
  heartbeat_ = std::move(*heartbeat);
  terminate_ = std::move(*terminate);
  roles::beat(control_);
  if (auto done = sys::send(*inheritance_.supervisor, sys::Ready{}); !done) return done;
  work();  // records that a dead predecessor has not sent
  return {};
}

// Also does what set_probe() and watch_blocked_sockets() could not arrange: a timer or a watch that
// cannot be made is at most one heartbeat late.
void Worker::on_heartbeat() {
  roles::beat(control_);
  watch_blocked_sockets();
  if (mono_now() < probe_at_) return;
  probe_at_ = MonoTime::max();
  work();
}

void Worker::on_bell() {
  state::silence_bell(inheritance_.bell);
  work();
}

void Worker::work() {
  bool idle = false;
  MonoTime again_at{};
  for (int round = 0; round < kPassesAtOnce && !idle; ++round) {
    const auto outcome = fan_out_.pass(mono_now());
    again_at = outcome.again_at;
    idle = !outcome.more && state::may_sleep(control_, [this] { return fan_out_.has_news(); });
  }
  set_probe(again_at);
  watch_blocked_sockets();
  // Under steady load the signals and timers of the loop are served in between.
  if (!idle) {
    state::ring_own_bell(inheritance_.bell);
  } else if (draining_) {
    end_if_drained();
  }
}

// `at` is the earliest moment at which the silence of a native member means a loss, or at which the
// coalescing of joins and leaves ends.
void Worker::set_probe(MonoTime at) {
  if (at == probe_at_) return;
  probe_at_ = at;
  probe_ = {};
  if (at == MonoTime::max()) return;
  const auto wait = std::chrono::ceil<milliseconds>(std::max(at - mono_now(), Micros{0}));
  auto watch = loop_.after(wait, [this] {
    probe_at_ = MonoTime::max();
    work();
  });
  if (watch) probe_ = std::move(*watch);
}

void Worker::watch_blocked_sockets() {
  for (std::size_t i = 0; i < writable_.size(); ++i) {
    if (!fan_out_.is_blocked(i) || writable_[i].is_active()) continue;
    auto watch = loop_.on_writable(inheritance_.sockets[i], [this, i] {
      writable_[i] = {};
      fan_out_.unblock(i);
      work();
    });
    if (watch) writable_[i] = std::move(*watch);
  }
}

void Worker::begin_drain() {
  draining_ = true;
  fan_out_.hurry();
  // Without the timer the supervisor's own time limit ends this process.
  auto limit = loop_.after(kDrainLimit, [this] { loop_.stop(); });
  if (limit) drain_limit_ = std::move(*limit);
  work();
}

void Worker::end_if_drained() {
  for (std::size_t i = 0; i < writable_.size(); ++i) {
    if (fan_out_.is_blocked(i)) return;
  }
  loop_.stop();
}

}  // namespace

int run(const Inheritance& inheritance) {
  return roles::run_role<Worker>(fmt::format("{} {}", roles::kWorker, inheritance.index),
                                 inheritance, state::Access::follower);
}

}  // namespace chatd::worker
