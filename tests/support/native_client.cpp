// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/native_client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "common/crypto/random.hpp"
#include "tests/support/native_crowd.hpp"

namespace chatd::test {

namespace {

constexpr std::chrono::seconds kGenerous{60};

}  // namespace

NativeClient::NativeClient(const Endpoint& server, Options options)
    : server_{server},
      identity_{options.identity ? *options.identity : crypto::generate_key_pair().value()},
      member_{{.name = options.name,
               .identity = identity_,
               .is_trusted = [](const client::ServerProof&) { return true; },
               .random = [](std::span<std::byte> out) { crypto::fill_random(out); },
               .code = options.code,
               .wants_replay = options.wants_replay,
               .is_brief = options.is_brief,
               .wants_saved = options.wants_saved}} {}

void NativeClient::flush() {
  std::vector<std::byte> datagram;
  while (member_.next_datagram(datagram, mono_now())) {
    socket_.send(server_, {reinterpret_cast<const char*>(datagram.data()), datagram.size()});
  }
}

void NativeClient::take_events() {
  while (auto event = member_.next_event()) {
    if (const auto* line = std::get_if<client::Line>(&*event)) lines_.push_back(line_of(*line));
    events_.push_back(std::move(*event));
  }
}

void NativeClient::pump(std::chrono::milliseconds timeout) {
  member_.tick(mono_now());
  flush();
  const auto until_deadline = std::chrono::ceil<std::chrono::milliseconds>(
      std::clamp<Micros>(member_.deadline() - mono_now(), Micros{0}, Micros{timeout}));
  pollfd waiting{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, static_cast<int>(until_deadline.count())) > 0) {
    std::array<std::byte, 65536> buffer;
    for (;;) {
      const ssize_t got = ::recv(socket_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got < 0) break;
      member_.receive(std::span{buffer}.first(static_cast<std::size_t>(got)), mono_now());
    }
  }
  member_.tick(mono_now());
  flush();
  take_events();
}

void NativeClient::pump_until(const std::function<bool()>& holds) {
  const MonoTime deadline = mono_now() + kGenerous;
  while (!holds()) {
    if (mono_now() > deadline) throw std::runtime_error{"the native client waited in vain"};
    pump(std::chrono::milliseconds{20});
  }
}

void NativeClient::enter() {
  member_.start(mono_now());
  pump_until([this] { return member_.is_joined() || member_.has_ended(); });
  if (!member_.is_joined()) throw std::runtime_error{"the native client was not let in"};
}

void NativeClient::await_line(std::string_view line) {
  pump_until([&] { return std::ranges::find(lines_, line) != lines_.end(); });
}

void NativeClient::say(std::string_view text) {
  const std::uint64_t number = member_.say(text, mono_now());
  pump_until([&] {
    return std::ranges::count(events_of<client::Confirmed>(events_), number,
                              &client::Confirmed::number) > 0;
  });
}

void NativeClient::move(std::string_view address) {
  socket_ = UdpClient{address};
  member_.path_changed(mono_now());
}

void NativeClient::lose(double share) { socket_.lose(share); }

}  // namespace chatd::test
