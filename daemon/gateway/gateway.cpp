// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/gateway.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "common/base/log.hpp"
#include "common/base/overloaded.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/io/event_loop.hpp"
#include "common/io/udp_socket.hpp"
#include "daemon/control/control_server.hpp"
#include "daemon/gateway/archive_link.hpp"
#include "daemon/gateway/control_host.hpp"
#include "daemon/gateway/followers.hpp"
#include "daemon/gateway/gateway_log.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/gateway/start_values.hpp"
#include "daemon/gateway/text_service.hpp"
#include "daemon/gateway/turn.hpp"
#include "daemon/gateway/web_link.hpp"
#include "daemon/roles/heartbeat.hpp"
#include "daemon/roles/run_role.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::gateway {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHeartbeat{500};
constexpr std::size_t kDatagramsAtOnce = 64;
// Longer native datagrams are dropped; the sender of a longer text gets a reply that says so.
constexpr std::size_t kDatagramBytes = wire::kBaseDatagram;
// Under a flood the timers and the control socket of this loop must still be served; see turn.hpp.
constexpr int kBatchesAtOnce = 8;
// The error queue is read when the socket is empty, and under load once in so many wakes.
constexpr unsigned kWakesBetweenErrorChecks = 64;
// Time limit for replies to administrators when this process ends on purpose.
constexpr milliseconds kDrainLimit{1000};

class Gateway {
 public:
  Gateway(const Inheritance& inheritance, roles::PartsWithKeys parts);
  Result<> start();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;
  Gateway(Gateway&&) = delete;
  Gateway& operator=(Gateway&&) = delete;
  ~Gateway() { set_log_listener(nullptr); }
  Result<> run() { return loop_.run(); }

 private:
  NativeParts native_parts();
  WebLink::Parts web_parts();
  Result<> watch_sockets();
  Result<> watch_the_rest();
  Result<> watch_channels();
  Result<> add(Result<io::EventLoop::Watch> watch);
  void on_readable(std::size_t socket);
  void on_channel();
  void on_message(const sys::ToChild& message);
  void on_reloaded(const sys::Reloaded& reloaded);
  void quiesce();
  void tick();
  void expire_idle();
  void reap_unreachable(int fd);
  void handle(const io::Datagram& datagram, std::uint16_t socket, chat::Now now);
  void handle_all(std::span<const io::Datagram> datagrams, std::uint16_t socket, Turn& turn);
  void remove(chat::Slot member, state::LeaveKind kind, std::string_view reason, chat::Now now);
  void finish_batch();
  void hurry_for_administrators();
  void end_when_answered();

  const Inheritance& inheritance_;
  state::StateView state_;
  io::EventLoop loop_;
  state::ProcessControl& control_;
  std::uint64_t hash_key_;
  std::vector<int> sockets_;
  state::KeyTable keys_;
  chat::Chat chat_;
  GatewayLog log_;
  UnauthenticatedLimits unauthenticated_;
  TextService text_;
  MemberQuestions questions_;
  NativeService native_;
  WebLink web_;
  Followers followers_;
  ControlHost host_;
  ArchiveLink archive_;
  std::unique_ptr<control::ControlServer> server_;
  io::DatagramReader reader_{kDatagramsAtOnce, kDatagramBytes};
  unsigned wakes_{0};
  std::vector<io::EventLoop::Watch> readable_;
  std::vector<io::EventLoop::Watch> others_;
};

chat::Now time_now() { return {.mono = mono_now(), .wall = wall_now()}; }

