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

// Enough for whatever a server writes in one go.
constexpr std::size_t kReadBytes = std::size_t{1} << 18U;
// Connections that are being made at once. Some servers look at new ones once a second only.
constexpr std::size_t kAtOnce = 512;

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
  seats_.resize(options.all());
}

bool StreamMembers::enter(std::chrono::seconds patience) {
  const auto knock = [this](std::size_t i) {
    Seat& seat = seats_[i];
    seat.socket = connect_to(options().server);
    seat.dialect = make_stream_dialect(
        dialect_, {.name = "m" + std::to_string(i), .publishes = i < options().publishers});
    poller_.watch(seat.socket.get(), i);
    write(seat, seat.dialect->greeting());
  };
  return enter_in_turn(kAtOnce, ready_, knock, patience);
}

// A server that does not read for long is not measured; the generator waits for it.
void StreamMembers::write(Seat& seat, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(seat.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) throw std::runtime_error{std::string{"send: "} + std::strerror(errno)};
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void StreamMembers::publish(const Payload& payload) {
  char text[kPayloadBytes];
  write_payload(text, payload);
  Seat& seat = seats_[payload.publisher];
  std::string bytes;
  seat.dialect->put_message(bytes, {text, sizeof text});
  write(seat, bytes);
}

void StreamMembers::pump(Clock::time_point until) {
  for (const auto& event : poller_.wait(until)) read(event.data.u64);
}

void StreamMembers::read(std::size_t member) {
  Seat& seat = seats_[member];
  std::ranges::copy(seat.rest, buffer_.begin());
  const std::size_t kept = seat.rest.size();
  const ssize_t got =
      ::recv(seat.socket.get(), buffer_.data() + kept, buffer_.size() - kept, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) throw std::runtime_error{"the server has closed a connection"};
  const auto now = Clock::now();
  const std::string_view bytes{buffer_.data(), kept + static_cast<std::size_t>(got)};
  const bool was_ready = seat.ready;
  std::string reply;
  const std::function<void(const Payload&)> message = [&](const Payload& payload) {
    tally().arrived(member, payload, now);
  };
  const std::size_t taken =
      seat.dialect->take(bytes, {.reply = reply, .ready = seat.ready, .message = message});
  seat.rest = bytes.substr(taken);
  if (seat.rest.size() > buffer_.size() / 2) throw std::runtime_error{"an endless line"};
  if (seat.ready && !was_ready) ++ready_;
  if (!reply.empty()) write(seat, reply);
}

void StreamMembers::lose(double share) {
  for (const Seat& seat : seats_) {
    if (!test::lose_at(seat.socket.get(), share)) throw std::runtime_error{"SO_ATTACH_FILTER"};
  }
}

}  // namespace chatd::bench
