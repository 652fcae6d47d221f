// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/native_crowd.hpp"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace chatd::test {

std::string line_of(const client::Line& line) {
  using wire::RecordKind;
  switch (line.record) {
    case RecordKind::join:
      return "+" + line.name;
    case RecordKind::leave:
    case RecordKind::kick:
      return "-" + line.name;
    case RecordKind::announce:
      return "[admin] " + line.text;
    case RecordKind::action:
      return "* " + line.name + " " + line.text;
    case RecordKind::crowd: {
      const auto crowd = wire::read_crowd(line.text).value_or(wire::Crowd{});
      return "[" + std::to_string(crowd.joined) + " joined, " + std::to_string(crowd.left) +
             " left]";
    }
    case RecordKind::direct:
      return "(" + line.name + ") " + line.text;
    default:
      return line.name + ": " + line.text;
  }
}

namespace {

// A socket for each member.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

NativeCrowd::NativeCrowd(const Endpoint& server, const Options& options)
    : server_{server},
      options_{options},
      epoll_{::epoll_create1(EPOLL_CLOEXEC)},
      random_{options.seed} {
  allow_many_descriptors();
  for (std::size_t i = 0; i < options.size; ++i) {
    client::Member::Options about{.name = name(i),
                                  .identity = crypto::generate_key_pair().value(),
                                  .is_trusted = [](const client::ServerProof&) { return true; },
                                  .random =
                                      [this](std::span<std::byte> out) {
                                        for (std::byte& byte : out)
                                          byte = static_cast<std::byte>(random_());
                                      },
                                  .handshake_timeout = kGenerous,
                                  .wants_replay = options.wants_replay,
                                  .wants_saved = options.wants_saved};
    seats_.push_back(std::unique_ptr<Seat>(
        new Seat{.socket = UdpClient{}, .member = client::Member{std::move(about)}, .lines = {}}));
    watch(i);
  }
}

std::string NativeCrowd::name(std::size_t member) const {
  return options_.prefix + std::to_string(member);
}

void NativeCrowd::watch(std::size_t member) {
  io::receive_runs(seats_[member]->socket.fd());
  epoll_event wanted{.events = EPOLLIN, .data = {.u64 = member}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, seats_[member]->socket.fd(), &wanted) < 0) {
    throw std::runtime_error{"epoll_ctl"};
  }
}

bool NativeCrowd::enter(Millis timeout) {
  for (std::size_t i = 0; i < size(); ++i) {
    seats_[i]->member.start(mono_now());
    settle(i, mono_now());
    if (i == 0 && !pump_until([this] { return seats_[0]->member.is_joined(); }, timeout)) {
      return false;
    }
    // The server's socket buffer holds some hundreds of HELLOs.
    if (i % 64 == 63) pump(Millis{1});
  }
  return pump_until(
      [this] {
        return std::ranges::all_of(seats_,
                                   [](const auto& seat) { return seat->member.is_joined(); });
      },
      timeout);
}

void NativeCrowd::settle(std::size_t member, MonoTime now) {
  Seat& seat = *seats_[member];
  std::uniform_real_distribution<double> share{0, 1};
  while (seat.member.next_datagram(datagram_, now)) {
    if (loss_ > 0 && share(random_) < loss_) continue;
    seat.socket.send(server_, {reinterpret_cast<const char*>(datagram_.data()), datagram_.size()});
  }
  while (const auto event = seat.member.next_event()) {
    if (const auto* line = std::get_if<client::Line>(&*event)) {
      ++delivered_;
      if (options_.keeps_lines) seat.lines.push_back(line_of(*line));
    }
    if (on_event) on_event(member, *event);
  }
  plan(member);
}

// At most one entry of each member is valid: the earliest.
void NativeCrowd::plan(std::size_t member) {
  Seat& seat = *seats_[member];
  const MonoTime deadline = seat.member.deadline();
  if (deadline >= seat.planned) return;
  seat.planned = deadline;
  due_.emplace(deadline, member);
}

void NativeCrowd::receive(std::size_t member) {
  Seat& seat = *seats_[member];
  const auto datagrams = reader_.receive(seat.socket.fd());
  heard_at_ = mono_now();
  for (const io::Datagram& datagram : datagrams) seat.member.receive(datagram.bytes, heard_at_);
  settle(member, heard_at_);
}

void NativeCrowd::run_timers() {
  const MonoTime now = mono_now();
  while (!due_.empty() && due_.top().first <= now) {
    const auto [when, member] = due_.top();
    due_.pop();
    Seat& seat = *seats_[member];
    if (when != seat.planned) continue;
    seat.planned = MonoTime::max();
    if (seat.member.deadline() <= now) {
      seat.member.tick(now);
      settle(member, mono_now());
    } else {
      plan(member);
    }
  }
}

void NativeCrowd::pump(Micros timeout) {
  for (const std::size_t member : std::exchange(askers_, {})) {
    seats_[member]->member.ask_history(mono_now(), {});
    settle(member, mono_now());
  }
  run_timers();
  const MonoTime next = due_.empty() ? MonoTime::max() : due_.top().first;
  const auto wait = std::clamp<Micros>(next - mono_now(), Micros{0}, timeout);
  const timespec time{.tv_sec = wait.count() / 1'000'000,
                      .tv_nsec = wait.count() % 1'000'000 * 1'000};
  std::array<epoll_event, 256> ready{};
  const int count = ::epoll_pwait2(epoll_.get(), ready.data(), ready.size(), &time, nullptr);
  for (int i = 0; i < count; ++i) receive(ready[static_cast<std::size_t>(i)].data.u64);
  run_timers();
}

bool NativeCrowd::pump_until(const std::function<bool()>& holds, Millis timeout) {
  const MonoTime end = mono_now() + timeout;
  while (!holds()) {
    if (mono_now() > end) return false;
    pump(Millis{20});
  }
  return true;
}

void NativeCrowd::send(std::size_t member, const client::Message& message) {
  seats_[member]->member.send(message, mono_now());
  settle(member, mono_now());
}

void NativeCrowd::quit(std::size_t member) {
  const MonoTime now = mono_now();
  seats_[member]->member.quit(now);
  settle(member, now);
}

void NativeCrowd::move(std::size_t member) {
  seats_[member]->socket = UdpClient{};
  if (loss_ > 0) seats_[member]->socket.lose(loss_);
  watch(member);
  seats_[member]->member.path_changed(mono_now());
  settle(member, mono_now());
}

void NativeCrowd::lose(double share) {
  loss_ = share;
  for (auto& seat : seats_) seat->socket.lose(share);
}

void NativeCrowd::forget_lines() {
  for (auto& seat : seats_) seat->lines.clear();
  delivered_ = 0;
}

std::size_t NativeCrowd::unconfirmed() const {
  std::size_t sum = 0;
  for (const auto& seat : seats_) sum += seat->member.unconfirmed();
  return sum;
}

std::size_t NativeCrowd::ended() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(seats_, [](const auto& seat) { return seat->member.has_ended(); }));
}

}  // namespace chatd::test
