// SPDX-License-Identifier: GPL-3.0-or-later
// native_world.hpp — the server's parts and any number of members in one process, under a
// simulated clock, with a network between them that loses, repeats, delays and reorders.
//
// Runs in:   test programs.
// Owns:      everything. The server sends over real loopback sockets; the packets are received
//            there at once, and then pass the simulated network.
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

#include "client/member/member.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/gateway/text_service.hpp"
#include "daemon/worker/fan_out.hpp"
#include "tests/support/member_events.hpp"
#include "tests/support/network_weather.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class NativeWorld {
 public:
  // `first_offset`, a multiple of 8: where the room's log begins.
  explicit NativeWorld(std::uint64_t seed, config::Config config = quick_config(),
                       std::uint64_t first_offset = 0, std::uint32_t sessions = 64,
                       std::uint32_t rooms = 48);
  static config::Config quick_config();        // without a limit on how fast members talk
  static config::Config one_program_config();  // a second program takes the session
  struct Seat {
    UdpClient socket;
    client::Member member;
    std::vector<client::Event> events;
    std::vector<std::string> lines;  // the messages, "name: text"
    std::uint64_t bytes_sent{0};
    std::uint64_t bytes_received{0};
    std::uint64_t idle_ticks{0};  // a deadline came and there was nothing to do
    bool asleep{false};           // a stopped process: no timer runs, datagrams wait in the socket
  };
  struct NewMember {
    std::string name;
    std::optional<crypto::KeyPair> identity{};
    std::optional<std::string> password{};
    bool trusts{true};
    bool is_brief{false};
    bool wants_saved{false}, reads_direct{true};
    std::string code{};  // the secret of an invitation code
  };
  Seat& add(NewMember who);
  void start(Seat& seat) { seat.member.start(now()); }
  Seat& enter(std::string_view name);                // added, started, and a member
  chat::Slot begin_to_enter(std::string_view name);  // in the table, without keys yet
  // Lets time pass until `holds` is true, at most for so long. False: it never was.
  bool run_until(const std::function<bool()>& holds, Micros most = std::chrono::seconds{60});
  void run_for(Micros time);

  void move(Seat& seat);  // another socket: another address
  // The gateway, or the worker, is killed and has a successor.
  void replace_gateway();
  // The whole service is replaced; its successor's memory is filled by `move`.
  using Move = std::function<void(const state::StateView& from, const state::KeyTable& from_keys,
                                  const state::StateView& to, const state::KeyTable& to_keys)>;
  void replace_service(const state::Geometry& geometry, const Move& move);
  void limit_to(const config::Config::Limits& limits) {  // as a reload does
    config_.limits = limits;
    replace_gateway();
  }
  void replace_worker();
  void store_all();  // as an archive does

  // A packet as if sealed by the member, with a higher counter: its own packets are refused then.
  void forge(const Seat& seat, std::string_view name, std::span<const wire::Frame> frames);
  // With any bytes as frames; forge_to: to the member, as if sealed by the server.
  void forge(const Seat& seat, std::string_view name, std::span<const std::byte> plain);
  void forge_to(Seat& seat, std::string_view name, std::span<const std::byte> plain);
  std::optional<Endpoint> forged_from;  // by forge(), instead of the seat's own address
  void inject(std::span<const std::byte> datagram, const Endpoint& from);
  [[nodiscard]] std::uint64_t figure(state::Counter state::GatewayCounters::*counter) const {
    return (view().counters().*counter).load();
  }
  [[nodiscard]] const state::StateView& view() const { return region_->state_; }
  [[nodiscard]] gateway::GatewayLog& gateway_log() { return log_; }
  [[nodiscard]] chat::Chat& chat() { return *chat_; }
  [[nodiscard]] const chat::Chat& chat() const { return *chat_; }
  [[nodiscard]] chat::Sessions& sessions() { return chat_->sessions; }
  [[nodiscard]] const chat::Sessions& sessions() const { return chat_->sessions; }
  [[nodiscard]] gateway::NativeService& service() { return *service_; }
  [[nodiscard]] state::KeyTable& keys() { return region_->keys_; }
  [[nodiscard]] const crypto::KeyPair& identity() const { return identity_; }
  [[nodiscard]] MonoTime now() const { return MonoTime{time_}; }
  [[nodiscard]] chat::Now server_now() const { return {.mono = now(), .wall = WallTime{time_}}; }
  std::optional<std::string> password;  // of the room; the next gateways have it
  std::uint32_t workers{1};             // of the next gateways; only the first one runs here
  bool has_archive{true};               // the same
  NetworkWeather weather{};
  bool checks_windows{true};  // after each pass of the worker; slow with thousands of sessions
  std::function<bool(const sys::Question&)> archive;  // of the next gateways
  std::optional<gateway::MemberQuestions> questions;  // of this gateway
  std::function<void(std::span<const std::byte>, bool to_server)>
      on_datagram;                                      // sees all datagrams first
  std::function<void(std::vector<std::byte>&)> tamper;  // changes it; an empty one is lost

 private:
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
  std::unique_ptr<StandaloneRegion> region_;
  crypto::KeyPair identity_;
  UniqueFd server_;
  std::vector<int> sockets_;
  std::optional<chat::Chat> chat_;
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
