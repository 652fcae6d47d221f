// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/control_server.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/base/log.hpp"
#include "common/base/unique_fd.hpp"
#include "common/io/unix_socket.hpp"
#include "common/wire/control/control_message.hpp"
#include "daemon/control/connection.hpp"

namespace chatd::control {

namespace {

// Pause of the listener when the process has no descriptor left.
constexpr std::chrono::milliseconds kAcceptPause{1000};

void send_busy(int fd, std::string_view why) {
  const std::string line =
      wire::encode(wire::ControlReply{std::unexpected{
          Refusal{.code = std::string{wire::code::kBusy}, .message = std::string{why}}}}) +
      '\n';
  // Fits into an empty socket buffer; if not, the caller gets no reply.
  (void)::send(fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

ControlServer::ControlServer(int listener, io::EventLoop& loop, const Handlers& handlers,
                             ControlLimits limits)
    : listener_{listener}, loop_{loop}, handlers_{handlers}, limits_{limits} {}

ControlServer::~ControlServer() = default;

Result<std::unique_ptr<ControlServer>> ControlServer::create(int listener, io::EventLoop& loop,
                                                             const Handlers& handlers,
                                                             ControlLimits limits) {
  std::unique_ptr<ControlServer> server{new ControlServer{listener, loop, handlers, limits}};
  if (auto listening = server->listen(); !listening) {
    return fail(std::move(listening).error().within("watch the control socket"));
  }
  return server;
}

Result<> ControlServer::listen() {
  auto watch = loop_.on_readable(listener_, [this] { on_connection(); });
  if (!watch) return fail(std::move(watch).error());
  accept_watch_ = std::move(*watch);
  return {};
}

// One connection per wake-up: the loop calls again while more are queued.
void ControlServer::on_connection() {
  UniqueFd fd{::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
  if (!fd.is_open()) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) pause();
    return;
  }
  const auto peer = io::peer_credentials(fd.get());
  if (!peer) return;
  if (const auto why = why_full_for(peer->uid); !why.empty()) {
    send_busy(fd.get(), why);
    return;
  }

  connections_.push_back(std::make_shared<Connection>(
      std::move(fd), Caller{.uid = peer->uid, .pid = peer->pid},
      Connection::Context{.loop = &loop_,
                          .handlers = &handlers_,
                          .timeout = limits_.timeout,
                          .on_closed = [this](Connection& closed) { forget(closed); }}));
  if (!connections_.back()->start()) connections_.pop_back();
}

std::string_view ControlServer::why_full_for(uid_t user) const {
  constexpr std::string_view of_all = "too many control connections";
  if (is_privileged(user)) {
    return connections_.size() >= limits_.connections ? of_all : "";
  }
  if (connections_.size() + limits_.kept >= limits_.connections) return of_all;
  const auto of_user = std::ranges::count_if(
      connections_, [user](const auto& held) { return held->caller().uid == user; });
  return static_cast<std::size_t>(of_user) >= limits_.of_one_user
             ? "too many control connections of this user"
             : "";
}

// The queued connection keeps the listener readable: without a pause the loop would run all the
// time.
void ControlServer::pause() {
  log(LogLevel::warning, "control: no descriptor left to accept a connection");
  if (auto watch = loop_.after(kAcceptPause, [this] {
        if (!listen()) pause();
      })) {
    accept_watch_ = std::move(*watch);
  }
}

void ControlServer::drain(std::chrono::milliseconds deadline, std::function<void()> done) {
  accept_watch_ = {};
  drained_ = std::move(done);
  // A copy: finish() may close at once, which changes the list.
  const auto all = connections_;
  for (const auto& connection : all) connection->finish();
  end_drain_in(connections_.empty() ? std::chrono::milliseconds{0} : deadline);
}

void ControlServer::end_drain_in(std::chrono::milliseconds delay) {
  auto watch = loop_.after(delay, [this] {
    connections_.clear();
    if (const auto done = std::exchange(drained_, nullptr)) done();  // may destroy the server
  });
  if (watch) drain_watch_ = std::move(*watch);
}

void ControlServer::forget(Connection& connection) {
  connections_.remove_if([&connection](const auto& held) { return held.get() == &connection; });
  if (drained_ && connections_.empty()) end_drain_in(std::chrono::milliseconds{0});
}

}  // namespace chatd::control