Gateway::Gateway(const Inheritance& inheritance, roles::PartsWithKeys parts)
    : inheritance_{inheritance},
      state_{std::move(parts.state)},
      loop_{std::move(parts.loop)},
      control_{state_.process(inheritance.row)},
      hash_key_{random_key()},
      sockets_{descriptors(inheritance.sockets)},
      keys_{std::move(parts.keys)},
      chat_{state_, *inheritance.config, chat::Persons{inheritance.persons}, hash_key_},
      unauthenticated_{inheritance.config->limits.unauthenticated_per_second, hash_key_,
                       state_.counters(), log_.floods},
      text_{chat_, state_, *inheritance.config, sockets_, inheritance.language, unauthenticated_,
            log_},
      questions_{chat_,
                 inheritance.config->limits.questions_per_second,
                 random_key(),
                 {.archive = [this] { return archive_process(inheritance_, state_); },
                  .send = [this](const sys::Question& asked) { return archive_.ask(asked); },
                  .browser = [this](std::uint64_t request,
                                    auto answer) { web_.answer(request, std::move(answer)); }}},
      native_{native_parts(), time_now()},
      web_{web_parts()},
      followers_{state_, inheritance.processes, web_.sleeping()},
      host_{inheritance,
            state_,
            chat_,
            {.remove = [this](chat::Slot member, state::LeaveKind kind, std::string_view reason,
                              chat::Now now) { remove(member, kind, reason, now); },
             .changed =
                 [this] {
                   finish_batch();
                   hurry_for_administrators();
                 }}},
      archive_{inheritance.archive,
               {.stored =
                    [this] {
                      const bool waits = host_.look_at_saved(mono_now());
                      return native_.look_at_stored() || waits;
                    },
                .answered =
                    [this](sys::Answer answer) {
                      questions_.answered(std::move(answer), time_now());
                    }}} {}

NativeParts Gateway::native_parts() {
  return {.chat = chat_,
          .state = state_,
          .keys = keys_,
          .config = *inheritance_.config,
          .sockets = sockets_,
          .identity = inheritance_.identity,
          .certificate = inheritance_.certificate,
          .password = inheritance_.password,
          .unauthenticated = unauthenticated_,
          .log = log_,
          .workers = roles::count_of(roles::kWorker, inheritance_.processes),
          .has_archive = inheritance_.archive >= 0 && inheritance_.config->history.enabled,
          .questions = &questions_,
          .remove_text =
              [this](chat::Slot member, std::string_view reason, chat::Now now) {
                text_.remove(member, state::LeaveKind::kicked, reason, now);
              },
          .tell_browser = [this](chat::Slot session,
                                 const wire::ByeFrame& bye) { web_.tell(session, bye); }};
}

WebLink::Parts Gateway::web_parts() {
  return {.chat = chat_,
          .state = state_,
          .native = native_,
          .questions = &questions_,
          .config = *inheritance_.config,
          .log = log_,
          .password = inheritance_.password,
          .hash_key = hash_key_,
          .end = inheritance_.web_channel,
          .presence = inheritance_.web_presence,
          .row = roles::row_of(roles::kWeb, inheritance_.processes)};
}

void Gateway::remove(chat::Slot member, state::LeaveKind kind, std::string_view reason,
                     chat::Now now) {
  if (chat_.sessions.has_mailbox(member)) {
    return native_.remove(member, kind, reason, now);
  }
  text_.remove(member, kind, reason, now);
}

Result<> Gateway::start() {
  set_log_listener([this](const LogRecord& record) { host_.note(record); });
  const auto unfinished = chat_.adopt(time_now());
  name_rows(state_);
  native_.adopt();
  text_.finish_adoption(unfinished);
  text_.close_if_shut(time_now());
  web_.adopt();
  followers_.wake_all();
  log_adoption(chat_.sessions.size());
  // A predecessor may have been killed between a ban and the end of the sessions that it hits.
  host_.sweep(time_now());
  finish_batch();
  host_.log_warnings();
  auto server = control::ControlServer::create(inheritance_.control, loop_, host_.handlers());
  if (!server) return fail(server.error());
  server_ = std::move(*server);
  if (auto done = watch_sockets(); !done) return done;
  if (auto done = watch_the_rest(); !done) return done;
  roles::beat(control_);
  return sys::send(*inheritance_.supervisor, sys::Ready{});
}

Result<> Gateway::watch_sockets() {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    auto watch = loop_.on_readable(sockets_[i], [this, i] { on_readable(i); });
    if (!watch) return fail(watch.error());
    readable_.push_back(std::move(*watch));
  }
  return {};
}

Result<> Gateway::add(Result<io::EventLoop::Watch> watch) {
  if (!watch) return fail(watch.error());
  others_.push_back(std::move(*watch));
  return {};
}

Result<> Gateway::watch_channels() {
  const int supervisor = inheritance_.supervisor->fd();
  if (auto done = add(loop_.on_readable(supervisor, [this] { on_channel(); })); !done) return done;
  if (inheritance_.archive >= 0) {
    const auto take = [this] { archive_.take(), finish_batch(), hurry_for_administrators(); };
    if (auto done = add(loop_.on_readable(inheritance_.archive, take)); !done) return done;
  }
  if (inheritance_.web_channel < 0) return {};
  const auto take = [this] { web_.take(time_now()), finish_batch(); };
  return add(loop_.on_readable(inheritance_.web_channel, take));
}

