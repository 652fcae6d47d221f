// SPDX-License-Identifier: GPL-3.0-or-later
// native_world.hpp — the server's parts and any number of members in one process, under a
// simulated clock, with a network between them that loses, repeats, delays and reorders.
//
// Runs in:   test programs.
// Owns:      everything. What the server sends goes over real loopback sockets, since that is
//            what it has, and is taken from there at once; the simulated network comes then.
// Invariant: the same seed gives the same world. Nothing waits for a real clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "client/member.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/gateway/text_service.hpp"
#include "daemon/worker/fan_out.hpp"
#include "tests/support/network_weather.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class NativeWorld {
 public:
  // `first_offset`, a multiple of 8: as much was said before.
  explicit NativeWorld(std::uint64_t seed, config::Config config = quick_config(),
                       std::uint64_t first_offset = 0, std::uint32_t sessions = 64);
  static config::Config quick_config();  // without a limit on how fast members talk
  struct Seat {
    UdpClient socket;
    client::Member member;
    std::vector<client::Event> events;
    std::vector<std::string> lines;  // what was said, "name: text"
    std::uint64_t bytes_sent{0};
    std::uint64_t bytes_received{0};
    std::uint64_t idle_ticks{0};  // a deadline came and nothing was to be done
    // Stopped, as a process or a laptop is: no timer runs, what comes in waits in its socket.
    bool asleep{false};
  };
  struct Newcomer {
    std::string name;
    std::optional<crypto::KeyPair> identity{};
    std::optional<std::string> password{};
    bool trusts{true};
  };
  Seat& add(Newcomer who);
  void start(Seat& seat) { seat.member.start(now()); }
  Seat& enter(std::string_view name);                // added, started, and in
  chat::Slot begin_to_enter(std::string_view name);  // in the table, without keys yet

  // Lets time pass until it holds, at most for so long. False: it never did.
  bool run_until(const std::function<bool()>& holds, Micros most = std::chrono::seconds{60});
  void run_for(Micros time);
  [[nodiscard]] bool saw(const Seat& seat, client::Event::Kind kind) const;

  void move(Seat& seat);  // another socket: another address
  // The gateway, or the worker, is killed and has a successor.
  void replace_gateway();
  // All of the service, which lives on in memory that `move` fills from the old one's.
  using Move = std::function<void(const state::StateView& from, const state::KeyTable& from_keys,
                                  const state::StateView& to, const state::KeyTable& to_keys)>;
  void replace_service(const state::Geometry& geometry, const Move& move);
  void limit_to(const config::Config::Limits& limits) {  // as a reload does
    config_.limits = limits;
    replace_gateway();
  }
  void replace_worker();

  // A packet sealed as if it were the member's, which is heard no more: its counter is newer.
  void forge(const Seat& seat, std::string_view name, std::span<const wire::Frame> frames);
  // With any bytes for frames; towards the member as if the server had sealed them.
  void forge(const Seat& seat, std::string_view name, std::span<const std::byte> plain);
  void forge_to(Seat& seat, std::string_view name, std::span<const std::byte> plain);
  std::optional<Endpoint> forged_from;  // by forge(), instead of the seat's own address
  // As if it had come from there.
  void inject(std::span<const std::byte> datagram, const Endpoint& from);
  [[nodiscard]] std::uint64_t figure(state::Counter state::GatewayCounters::*counter) const {
    return (view().counters().*counter).load();
  }
  [[nodiscard]] const state::StateView& view() const { return region_->state_; }
  [[nodiscard]] gateway::GatewayLog& gateway_log() { return log_; }
  [[nodiscard]] chat::Room& room() { return *room_; }
  [[nodiscard]] const chat::Room& room() const { return *room_; }
  [[nodiscard]] chat::NativeRoom& natives() { return *natives_; }
  [[nodiscard]] gateway::NativeService& service() { return *service_; }
  [[nodiscard]] state::KeyTable& keys() { return region_->keys_; }
  [[nodiscard]] const crypto::KeyPair& identity() const { return identity_; }
  [[nodiscard]] MonoTime now() const { return MonoTime{time_}; }
  [[nodiscard]] chat::Now server_now() const { return {.mono = now(), .wall = WallTime{time_}}; }

  std::optional<std::string> password;  // of the room; the gateways that come after know it
  NetworkWeather weather{};
  std::function<void(std::span<const std::byte>, bool to_server)> on_datagram;  // sees all first
  std::function<void(std::vector<std::byte>&)> tamper;  // changes it; an empty one is lost

 private:
  struct Region : StateFixture {
    explicit Region(const state::Geometry& geometry) : StateFixture{geometry} {}
    void TestBody() override {}
    using StateFixture::key_region_;
    using StateFixture::keys_;
    using StateFixture::region_;
    using StateFixture::state_;
  };
  struct Flying {
    Seat* seat;
    bool to_server;
    std::vector<std::byte> bytes;
    Endpoint from;
  };
  [[nodiscard]] std::vector<std::byte> sealed(chat::Slot slot, const crypto::Key& key,
                                              std::uint64_t counter,
                                              std::span<const std::byte> plain) const;
  void fly(Seat& seat, bool to_server, std::span<const std::byte> bytes);
  void collect();
  void deliver(const Flying& flying);
  void server_work();
  [[nodiscard]] Micros next_moment() const;
  void step(Micros end);
  std::vector<std::byte> bytes_of(std::size_t count);

  std::mt19937_64 random_;
  config::Config config_;
  std::unique_ptr<Region> region_;
  crypto::KeyPair identity_;
  UniqueFd server_;
  std::vector<int> sockets_;
  std::optional<chat::Room> room_;
  std::optional<chat::NativeRoom> natives_;
  gateway::GatewayLog log_;
  std::optional<gateway::UnauthenticatedLimits> unauthenticated_;
  std::optional<gateway::TextService> text_;
  std::optional<gateway::NativeService> service_;
  std::optional<worker::FanOut> worker_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<UdpClient> left_behind_;
  std::multimap<Micros, Flying> flying_;
  Micros time_{std::chrono::seconds{1000}};
  Micros next_tick_{};
  MonoTime worker_at_{MonoTime::max()};
};

}  // namespace chatd::test
