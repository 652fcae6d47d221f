// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/stream_members.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tests/support/packet_loss.hpp"

namespace chatd::bench {

namespace {

// More than a server writes in one call.
constexpr std::size_t kReadBytes = std::size_t{1} << 18U;

UniqueFd connect_to(const Endpoint& server) {
  UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(server, name);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), length) < 0) {
    throw std::runtime_error{std::string{"connect: "} + std::strerror(errno)};
  }
  const int on = 1;
  (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace

StreamMembers::StreamMembers(Dialect dialect, const MembersOptions& options)
    : Members{options}, dialect_{dialect}, buffer_(kReadBytes) {
  connections_.resize(options.all());
}

bool StreamMembers::enter(std::chrono::seconds timeout) {
  const auto log_in = [this](std::size_t i) {
    Connection& connection = connections_[i];
    connection.socket = connect_to(options().server);
    StreamRole role{.name = "m" + std::to_string(i), .publishes = i < options().publishers};
    if (const auto room = options().room_of(i)) role.room = room_name(*room);
    connection.dialect = make_stream_dialect(dialect_, role);
    poller_.watch(connection.socket.get(), i);
    write(connection, connection.dialect->greeting());
  };
  return enter_in_turn(options().logins_at_once, ready_, log_in, timeout);
}

// Blocks while the server does not read: the generator waits for it.
void StreamMembers::write(Connection& connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) throw std::runtime_error{std::string{"send: "} + std::strerror(errno)};
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void StreamMembers::publish(const Payload& payload) {
  char text[kPayloadBytes];
  write_payload(text, payload);
  Connection& connection = connections_[payload.publisher];
  std::string bytes;
  connection.dialect->put_message(bytes, {text, sizeof text});
  write(connection, bytes);
}

void StreamMembers::pump(Clock::time_point until) {
  for (const auto& event : poller_.wait(until)) read(event.data.u64);
}

void StreamMembers::read(std::size_t member) {
  Connection& connection = connections_[member];
  std::ranges::copy(connection.rest, buffer_.begin());
  const std::size_t kept = connection.rest.size();
  const ssize_t got =
      ::recv(connection.socket.get(), buffer_.data() + kept, buffer_.size() - kept, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) throw std::runtime_error{"the server has closed a connection"};
  const auto now = Clock::now();
  const std::string_view bytes{buffer_.data(), kept + static_cast<std::size_t>(got)};
  const bool was_ready = connection.ready;
  std::string reply;
  const std::function<void(const Payload&)> message = [&](const Payload& payload) {
    count(member, payload, now);
  };
  const std::size_t taken = connection.dialect->take(
      bytes, {.reply = reply, .ready = connection.ready, .message = message});
  connection.rest = bytes.substr(taken);
  if (connection.rest.size() > buffer_.size() / 2) throw std::runtime_error{"an endless line"};
  if (connection.ready && !was_ready) ++ready_;
  if (!reply.empty()) write(connection, reply);
}

void StreamMembers::lose(double share) {
  for (const Connection& connection : connections_) {
    if (!test::lose_at(connection.socket.get(), share))
      throw std::runtime_error{"SO_ATTACH_FILTER"};
  }
}

}  // namespace chatd::bench
