// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/text_members.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>

namespace chatd::bench {

namespace {

constexpr std::size_t kReadBytes = 65536;
// Logins on the way at once: the plain server's buffer holds no more, and its notices to the
// others must find room in theirs.
constexpr std::size_t kAtOnce = 16;

}  // namespace

TextMembers::TextMembers(const MembersOptions& options) : Members{options}, buffer_(kReadBytes) {
  seats_.resize(options.all());
  for (std::size_t i = 0; i < seats_.size(); ++i) poller_.watch(seats_[i].socket.fd(), i);
}

bool TextMembers::enter(std::chrono::seconds patience) {
  const auto knock = [this](std::size_t i) {
    seats_[i].socket.send(options().server, "L m" + std::to_string(i));
  };
  return enter_in_turn(kAtOnce, ready_, knock, patience);
}

void TextMembers::publish(const Payload& payload) {
  char line[2 + kPayloadBytes] = {'C', ' '};
  write_payload(line + 2, payload);
  seats_[payload.publisher].socket.send(options().server, {line, sizeof line});
}

void TextMembers::pump(Clock::time_point until) {
  for (const auto& event : poller_.wait(until)) read(event.data.u64);
}

void TextMembers::read(std::size_t member) {
  Seat& seat = seats_[member];
  const ssize_t got = ::recv(seat.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got < 0) return;
  const auto now = Clock::now();
  std::string_view rest{buffer_.data(), static_cast<std::size_t>(got)};
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (const auto payload = read_payload(line)) {
      tally().arrived(member, *payload, now);
    } else if (!seat.ready && line == "OK") {
      seat.ready = true;
      ++ready_;
    }
  }
}

void TextMembers::lose(double share) {
  for (const Seat& seat : seats_) seat.socket.lose(share);
}

void TextMembers::take_runs() {
  const int on = 1;
  for (const Seat& seat : seats_) {
    (void)::setsockopt(seat.socket.fd(), IPPROTO_UDP, UDP_GRO, &on, sizeof on);
  }
}

}  // namespace chatd::bench
