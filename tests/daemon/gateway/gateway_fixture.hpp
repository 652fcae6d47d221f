// SPDX-License-Identifier: GPL-3.0-or-later
// gateway_fixture.hpp — the text service behind a real socket, without an event loop.
//
// Runs in:   test programs.
#pragma once

#include <poll.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/udp_socket.hpp"
#include "daemon/gateway/text_service.hpp"
#include "daemon/worker/fan_out.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::gateway {

// Discards log messages.
class NullSink final : public LogSink {
 public:
  void write(const LogRecord& /*record*/) noexcept override {}
};

class GatewayFixture : public test::StateFixture {
 protected:
  explicit GatewayFixture(state::Geometry geometry = {.sessions = 70, .ring_bytes = 65536})
      : StateFixture{geometry} {
    set_log_sink(std::make_unique<NullSink>());
    config_.limits.messages_per_second = 0;
  }
  ~GatewayFixture() override { set_log_sink(nullptr); }

  // Created at first use, so that a test can change the configuration before.
  chat::Chat& chat() {
    make();
    return *chat_;
  }
  chat::Sessions& sessions() { return chat().sessions; }
  TextService& text() {
    make();
    return *text_;
  }
  // Replaces the gateway by a new one on the same state region.
  void take_over() {
    text_.reset();
    chat_.reset();
    make();
  }

  chat::Now now() const { return {.mono = test::mono_at(time_), .wall = test::wall_at(time_)}; }
  void wait(std::chrono::microseconds time) { time_ += time; }

  // Sends a datagram and passes it to the service, as the event loop does.
  void send(test::UdpClient& client, std::string_view bytes) {
    client.send(server_endpoint_, bytes);
    pump();
  }
  void pump() {
    pollfd waiting{.fd = server_.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, 10'000), 1);
    for (const auto& datagram : reader_.receive(server_.get())) {
      text().handle(datagram, 0, {}, now());
    }
    text().finish();
  }
  std::string ask(test::UdpClient& client, std::string_view bytes) {
    send(client, bytes);
    return client.next();
  }
  void enter(test::UdpClient& client, std::string_view name) {
    EXPECT_EQ(ask(client, "L " + std::string{name}), "OK");
  }
  // The lines of the room that a worker sends to that client.
  std::vector<std::string> lines(test::UdpClient& client) {
    make();
    while (worker_->pass({}).more) {
    }
    return client.drain_lines();
  }
  std::uint64_t figure(state::Counter state::GatewayCounters::*counter) const {
    return (state_.counters().*counter).load();
  }

  config::Config config_;
  wire::Language language_{wire::Language::en};
  std::chrono::microseconds time_{std::chrono::seconds{100}};
  UniqueFd server_{io::open_udp_socket(test::endpoint("127.0.0.1:0")).value()};
  Endpoint server_endpoint_{io::local_endpoint(server_.get()).value()};
  std::vector<int> sockets_{server_.get()};
  GatewayLog log_;
  test::UdpClient ada_;
  test::UdpClient bob_;

 private:
  void make() {
    if (text_) return;
    chat_.emplace(state_, config_, chat::Persons{crypto::SecretKey{}}, 42);
    unauthenticated_.emplace(config_.limits.unauthenticated_per_second, 42, state_.counters(),
                             log_.floods);
    text_.emplace(*chat_, state_, config_, sockets_, language_, *unauthenticated_, log_);
    text_->finish_adoption(chat_->adopt(now()));
    if (!worker_) worker_.emplace(state_, state_.process(1), keys_, sockets_, 0, 1, language_);
  }

  io::DatagramReader reader_{64, 2048};
  std::optional<chat::Chat> chat_;
  std::optional<UnauthenticatedLimits> unauthenticated_;
  std::optional<TextService> text_;
  std::optional<worker::FanOut> worker_;
};

}  // namespace chatd::gateway
