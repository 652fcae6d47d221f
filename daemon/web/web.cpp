// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/web.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/http/server.hpp"
#include "common/io/event_loop.hpp"
#include "common/io/tcp_socket.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/roles/processes.hpp"
#include "daemon/roles/run_role.hpp"
#include "daemon/state/wake.hpp"
#include "daemon/web/pulse.hpp"
#include "daemon/web/sandbox.hpp"

namespace chatd::web {

namespace {

using std::chrono::milliseconds;

// Half of the shortest hang timeout (config: workers.hang_timeout).
constexpr milliseconds kHeartbeat{500};
constexpr milliseconds kTick{250};
constexpr milliseconds kStreamTick{1000};
constexpr int kPassesAtOnce = 16;

// Requests of this process and of a former one differ.
std::uint64_t first_request() {
  std::uint64_t number = 0;
  // Cannot fail for so few bytes once the system has booted (getrandom(2)).
  [[maybe_unused]] const ssize_t got = ::getrandom(&number, sizeof number, 0);
  return number;
}

class Web {
 public:
  Web(const Inheritance& inheritance, roles::Parts parts)
      : inheritance_{inheritance},
        state_{std::move(parts.state)},
        loop_{std::move(parts.loop)},
        gateway_{mono_now()} {}

  Result<> start();
  Result<> run() { return loop_.run(); }

 private:
  // The parts that need the memory which this process may write.
  struct Room {
    Room(const state::StateView& state, state::WebPresence mapped, io::EventLoop& loop,
         const Inheritance& inheritance)
        : presence{std::move(mapped)},
          members{
              state,
              presence,
              inheritance.channel,
              first_request(),
              {.ended =
                   [this](const WebSession& session, wire::Reason reason, const std::string& text) {
                     streams.end(session, wire::code_of(reason), text);
                   }}},
          streams{state, members, loop},
          api{state, members, streams, inheritance.api} {}
    state::WebPresence presence;
    Members members;
    Streams streams;
    Api api;
  };

  Result<> watch(Result<io::EventLoop::Watch> watch);
  Result<> watch_all();
  void on_heartbeat();
  void on_tick();
  void work();
  void look();
  void serve(http::Exchange exchange);
  [[nodiscard]] static http::Response no_route(const http::Code& fault);
  [[nodiscard]] std::optional<http::Response> answer(Route route, const http::Request& request);

  const Inheritance& inheritance_;
  state::StateView state_;
  io::EventLoop loop_;
  Pulse gateway_;
  std::unique_ptr<Room> room_;
  std::vector<io::EventLoop::Watch> watches_;
  std::optional<http::Server> server_;
};

Result<> Web::watch(Result<io::EventLoop::Watch> watch) {
  if (!watch) return fail(watch.error());
  watches_.push_back(std::move(*watch));
  return {};
}

Result<> Web::watch_all() {
  if (auto done = watch(loop_.every(kHeartbeat, [this] { on_heartbeat(); })); !done) return done;
  if (auto done = watch(loop_.every(kTick, [this] { on_tick(); })); !done) return done;
  const auto look_at_streams = [this] { room_->streams.tick(mono_now()); };
  if (auto done = watch(loop_.every(kStreamTick, look_at_streams)); !done) return done;
  if (auto done = watch(loop_.on_signal(SIGTERM, [this] { loop_.stop(); })); !done) return done;
  if (auto done = watch(loop_.on_readable(inheritance_.channel,
                                          [this] {
                                            room_->members.take(mono_now());
                                            look();
                                          }));
      !done) {
    return done;
  }
  return watch(loop_.on_readable(inheritance_.bell, [this] {
    state::silence_bell(inheritance_.bell);
    work();
  }));
}

Result<> Web::start() {
  auto presence = state::WebPresence::map(inheritance_.presence, inheritance_.sessions);
  if (!presence) return fail(presence.error());
  presence->clear();
  // A predecessor in the hands of an attacker may have shut them down.
  for (const int socket : inheritance_.sockets) {
    if (auto done = io::listen_again(socket); !done) return done;
  }
  room_ = std::make_unique<Room>(state_, std::move(*presence), loop_, inheritance_);
  auto server = http::Server::create(loop_, inheritance_.sockets, {}, inheritance_.rules,
                                     [this](http::Exchange one) { serve(std::move(one)); });
  if (!server) return fail(server.error());
  server_.emplace(std::move(*server));
  if (auto done = watch_all(); !done) return done;
  // The memory stays mapped; a descriptor could be opened again for writing.
  ::close(inheritance_.state);
  ::close(inheritance_.presence);
  if (auto done = enter_sandbox(); !done) return done;
  if (auto sent = sys::send(*inheritance_.supervisor, sys::Ready{}); !sent) return sent;
  // Its memory is shared with the supervisor, and has a lock: hostile code must not have it. From
  // now on this process tells the supervisor nothing, and is asked to end by SIGTERM.
  inheritance_.supervisor->close();
  return {};
}

// This process cannot write its row of the process table.
void Web::on_heartbeat() {
  gateway_.look(state_.process(inheritance_.gateway_row).heartbeat.load(std::memory_order_relaxed),
                mono_now());
  state::count(room_->presence.heartbeat());
}

void Web::on_tick() {
  room_->members.tick(mono_now());
  look();
}

// While it is not asleep, no call wakes it; without a stream it need not be woken.
void Web::work() {
  auto& sleeping = room_->presence.sleeping();
  for (int round = 0; round < kPassesAtOnce; ++round) {
    if (room_->streams.count() == 0) return;
    const MonoTime now = mono_now();
    if (room_->streams.pass(now)) continue;
    sleeping.store(1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!room_->streams.pass(now)) return;
    sleeping.store(0, std::memory_order_relaxed);
  }
  state::ring_own_bell(inheritance_.bell);
}

// A first stream may have been opened: nothing wakes this process before work() has asked for it.
void Web::look() {
  if (room_->presence.sleeping().load(std::memory_order_relaxed) == 0) work();
}

void Web::serve(http::Exchange exchange) {
  const http::Request& request = exchange.request();
  if (inheritance_.is_closed) {
    return exchange.answer(
        refused_response(code::kClosed, "The administrator has closed the page."));
  }
  const auto route = find_route(request.method, request.path);
  if (!route) return exchange.answer(no_route(route.error()));
  if (const auto response = answer(*route, request)) return exchange.answer(*response);
  room_->api.serve(*route, std::move(exchange), mono_now());
  look();
}

http::Response Web::no_route(const http::Code& fault) {
  return refused_response(fault, fault == code::kNotFound ? "There is nothing at this address."
                                                          : "This address takes another method.");
}

// nullopt: the gateway is asked.
std::optional<http::Response> Web::answer(Route route, const http::Request& request) {
  switch (route) {
    case Route::page:
    case Route::file:
      return file_response(request).value_or(no_route(code::kNotFound));
    case Route::room:
      return about_response(inheritance_.about);
    case Route::health:
      return health_response(gateway_.is_there(mono_now()));
    default:
      return std::nullopt;
  }
}

}  // namespace

int run(const Inheritance& inheritance) {
  const int status = roles::run_role<Web>(roles::kWeb, inheritance, state::Access::web);
  // The sandbox forbids the leak check of a sanitized program, which would end the process with an
  // error. There is nothing to be written.
  ::_exit(status);
}

}  // namespace chatd::web
