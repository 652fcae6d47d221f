// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/gateway.hpp"

#include <sys/random.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "common/base/log.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/io/event_loop.hpp"
#include "common/io/udp_socket.hpp"
#include "daemon/control/control_server.hpp"
#include "daemon/gateway/control_host.hpp"
#include "daemon/gateway/gateway_log.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/gateway/text_service.hpp"
#include "daemon/gateway/turn.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/state/wake.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::gateway {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHeartbeat{500};
constexpr std::size_t kDatagramsAtOnce = 64;
// The longest that is of use: longer native ones are dropped, who sent a longer text is told so.
constexpr std::size_t kDatagramBytes = wire::kBaseDatagram;
// A flood must not starve the timers and the control socket of this loop; see turn.hpp, too.
constexpr int kBatchesAtOnce = 8;
// The error queue is asked when nothing else is there, and now and then under load.
constexpr unsigned kWakesBetweenErrorChecks = 64;
// For replies to administrators when this process ends on purpose.
constexpr milliseconds kDrainPatience{1000};

std::uint64_t random_key() {
  std::uint64_t key = 0;
  // Cannot fail for so few bytes once the system has booted (getrandom(2)).
  [[maybe_unused]] const ssize_t got = ::getrandom(&key, sizeof key, 0);
  return key;
}

std::vector<int> descriptors(const std::vector<BoundSocket>& sockets) {
  std::vector<int> fds;
  for (const auto& socket : sockets) fds.push_back(socket.fd);
  return fds;
}

class Gateway {
 public:
  Gateway(const Inheritance& inheritance, state::StateView state, state::KeyTable keys,
          io::EventLoop loop);
  Result<> start();
  Result<> run() { return loop_.run(); }

 private:
  Result<> watch_sockets();
  Result<> watch_the_rest();
  void on_readable(std::size_t socket);
  void on_channel();
  void on_message(const sys::ChannelMessage& message);
  void expire_idle();
  void reap_unreachable(int fd);
  void handle(const io::Datagram& datagram, std::uint16_t socket, chat::Now now);
  void handle_all(std::span<const io::Datagram> datagrams, std::uint16_t socket, Turn& turn);
  void remove(chat::Slot member, state::LeaveKind kind, std::string_view reason, chat::Now now);
  void finish_batch();
  void end_when_answered();

  const Inheritance& inheritance_;
  state::StateView state_;
  io::EventLoop loop_;
  state::ProcessControl& control_;
  std::uint64_t hash_key_;
  std::vector<int> sockets_;
  state::KeyTable keys_;
  chat::Room room_;
  chat::NativeRoom natives_;
  GatewayLog log_;
  UnauthenticatedLimits unauthenticated_;
  TextService text_;
  NativeService native_;
  ControlHost host_;
  std::unique_ptr<control::ControlServer> server_;
  io::DatagramReader reader_{kDatagramsAtOnce, kDatagramBytes};
  std::uint64_t rung_for_{0};  // the tail up to which workers were woken
  unsigned wakes_{0};
  std::vector<io::EventLoop::Watch> readable_;
  std::vector<io::EventLoop::Watch> others_;
};

chat::Now time_now() { return {.mono = mono_now(), .wall = wall_now()}; }

Gateway::Gateway(const Inheritance& inheritance, state::StateView state, state::KeyTable keys,
                 io::EventLoop loop)
    : inheritance_{inheritance},
      state_{std::move(state)},
      loop_{std::move(loop)},
      control_{state_.process(0)},
      hash_key_{random_key()},
      sockets_{descriptors(inheritance.sockets)},
      keys_{std::move(keys)},
      room_{state_, *inheritance.config, hash_key_},
      natives_{room_, state_, *inheritance.config},
      unauthenticated_{inheritance.config->limits.unauthenticated_per_second, hash_key_,
                       state_.counters(), log_.floods},
      text_{room_, state_, *inheritance.config, sockets_, inheritance.language, unauthenticated_,
            log_},
      native_{{.room = room_,
               .natives = natives_,
               .state = state_,
               .keys = keys_,
               .config = *inheritance.config,
               .sockets = sockets_,
               .identity = inheritance.identity,
               .password = inheritance.password,
               .unauthenticated = unauthenticated_,
               .log = log_},
              time_now()},
      host_{inheritance,
            state_,
            room_,
            {.remove = [this](chat::Slot member, state::LeaveKind kind, std::string_view reason,
                              chat::Now now) { remove(member, kind, reason, now); },
             .changed = [this] { finish_batch(); }}} {}

