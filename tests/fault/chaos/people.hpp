// SPDX-License-Identifier: GPL-3.0-or-later
// people.hpp — the members of a room in trouble: they talk, and write down what they see.
//
// Runs in:   chaos.
// Owns:      a socket and a client each, the network's weather between them and the server, and
//            the history of the round. Native members n0, n1, ... stay; text members t0, ...
//            too; guests g0, ... come and go.
// Invariant: all that is random comes from the seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "client/member.hpp"
#include "tests/fault/chaos/history.hpp"
#include "tests/support/network_weather.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class People {
 public:
  static constexpr NetworkWeather kGoodWeather{.least_delay = Micros{0}, .most_delay = Micros{0}};

  struct Options {
    Endpoint server;
    std::size_t natives{};
    std::size_t texts{};
    std::uint64_t seed{};
  };
  explicit People(const Options& options);

  // Everybody comes in. False: not in time.
  [[nodiscard]] bool enter();
  // From here on another history; everybody has heard the same end of the last one.
  void begin_round();
  // Moves what is there and due, and lets people talk, until then.
  void run_until(MonoTime end);
  // Good weather, nobody sleeps, the guests go; then everybody hears one last line. What went
  // wrong; empty: nothing.
  [[nodiscard]] std::string settle();
  [[nodiscard]] const History& history() const noexcept { return history_; }
  void announced(const std::string& text, bool is_confirmed) {
    history_.announced(text, is_confirmed);
  }

  // Troubles of one of the native members that stay.
  [[nodiscard]] std::size_t natives() const noexcept { return options_.natives; }
  void set_weather(const NetworkWeather& weather) { weather_ = weather; }
  void move(std::size_t native);                      // another address
  void die(std::size_t native, Micros back_after);    // and the same user starts another client
  void go_home(std::size_t native);                   // says goodbye, and comes back
  void fall_asleep(std::size_t native, Micros time);  // as a closed laptop
  void flood_with_letters(std::size_t native, std::size_t letters);  // from all others
  void invite(std::size_t guests);  // there may be no place for them
  void send_guests_home();

  struct Figures {
    std::uint64_t said{0};
    std::uint64_t heard{0};    // by native members
    std::uint64_t refused{0};  // letters, mostly
    std::uint64_t clients{0};  // that were started
    Micros longest_wait{0};    // of somebody awake for the acknowledgement
  };
  [[nodiscard]] const Figures& figures() const noexcept { return figures_; }

 private:
  static constexpr Micros kGenerous{60'000'000};
  static constexpr Micros kBetweenWords{10'000};
  static constexpr Micros kTryAgainAfter{300'000};

  struct Seat {
    std::string name;
    crypto::KeyPair identity;
    bool is_guest{false};
    UdpClient socket{};
    std::uint64_t socket_serial{};  // a number of its own for each socket
    std::optional<client::Member> member{};
    std::size_t reader{};
    bool is_leaving{false};
    MonoTime awake_at{};  // asleep until then
    MonoTime back_at{};   // without a member: when the next one starts
    std::map<std::uint64_t, MonoTime> said_at{};
  };
  struct TextSeat {
    std::string name;
    UdpClient socket{};
    std::size_t reader{};
    bool is_in{false};
  };
  struct Flying {
    std::uint64_t socket_serial;
    bool to_server;
    std::vector<std::byte> bytes;
  };

  void add_seat(std::string name, bool is_guest);
  void renew_socket(Seat& seat);
  void start_client(Seat& seat);
  void pump(Micros patience);
  void work(std::size_t seat);
  void send_all(std::size_t seat);
  void receive(std::size_t seat);
  void receive_text(TextSeat& seat);
  void take_events(Seat& seat);
  void on_event(Seat& seat, const client::Event& event);
  void on_end(Seat& seat, const client::Event& event);
  void fly(std::size_t seat, bool to_server, std::span<const std::byte> bytes);
  void land();
  void wait(Micros patience);
  void talk();
  void say_something(Seat& seat);
  bool pump_until(const std::function<bool()>& holds, Micros patience);
  [[nodiscard]] bool is_awake(const Seat& seat) const { return now_ >= seat.awake_at; }
  [[nodiscard]] bool everybody_is_in() const;
  bool exchange_last_letters();
  [[nodiscard]] std::string who_waits() const;
  [[nodiscard]] double draw() { return std::uniform_real_distribution<double>{0, 1}(random_); }

  Options options_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<TextSeat> texts_;
  std::multimap<MonoTime, Flying> flying_;
  NetworkWeather weather_{kGoodWeather};
  History history_;
  Figures figures_;
  MonoTime now_{};
  MonoTime next_word_{};
  std::uint64_t words_{0};
  std::size_t guests_{0};
  std::uint64_t sockets_{0};
  std::vector<std::byte> datagram_;
  std::vector<std::byte> buffer_;
};

}  // namespace chatd::test
