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
// Number of logins in progress at once. The receive buffer of the Python server has space for no
// more, and those of the members for no more notices.
constexpr std::size_t kAtOnce = 16;

}  // namespace

TextMembers::TextMembers(const MembersOptions& options) : Members{options}, buffer_(kReadBytes) {
  clients_.resize(options.all());
  for (std::size_t i = 0; i < clients_.size(); ++i) poller_.watch(clients_[i].socket.fd(), i);
}

bool TextMembers::enter(std::chrono::seconds timeout) {
  const auto log_in = [this](std::size_t i) {
    clients_[i].socket.send(options().server, "L m" + std::to_string(i));
  };
  return enter_in_turn(kAtOnce, ready_, log_in, timeout);
}

void TextMembers::publish(const Payload& payload) {
  char line[2 + kPayloadBytes] = {'C', ' '};
  write_payload(line + 2, payload);
  clients_[payload.publisher].socket.send(options().server, {line, sizeof line});
}

void TextMembers::pump(Clock::time_point until) {
  for (const auto& event : poller_.wait(until)) read(event.data.u64);
}

void TextMembers::read(std::size_t member) {
  Client& client = clients_[member];
  const ssize_t got = ::recv(client.socket.fd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got < 0) return;
  const auto now = Clock::now();
  std::string_view rest{buffer_.data(), static_cast<std::size_t>(got)};
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (const auto payload = read_payload(line)) {
      tally().arrived(member, *payload, now);
    } else if (!client.ready && line == "OK") {
      client.ready = true;
      ++ready_;
    }
  }
}

void TextMembers::lose(double share) {
  for (const Client& client : clients_) client.socket.lose(share);
}

void TextMembers::take_runs() {
  const int on = 1;
  for (const Client& client : clients_) {
    (void)::setsockopt(client.socket.fd(), IPPROTO_UDP, UDP_GRO, &on, sizeof on);
  }
}

}  // namespace chatd::bench
