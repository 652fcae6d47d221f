// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/server_impl.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "common/base/time.hpp"
#include "common/http/read_request.hpp"

namespace chatd::http {

namespace {

using std::chrono::milliseconds;

// Between two looks at what is late or over.
constexpr milliseconds kLook{100};
// Of a peer that acknowledges nothing.
constexpr unsigned kUserTimeoutMs = 30'000;

// evhttp_connection_free() takes the callbacks away with the bufferevent.
bool is_freed(bufferevent* buffers) {
  bufferevent_data_cb read = nullptr;
  bufferevent_data_cb write = nullptr;
  bufferevent_event_cb event = nullptr;
  void* argument = nullptr;
  bufferevent_getcb(buffers, &read, &write, &event, &argument);
  return read == nullptr && write == nullptr && event == nullptr;
}

IpAddress peer_of(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  return from_sockaddr(address).address;
}

// Errors are of no importance: the peer waits longer.
void set_options(int fd) {
  const int on = 1;
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeoutMs, sizeof kUserTimeoutMs);
}

}  // namespace

Server::Impl::Impl(io::EventLoop& loop, const Limits& limits, Rules rules, Handler handler)
    : loop_{loop},
      limits_{limits},
      rules_{std::move(rules)},
      handler_{std::move(handler)},
      table_{limits} {}

Server::Impl::~Impl() {
  http_.reset();
  for (const auto& [buffers, open] : open_) bufferevent_decref(buffers);
  for (bufferevent* const buffers : fresh_) bufferevent_decref(buffers);
}

Result<> Server::Impl::open(const std::vector<int>& sockets) {
  event_base* const base = loop_.base();
  placeholder_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!placeholder_.is_open()) return fail(Error::from_errno("socket"));
  http_.reset(evhttp_new(base));
  look_.reset(event_new(base, -1, EV_PERSIST, &Impl::on_fresh, this));
  if (!http_ || !look_) return fail("evhttp_new failed");
  evhttp_set_max_headers_size(http_.get(), static_cast<ev_ssize_t>(limits_.header_bytes));
  evhttp_set_max_body_size(http_.get(), static_cast<ev_ssize_t>(limits_.body_bytes));
  // All that evhttp knows: the handler refuses with the fixed headers, evhttp would do it without.
  evhttp_set_allowed_methods(http_.get(), EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                              EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE |
                                              EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
                                              EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH);
  evhttp_set_default_content_type(http_.get(), nullptr);
  evhttp_set_bevcb(http_.get(), &Impl::on_connection, this);
  evhttp_set_gencb(http_.get(), &Impl::on_request, this);
  for (const int socket : sockets) {
    if (auto done = listen(socket); !done) return done;
  }
  return {};
}

// The socket listens already, and the supervisor keeps it.
Result<> Server::Impl::listen(int socket) {
  evconnlistener* const listener =
      evconnlistener_new(loop_.base(), nullptr, nullptr, LEV_OPT_CLOSE_ON_EXEC, 0, socket);
  if (listener == nullptr) return fail("evconnlistener_new failed");
  if (evhttp_bind_listener(http_.get(), listener) == nullptr) {
    evconnlistener_free(listener);
    return fail("evhttp_bind_listener failed");
  }
  evconnlistener_set_error_cb(listener, &Impl::on_accept_error);
  listeners_.push_back(listener);
  return {};
}

bufferevent* Server::Impl::on_connection(event_base* base, void* self) {
  auto& server = *static_cast<Impl*>(self);
  bufferevent* const buffers = bufferevent_socket_new(base, -1, 0);
  if (buffers == nullptr) return nullptr;
  bufferevent_incref(buffers);
  server.fresh_.push_back(buffers);
  if (server.open_.size() + server.fresh_.size() >= server.limits_.connections) {
    server.pause(true);
  }
  event_active(server.look_.get(), EV_READ, 0);
  return buffers;
}

void Server::Impl::on_fresh(evutil_socket_t /*fd*/, short /*events*/, void* self) {
  static_cast<Impl*>(self)->take_fresh();
}

void Server::Impl::take_fresh() {
  std::vector<bufferevent*> fresh;
  fresh.swap(fresh_);
  for (bufferevent* const buffers : fresh) take(buffers);
  sweep();
}

