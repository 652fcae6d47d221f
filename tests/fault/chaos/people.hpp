// SPDX-License-Identifier: GPL-3.0-or-later
// people.hpp — simulated users of the chaos test: they send messages and record in a history what
// they send and receive.
//
// Runs in:   chaos.
// Owns:      a socket and a client for each user, the simulated network (weather) between them and
//            the server, and the history of the round. Native members n0, n1, ..., some with two
//            programs, and text members run all the time; native guests log in for a part of it.
//            Every second native member owns its name, n0 first. The first members (permanent())
//            make the further rooms r0, r1, ... and never leave them; the others join and leave
//            them, and make temporary ones. All of them change rooms, if they may.
// Invariant: all random numbers come from the seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "tests/fault/chaos/history.hpp"
#include "tests/fault/chaos/names_check.hpp"
#include "tests/fault/chaos/user.hpp"
#include "tests/support/network_weather.hpp"

namespace chatd::test {

class People {
 public:
  static constexpr NetworkWeather kGoodWeather{.least_delay = Micros{0}, .most_delay = Micros{0}};
  using Options = PeopleOptions;
  static constexpr std::size_t kMaxRooms = 48;  // 2 permanent users or more; a member has <= 31
  explicit People(const Options& options);
  // Logs all users in. False: not within the time limit.
  [[nodiscard]] bool enter();
  // Begins a new history. All users have received the same last line of the one before.
  void begin_round();
  // Sends and receives until `end`; users talk, unless `talks` is false.
  void run_until(MonoTime end, bool talks = true);
  // Ends the round in good weather, without guests: waits until all users have received a last
  // line. Returns a description of what failed; empty: nothing.
  [[nodiscard]] std::string settle();
  [[nodiscard]] const History& history() const noexcept { return history_; }
  using RoomHistories = std::map<std::string, History, std::less<>>;  // by lasting_name()
  [[nodiscard]] const RoomHistories& rooms() const noexcept { return rooms_; }
  // Of a room in rooms(), as the member that made it knows it; the name at the moment.
  [[nodiscard]] RoomRules rules(std::string_view room) const;
  [[nodiscard]] std::string name_of(std::string_view room) const;
  // Of a room in rooms(), or of the default room: "".
  [[nodiscard]] History& history_of(std::string_view room) {
    return room.empty() ? history_ : rooms_.find(room)->second;
  }

  // Faults. `program` is the index of a program that is not that of a guest; the first natives()
  // indices are those of the first programs of the native members.
  [[nodiscard]] const User& user(std::size_t program) const { return *users_[program]; }
  [[nodiscard]] std::size_t natives() const noexcept { return options_.natives; }
  [[nodiscard]] std::size_t programs() const { return options_.natives + options_.two_programs; }
  void set_weather(const NetworkWeather& weather) { weather_ = weather; }
  void move(std::size_t program);                         // to another source address
  void crash(std::size_t program, Micros restart_after);  // the user starts another client later
  void leave_and_return(std::size_t program, Micros stays_away = {});
  [[nodiscard]] bool end_another(std::size_t program);  // false: it is not in
  // Chooses a temporary room of it. The room's end is not reported from now on. "": there is none.
  [[nodiscard]] std::string expect_drop(std::size_t program);
  void suspend(std::size_t program, Micros time);  // neither sends nor receives
  // Tries so often to send it a direct message, whose text is a little longer than `bytes`, from a
  // random other member. Nothing is sent by a member that is not in.
  void write_to(std::size_t native, std::size_t count, std::size_t bytes);
  void add_guests(std::size_t guests);            // the room may be full
  void add_guest_under(const std::string& name);  // it logs in under the name of another user
  void remove_guests();
  [[nodiscard]] static bool owns_name(std::size_t native) { return native % 2 == 0; }
  [[nodiscard]] OwnedNames owned_names() const;
  [[nodiscard]] const Figures& figures() const noexcept { return figures_; }

 private:
  static constexpr Micros kTimeout = std::chrono::seconds{60};  // of a step of enter(), settle()
  static constexpr std::chrono::milliseconds kMessageInterval{10};  // of all users together

  void add_user(User user, Micros start_after = {});
  void start_client(User& user);
  void pump(Micros time_limit);
  void work(std::size_t user);
  void send_all(std::size_t user);
  void receive(std::size_t user);
  void receive_text(TextUser& user);
  void take_events(User& user);
  void on_event(User& user, const client::Event& event);
  void on_programs(User& user, const client::ProgramList& list);
  void on_end(User& user, const client::Ended& ended);
  void on_line(User& user, const client::Line& line);
  void on_confirmed(User& user, const client::Confirmed& confirmed);
  void on_refused(User& user, const client::Refused& refused);
  void enter_rooms(User& user);
  void on_room_joined(User& user, const client::RoomJoined& joined);
  void on_room_line(const std::string& room, Membership& membership, const Heard& heard,
                    bool is_replay);
  void on_room_left(User& user, const client::RoomLeft& left);
  void end_client(User& user, bool is_by_server = false);  // it was killed, or has ended
  void act_in_rooms(User& user);
  void join_or_leave(User& user);
  void change_a_room();
  void change_room(User& user, const Membership& membership);
  [[nodiscard]] std::size_t maker_of(std::string_view room) const;
  [[nodiscard]] std::size_t permanent() const;  // number of users that never leave a room
  [[nodiscard]] std::string finish_rooms();
  void transmit(std::size_t user, bool to_server, std::span<const std::byte> bytes);
  void deliver_due();
  void wait(Micros time_limit);
  void talk();
  void say_something(User& user);
  // Sends a message or a change, and records it in the history of its room. Returns its number.
  std::uint64_t send(User& user, const client::Message& message, History::Sent sent);
  bool pump_until(const std::function<bool()>& holds, Micros time_limit);
  [[nodiscard]] bool is_awake(const User& user) const { return now_ >= user.awake_at; }
  [[nodiscard]] bool can_talk(const User& user) const;
  [[nodiscard]] bool all_joined() const;
  bool exchange_last_direct_messages();
  bool end_dead_programs(const std::function<bool()>& is_settled);
  [[nodiscard]] std::string describe_members() const;
  [[nodiscard]] double draw() { return std::uniform_real_distribution<double>{0, 1}(random_); }

  Options options_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<User>> users_;
  std::vector<TextUser> texts_;
  std::multimap<MonoTime, Datagram> in_flight_;
  NetworkWeather weather_{kGoodWeather};
  History history_;
  RoomHistories rooms_;
  Figures figures_;
  RateLimit changes_{0.15, 8};  // of each member; below the limit of the server
  MonoTime now_{};
  MonoTime next_message_at_{};
  std::uint64_t serial_{0};
  std::uint64_t sockets_{0};
  std::vector<std::byte> buffer_;
};

}  // namespace chatd::test