void Gateway::remove(chat::Slot member, state::LeaveKind kind, std::string_view reason,
                     chat::Now now) {
  if (natives_.is_native(member)) return native_.remove(member, kind, reason, now);
  text_.remove(member, kind, reason, now);
}

Result<> Gateway::start() {
  const auto unfinished = room_.adopt(time_now());
  natives_.adopt();
  native_.adopt();
  text_.finish_adoption(unfinished);
  if (!inheritance_.config->text.enabled) text_.close(time_now());
  // Records that a killed predecessor appended without waking anybody, or after it had only
  // said that it does.
  for (const int bell : inheritance_.bells) state::ring_own_bell(bell);
  if (const auto members = room_.members().size(); members != 0) {
    const std::string count = std::to_string(members);
    log(LogLevel::notice, "took over " + count + " members",
        {{"CHATD_EVENT", "state_adopted"}, {"CHATD_MEMBERS", count}});
  }
  auto server = control::ControlServer::create(inheritance_.control, loop_, host_);
  if (!server) return fail(server.error());
  server_ = std::move(*server);
  if (auto done = watch_sockets(); !done) return done;
  if (auto done = watch_the_rest(); !done) return done;
  state::count(control_.heartbeat);
  return sys::send(*inheritance_.supervisor, {.say = sys::Say::ready});
}

Result<> Gateway::watch_sockets() {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    auto watch = loop_.on_readable(sockets_[i], [this, i] { on_readable(i); });
    if (!watch) return fail(watch.error());
    readable_.push_back(std::move(*watch));
  }
  return {};
}

Result<> Gateway::watch_the_rest() {
  const auto add = [this](Result<io::EventLoop::Watch> watch) -> Result<> {
    if (!watch) return fail(watch.error());
    others_.push_back(std::move(*watch));
    return {};
  };
  if (auto done = add(loop_.every(kHeartbeat, [this] { state::count(control_.heartbeat); }));
      !done) {
    return done;
  }
  if (auto done = add(loop_.on_readable(inheritance_.supervisor->fd(), [this] { on_channel(); }));
      !done) {
    return done;
  }
  if (auto done = add(loop_.every(std::chrono::seconds{1},
                                  [this] {
                                    native_.tick(time_now());
                                    log_.tick(mono_now());
                                    finish_batch();
                                  }));
      !done) {
    return done;
  }
  const milliseconds timeout = inheritance_.config->text.idle_timeout;
  if (timeout == milliseconds{0}) return {};
  // Looking at every session costs something: as seldom as a sixtieth of the time-out asks.
  const milliseconds period =
      std::clamp<milliseconds>(timeout / 60, std::chrono::seconds{1}, std::chrono::seconds{60});
  return add(loop_.every(period, [this] { expire_idle(); }));
}

void Gateway::handle(const io::Datagram& datagram, std::uint16_t socket, chat::Now now) {
  const bool one_address = !inheritance_.sockets[socket].where.address.is_wildcard();
  const IpAddress via = one_address ? IpAddress{} : datagram.to;
  const std::byte first = datagram.bytes.empty() ? std::byte{0} : datagram.bytes.front();
  if (wire::is_native(first) && inheritance_.config->native.enabled) {
    native_.handle(datagram, socket, via, now);
  } else if (wire::is_text(datagram.bytes) && inheritance_.config->text.enabled) {
    text_.handle(datagram, socket, via, now);
  } else {
    state::count(state_.counters().datagrams_dropped_malformed);
  }
}

void Gateway::handle_all(std::span<const io::Datagram> datagrams, std::uint16_t socket,
                         Turn& turn) {
  chat::Now now = time_now();
  turn.begin_batch(now.mono);
  for (const auto& datagram : datagrams) {
    handle(datagram, socket, now);
    if (!turn.is_batch_over(mono_now())) continue;
    finish_batch();
    now = time_now();
    turn.begin_batch(now.mono);
  }
  finish_batch();
}

void Gateway::on_readable(std::size_t socket) {
  Turn turn{mono_now()};
  bool is_done = false;
  for (int batch = 0; batch < kBatchesAtOnce && !is_done; ++batch) {
    const auto datagrams = reader_.receive(sockets_[socket]);
    state::count(state_.counters().datagrams_received, datagrams.size());
    handle_all(datagrams, static_cast<std::uint16_t>(socket), turn);
    is_done = datagrams.size() < kDatagramsAtOnce || turn.is_over(mono_now());
    if (batch == 0 && (datagrams.empty() || ++wakes_ % kWakesBetweenErrorChecks == 0)) {
      reap_unreachable(sockets_[socket]);
    }
  }
}