void Server::Impl::take(bufferevent* buffers) {
  const int fd = bufferevent_getfd(buffers);
  if (is_freed(buffers) || fd < 0) {
    bufferevent_decref(buffers);
    return;
  }
  set_options(fd);
  const IpAddress peer = peer_of(fd);
  const bool is_proxy =
      std::ranges::any_of(rules_.proxies, [&](const Network& one) { return one.contains(peer); });
  const auto id = table_.add(peer, !is_loopback(peer) && !is_proxy, mono_now());
  if (!id) ::shutdown(fd, SHUT_RDWR);
  open_.emplace(buffers, Open{.fd = fd, .id = id.value_or(0)});
  if (!clock_.is_active()) watch_time();
}

// evhttp reads the end of a connection that is shut down, and frees it.
void Server::Impl::sweep() {
  std::erase_if(open_, [this](const auto& one) {
    if (!is_freed(one.first)) return false;
    table_.remove(one.second.id);
    bufferevent_decref(one.first);
    return true;
  });
  for (const auto id : table_.late(mono_now())) {
    const auto found =
        std::ranges::find_if(open_, [&](const auto& one) { return one.second.id == id; });
    if (found != open_.end()) ::shutdown(found->second.fd, SHUT_RDWR);
  }
  if (open_.size() < limits_.connections) pause(false);
}

void Server::Impl::watch_time() {
  auto clock = loop_.after(kLook, [this] {
    clock_ = {};
    is_out_of_descriptors_ = false;
    take_fresh();
    if (!open_.empty() || is_paused_) watch_time();
  });
  // Without the timer the next connection looks.
  if (clock) clock_ = std::move(*clock);
}

void Server::Impl::pause(bool is_paused) {
  if (is_paused_ == is_paused || (!is_paused && is_out_of_descriptors_)) return;
  is_paused_ = is_paused;
  for (evconnlistener* const listener : listeners_) {
    if (is_paused) {
      evconnlistener_disable(listener);
    } else {
      evconnlistener_enable(listener);
    }
  }
  if (is_paused && !clock_.is_active()) watch_time();
}

// Mostly no descriptor is left; the connection waits in the kernel.
void Server::Impl::on_accept_error(evconnlistener* /*listener*/, void* self) {
  auto& server = *static_cast<Impl*>(self);
  server.is_out_of_descriptors_ = true;
  server.pause(true);
}

namespace {

Method method_of(evhttp_cmd_type command) {
  switch (command) {
    case EVHTTP_REQ_GET:
      return Method::get;
    case EVHTTP_REQ_HEAD:
      return Method::head;
    case EVHTTP_REQ_POST:
      return Method::post;
    case EVHTTP_REQ_DELETE:
      return Method::remove;
    default:
      return Method::other;
  }
}

}  // namespace

void Server::Impl::on_request(evhttp_request* raw, void* self) {
  static_cast<Impl*>(self)->serve(raw);
}

void Server::Impl::serve(evhttp_request* raw) {
  take_fresh();
  bufferevent* const buffers =
      evhttp_connection_get_bufferevent(evhttp_request_get_connection(raw));
  const auto found = open_.find(buffers);
  const Connections::Id id = found == open_.end() ? 0 : found->second.id;
  table_.answer(id, mono_now());
  Request request{.method = method_of(evhttp_request_get_command(raw))};
  const int fd = bufferevent_getfd(buffers);
  const auto refusal = read_request(*raw, request);
  const IpAddress peer = peer_of(fd);
  auto sender = refusal ? std::unexpected{*refusal} : judge(request, peer, rules_);
  const bool is_over =
      sender && !(sender->address == peer) && !table_.count_for(id, sender->address);
  if (sender) request.sender = *sender;
  const auto state = std::make_shared<Exchange::State>(raw, std::move(request), *this);
  state->watch();
  Exchange exchange{state};
  if (!sender) return exchange.answer(refusal_response(sender.error()));
  if (is_over) return exchange.answer(busy_response("Too many requests of your network wait."));
  handler_(std::move(exchange));
}

}  // namespace chatd::http
