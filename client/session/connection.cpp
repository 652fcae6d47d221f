// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/connection.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "client/words/words.hpp"
#include "common/io/udp_socket.hpp"

namespace chatd::client {

namespace {

// The largest run of datagrams; see io::receive_runs().
constexpr std::size_t kDatagramBytes = 65536;
constexpr std::size_t kDatagramsAtOnce = 4;
// Time limit of an address that is not the last one.
constexpr std::chrono::milliseconds kShortTimeout{3000};

std::chrono::nanoseconds time_of(clockid_t clock) {
  timespec time{};
  (void)::clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

std::chrono::nanoseconds time_asleep() {
  return time_of(CLOCK_BOOTTIME) - time_of(CLOCK_MONOTONIC);
}

IpAddress wildcard_for(const Endpoint& server) {
  IpAddress any;
  if (server.address.is_v4()) any.bytes[10] = any.bytes[11] = 0xff;
  return any;
}

}  // namespace

Connection::Connection(io::EventLoop& loop, Options options, Handlers handlers)
    : loop_{loop},
      options_{std::move(options)},
      handlers_{std::move(handlers)},
      timeout_{options_.member.handshake_timeout},
      reader_{kDatagramsAtOnce, kDatagramBytes},
      slept_{time_asleep()} {}

void Connection::start() { attempt(); }

void Connection::attempt() {
  readable_ = {};
  if (auto opened = open_socket(); !opened) {
    return next_attempt(Outcome::no_answer, opened.error().message());
  }
  Member::Options member = options_.member;
  if (!is_last()) member.handshake_timeout = std::min(timeout_, kShortTimeout);
  member_.emplace(std::move(member));
  member_->start(mono_now());
  pump();
}

Result<> Connection::open_socket() {
  auto socket = io::open_udp_socket({.address = wildcard_for(server()), .port = 0});
  if (!socket) return fail(std::move(socket).error());
  socket_ = std::move(*socket);
  io::receive_runs(socket_.get());
  auto watch = loop_.on_readable(socket_.get(), [this] { on_readable(); });
  if (!watch) return fail(std::move(watch).error());
  readable_ = std::move(*watch);
  return {};
}

void Connection::next_attempt(Outcome outcome, std::string detail) {
  if (is_last()) return finish(outcome, std::move(detail));
  ++attempt_;
  // From the loop: the caller may be in the middle of the old member's events.
  auto timer = loop_.after(std::chrono::milliseconds{0}, [this] { attempt(); });
  if (!timer) return finish(Outcome::failed, timer.error().message());
  timer_ = std::move(*timer);
}

void Connection::finish(Outcome outcome, std::string detail) {
  if (std::exchange(over_, true)) return;
  readable_ = {};
  timer_ = {};
  handlers_.ended(outcome, std::move(detail));
}

void Connection::on_readable() {
  const MonoTime now = mono_now();
  for (auto datagrams = reader_.receive(socket_.get()); !datagrams.empty();
       datagrams = reader_.receive(socket_.get())) {
    for (const io::Datagram& datagram : datagrams) {
      if (datagram.from == server()) member_->receive(datagram.bytes, now);
    }
  }
  bool refused = false;
  io::drain_unreachable(socket_.get(),
                        [&](const Endpoint& by) { refused = refused || by == server(); });
  // Later this only means that the server is restarted, which keeps the session.
  if (refused && !joined_ && !member_->has_ended()) {
    readable_ = {};
    return next_attempt(Outcome::nothing_listening,
                        words(options_.language, Words::refused_port, to_text(server())));
  }
  pump();
}

void Connection::on_time() {
  member_->tick(mono_now());
  pump();
}

void Connection::pump() {
  if (over_) return;
  const MonoTime now = mono_now();
  notice_suspension(now);
  send_all(now);
  take_events();
  if (!member_->has_ended()) set_timer(now);
}

void Connection::send_all(MonoTime now) {
  sockaddr_storage to{};
  const socklen_t length = to_sockaddr(server(), to);
  while (member_->next_datagram(datagram_, now)) {
    // A datagram that is not sent counts as lost, and is repaired.
    (void)::sendto(socket_.get(), datagram_.data(), datagram_.size(), 0,
                   reinterpret_cast<const sockaddr*>(&to), length);
  }
}

void Connection::take_events() {
  while (auto event = member_->next_event()) {
    if (const auto* ended = std::get_if<Ended>(&*event)) return on_member_ended(*ended);
    if (std::holds_alternative<Joined>(*event)) joined_ = true;
    handlers_.event(std::move(*event));
  }
}

void Connection::on_member_ended(const Ended& ended) {
  if (ended.reason != End::no_answer || joined_) {
    return finish(outcome_of(ended.reason), ended.text);
  }
  const auto seconds = std::chrono::round<std::chrono::seconds>(
      is_last() ? timeout_ : std::min(timeout_, kShortTimeout));
  next_attempt(Outcome::no_answer, words(options_.language, Words::silent_for, seconds.count()));
}

// After a suspension the path is often a new one.
void Connection::notice_suspension(MonoTime now) {
  const auto slept = time_asleep();
  if (slept - slept_ > std::chrono::seconds{1}) member_->path_changed(now);
  slept_ = slept;
}

void Connection::set_timer(MonoTime now) {
  using std::chrono::milliseconds;
  // At least 1 ms: a deadline in the past must not make the loop spin.
  const auto wait =
      std::max(std::chrono::ceil<milliseconds>(member_->deadline() - now), milliseconds{1});
  auto timer =
      loop_.after(std::min<milliseconds>(wait, std::chrono::hours{1}), [this] { on_time(); });
  if (!timer) return finish(Outcome::failed, timer.error().message());
  timer_ = std::move(*timer);
}

}  // namespace chatd::client