void Gateway::reap_unreachable(int fd) {
  const chat::Now now = time_now();
  io::drain_unreachable(fd, [&](const Endpoint& peer) { text_.unreachable(peer, now); });
  finish_batch();
}

void Gateway::expire_idle() {
  const chat::Now now = time_now();
  for (const chat::Slot slot :
       room_.silent_since(now.mono - inheritance_.config->text.idle_timeout)) {
    text_.remove(slot, state::LeaveKind::idle, {}, now);
  }
  finish_batch();
}

// Replies first, then the members' phases, then the workers: nobody reads a line of the room
// before its OK.
void Gateway::finish_batch() {
  native_.finish(time_now());
  text_.finish();
  const std::uint64_t tail = state_.ring_head().tail.load(std::memory_order_relaxed);
  const bool is_called = native_.take_call();
  if (!is_called && tail == rung_for_) return;
  rung_for_ = tail;
  for (std::size_t i = 0; i < inheritance_.bells.size(); ++i) {
    if (is_called) state::count(state_.process(1 + i).calls);
    state::ring_bell(state_.process(1 + i), inheritance_.bells[i]);
  }
}

void Gateway::on_channel() {
  for (;;) {
    const auto message = sys::receive(*inheritance_.supervisor);
    if (!message && process::is_timeout(message.error())) return;
    if (!message || !*message) return loop_.stop();  // the supervisor is gone; so are we
    on_message(**message);
  }
}

void Gateway::on_message(const sys::ChannelMessage& message) {
  switch (message.say) {
    case sys::Say::refused:
      return host_.on_reload_outcome(message);
    case sys::Say::reloaded:
      // Not one datagram more under the old configuration once the administrator has the
      // answer; what comes in meanwhile waits in the socket for the successor.
      readable_.clear();
      host_.on_reload_outcome(message);
      return end_when_answered();
    case sys::Say::quiesce:
      // What was sent before the stop has no successor to wait for.
      for (std::size_t i = 0; i < sockets_.size(); ++i) on_readable(i);
      readable_.clear();
      finish_batch();
      (void)sys::send(*inheritance_.supervisor, {.say = sys::Say::quiescent});
      return;
    case sys::Say::send_goodbyes:
      text_.send_goodbyes();
      native_.send_goodbyes(time_now());
      return end_when_answered();
    case sys::Say::upgrade_refused:
      return host_.on_upgrade_outcome(message.words.empty() ? "" : message.words.front());
    case sys::Say::hand_over:
      host_.on_upgrade_outcome(std::nullopt);
      // Who asked for a reload in the meantime has it, with the successor.
      host_.on_reload_outcome({.say = sys::Say::reloaded, .words = {}});
      return end_when_answered();
    case sys::Say::ready:
    case sys::Say::failed:
    case sys::Say::reload:
    case sys::Say::stop:
    case sys::Say::upgrade:
    case sys::Say::quiescent:
      return;  // said by us, never to us
  }
}

void Gateway::end_when_answered() {
  log_.finish(mono_now());
  server_->drain(kDrainPatience, [this] { loop_.stop(); });
}

}  // namespace

int run(const Inheritance& inheritance) {
  // A service manager may send it to every process of the service; the supervisor then tells
  // us when it is our turn.
  (void)::signal(SIGTERM, SIG_IGN);
  (void)::signal(SIGUSR2, SIG_IGN);
  const auto give_up = [&](const Error& error) {
    log(LogLevel::critical, "gateway: " + error.message());
    (void)sys::send(*inheritance.supervisor, {.say = sys::Say::failed, .words = {error.message()}});
    return 1;
  };
  auto state = state::StateView::map(inheritance.state, state::Access::writer);
  if (!state) return give_up(state.error());
  auto keys =
      state::KeyTable::map(inheritance.keys, state->geometry().sessions, state::Access::writer);
  if (!keys) return give_up(keys.error());
  auto loop = io::EventLoop::create();
  if (!loop) return give_up(loop.error());
  Gateway gateway{inheritance, std::move(*state), std::move(*keys), std::move(*loop)};
  if (auto started = gateway.start(); !started) return give_up(started.error());
  if (auto done = gateway.run(); !done) return give_up(done.error());
  return 0;
}

}  // namespace chatd::gateway
