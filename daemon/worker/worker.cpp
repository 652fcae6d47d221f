// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/worker.hpp"

#include <algorithm>
#include <csignal>
#include <string>

#include "common/base/log.hpp"
#include "common/io/event_loop.hpp"
#include "daemon/state/wake.hpp"
#include "daemon/sys/channel.hpp"
#include "daemon/worker/fan_out.hpp"

namespace chatd::worker {

namespace {

using std::chrono::milliseconds;

// Half of the shortest hang timeout (config: workers.hang_timeout).
constexpr milliseconds kHeartbeat{500};
constexpr int kPassesAtOnce = 16;
// For the last passes when the service stops: a socket that stays full must not delay it.
constexpr milliseconds kDrainTimeout{1000};

class Worker {
 public:
  Worker(const Inheritance& inheritance, state::StateView state, state::KeyTable keys,
         io::EventLoop loop)
      : inheritance_{inheritance},
        state_{std::move(state)},
        loop_{std::move(loop)},
        control_{state_.process(1 + inheritance.index)},
        keys_{std::move(keys)},
        fan_out_{state_,
                 keys_,
                 inheritance.sockets,
                 inheritance.index,
                 inheritance.workers,
                 inheritance.language,
                 inheritance.unproved_bytes_per_second},
        writable_(inheritance.sockets.size()) {}

  Result<> start();
  Result<> run() { return loop_.run(); }

 private:
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
  (void)::signal(SIGUSR2, SIG_IGN);  // a service manager may send it to every process
  auto bell = loop_.on_readable(inheritance_.bell, [this] { on_bell(); });
  if (!bell) return fail(bell.error());
  auto heartbeat = loop_.every(kHeartbeat, [this] { state::count(control_.heartbeat); });
  if (!heartbeat) return fail(heartbeat.error());
  auto terminate = loop_.on_signal(SIGTERM, [this] { begin_drain(); });
  if (!terminate) return fail(terminate.error());
  bell_ = std::move(*bell);
  heartbeat_ = std::move(*heartbeat);
  terminate_ = std::move(*terminate);
  state::count(control_.heartbeat);
  if (auto done = sys::send(*inheritance_.supervisor, {.say = sys::Say::ready}); !done) return done;
  work();  // for records that a killed predecessor left
  return {};
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
  // Under steady load the loop's signals and timers must run, too.
  if (!idle) {
    state::ring_own_bell(inheritance_.bell);
  } else if (draining_) {
    end_if_drained();
  }
}

// The next pass that no bell starts: a native member's acknowledgement is late, or coalescing
// ends.
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
  auto limit = loop_.after(kDrainTimeout, [this] { loop_.stop(); });
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
  const auto give_up = [&](const Error& error) {
    log(LogLevel::critical, "worker " + std::to_string(inheritance.index) + ": " + error.message());
    (void)sys::send(*inheritance.supervisor, {.say = sys::Say::failed, .words = {error.message()}});
    return 1;
  };
  auto state = state::StateView::map(inheritance.state, state::Access::follower);
  if (!state) return give_up(state.error());
  auto keys =
      state::KeyTable::map(inheritance.keys, state->geometry().sessions, state::Access::follower);
  if (!keys) return give_up(keys.error());
  auto loop = io::EventLoop::create();
  if (!loop) return give_up(loop.error());
  Worker worker{inheritance, std::move(*state), std::move(*keys), std::move(*loop)};
  if (auto started = worker.start(); !started) return give_up(started.error());
  if (inheritance.index == 0) logs::crash_if_asked("CHATD_ABORT_WORKER_0");
  if (auto done = worker.run(); !done) return give_up(done.error());
  return 0;
}

}  // namespace chatd::worker