Result<> Gateway::watch_the_rest() {
  if (auto done = add(loop_.every(kHeartbeat, [this] { roles::beat(control_); })); !done) {
    return done;
  }
  if (auto done = watch_channels(); !done) return done;
  if (auto done = add(loop_.every(std::chrono::seconds{1}, [this] { tick(); })); !done) return done;
  const milliseconds timeout = inheritance_.config->text.idle_timeout;
  if (timeout == milliseconds{0}) return {};
  // Each pass looks at every session; a period of a sixtieth of the timeout is exact enough.
  const milliseconds period =
      std::clamp<milliseconds>(timeout / 60, std::chrono::seconds{1}, std::chrono::seconds{60});
  return add(loop_.every(period, [this] { expire_idle(); }));
}

void Gateway::tick() {
  native_.tick(time_now());
  web_.tick(time_now());
  if (chat_.tick(time_now())) host_.sweep(time_now());
  chat_.rules.tick(wall_now());
  log_.tick(mono_now());
  host_.tick(time_now());
  archive_.tick(mono_now());
  hurry_for_administrators();
  finish_batch();
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
  for (const chat::Slot slot : chat_.sessions.silent_since(
           state::SessionKind::text, now.mono - inheritance_.config->text.idle_timeout)) {
    text_.remove(slot, state::LeaveKind::idle, {}, now);
  }
  finish_batch();
}

// Replies first, then the members' phases, then the followers: no member gets a line of the room
// before the OK of its login.
void Gateway::finish_batch() {
  const WorkerSet called = native_.finish(time_now());
  text_.finish();
  if (native_.waits_for_archive() || host_.waits_for_archive()) archive_.hurry(mono_now());
  followers_.wake(chat_.rooms.news(), called);
}

// Their changes are saved now, and not within the archive's period.
void Gateway::hurry_for_administrators() {
  if (host_.waits_for_archive()) archive_.hurry(mono_now());
}

void Gateway::on_channel() {
  for (;;) {
    const auto message = sys::receive_from_supervisor(*inheritance_.supervisor);
    if (!message && process::is_timeout(message.error())) return;
    if (!message || !*message) return loop_.stop();  // without a supervisor no process goes on
    on_message(**message);
  }
}

void Gateway::on_message(const sys::ToChild& message) {
  const Overloaded handle{
      [this](const sys::Reloaded& reloaded) { on_reloaded(reloaded); },
      [this](const sys::ReloadRefused& refused) { host_.on_reload_refused(refused); },
      [this](const sys::KeyAnswer& answer) { host_.on_key_answer(answer); },
      [this](const sys::UpgradeRefused& refused) { host_.on_upgrade_outcome(refused.why); },
      [this](const sys::Quiesce&) { quiesce(); },
      [this](const sys::Goodbye&) {
        text_.send_goodbyes();
        native_.send_goodbyes(time_now());
        end_when_answered();
      },
      [this](const sys::HandOver&) {
        host_.on_upgrade_outcome(std::nullopt);
        // The successor reads the configuration, which is the reload that is still asked for.
        host_.on_reloaded({});
        end_when_answered();
      },
  };
  std::visit(handle, message);
}

// After the answer to the administrator no datagram is handled under the old configuration: the
// datagrams that arrive now stay in the socket for the successor.
void Gateway::on_reloaded(const sys::Reloaded& reloaded) {
  readable_.clear();
  host_.on_reloaded(reloaded);
  end_when_answered();
}

// Handles what was sent before the stop, since there may be no successor.
void Gateway::quiesce() {
  for (std::size_t i = 0; i < sockets_.size(); ++i) on_readable(i);
  readable_.clear();
  finish_batch();
  (void)sys::send(*inheritance_.supervisor, sys::Quiescent{});
}

void Gateway::end_when_answered() {
  log_.finish(mono_now());
  host_.release_followers(mono_now());
  server_->drain(kDrainLimit, [this] { loop_.stop(); });
}

}  // namespace

int run(const Inheritance& inheritance) {
  // SIGTERM may come to every process of the service; this one waits for its supervisor's message.
  (void)::signal(SIGTERM, SIG_IGN);
  return roles::run_role<Gateway>(roles::kGateway, inheritance, state::Access::writer);
}

}  // namespace chatd::gateway
