// SPDX-License-Identifier: GPL-3.0-or-later
// delivery_cost.cpp — a fixed run of a gateway, a worker and their members in one process, under a
// simulated clock. delivery_cost.py counts the server's instructions and system calls in it. See
// README.md in this folder.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tests/support/native_world.hpp"

namespace chatd::bench {
namespace {

using test::NativeWorld;

constexpr std::size_t kMembers = 50;
constexpr std::size_t kBurst = 16;  // saturated: messages for one pass of the worker
const std::string kText(64, 'x');

std::string name_of(std::size_t member) { return fmt::format("m{}", member); }

// Ends the run: a server that loses a message has no cost of a delivery.
void check(bool holds, std::string_view what) {
  if (holds) return;
  fmt::print(stderr, "delivery_cost: {}\n", what);
  std::exit(EXIT_FAILURE);
}

// Members of the text protocol. A member does not receive its own messages.
class TextRun {
 public:
  TextRun() {
    for (std::size_t i = 0; i < kMembers; ++i) {
      members_.push_back(std::make_unique<test::UdpClient>());
      send(i, "L " + name_of(i));
    }
    receive_all();
  }
  // Each message is a datagram, and one pass of the worker sends it.
  void paced(std::size_t messages) {
    for (std::size_t i = 0; i < messages; ++i) {
      send(i % kMembers, "C " + kText);
      receive_all();
    }
  }
  void saturated(std::size_t messages) {
    for (std::size_t i = 0; i < messages; i += kBurst) {
      for (std::size_t k = 1; k < kBurst; ++k) {
        const auto slot = world_.sessions().find_name(name_of(k)).value();
        (void)world_.chat().text.say(slot, kText, world_.server_now());
      }
      send(0, "C " + kText);
      receive_all();
    }
  }
  [[nodiscard]] std::size_t deliveries() const { return deliveries_; }
  [[nodiscard]] static std::size_t expected(std::size_t messages) {
    return messages * (kMembers - 1);
  }

 private:
  void send(std::size_t member, std::string_view datagram) {
    world_.inject(std::as_bytes(std::span{datagram}), members_[member]->endpoint());
  }
  void receive_all() {
    std::array<char, 65536> buffer;
    for (const auto& member : members_) {
      for (;;) {
        const ssize_t got = ::recv(member->fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got < 0) break;
        count({buffer.data(), static_cast<std::size_t>(got)});
      }
    }
  }
  void count(std::string_view datagram) {
    for (auto at = datagram.find(kText); at != datagram.npos; at = datagram.find(kText, at + 1)) {
      ++deliveries_;
    }
  }

  NativeWorld world_{1};
  std::vector<std::unique_ptr<test::UdpClient>> members_;
  std::size_t deliveries_{0};
};

constexpr Micros kPause{20'000};  // simulated time after each message, and after each burst

// The number of lines with kText that `members` received in `room`; "" is the default room.
std::size_t deliveries_in(std::string_view room, std::span<NativeWorld::Seat* const> members) {
  std::size_t count = 0;
  for (const NativeWorld::Seat* member : members) {
    count += static_cast<std::size_t>(std::ranges::count_if(
        test::events_of<client::Line>(member->events),
        [&](const auto& line) { return line.text == kText && line.room.name == room; }));
  }
  return count;
}

// Members of the native protocol. A member receives its own messages, too.
class NativeRun {
 public:
  NativeRun() {
    for (std::size_t i = 0; i < kMembers; ++i) members_.push_back(&world_.enter(name_of(i)));
    world_.run_for(std::chrono::seconds{1});
  }
  void paced(std::size_t messages) {
    for (std::size_t i = 0; i < messages; ++i) {
      members_[i % kMembers]->member.say(kText, world_.now());
      world_.run_for(kPause);
    }
  }
  // The records are appended without their packets, so that one pass has all of them.
  void saturated(std::size_t messages) {
    for (std::size_t i = 0; i < messages; i += kBurst) {
      for (std::size_t k = 1; k < kBurst; ++k) {
        (void)world_.chat().commands.announce(kText, world_.server_now());
      }
      members_[0]->member.say(kText, world_.now());
      world_.run_for(kPause);
    }
  }
  [[nodiscard]] std::size_t deliveries() {
    world_.run_for(std::chrono::seconds{1});
    return deliveries_in("", members_);
  }
  [[nodiscard]] static std::size_t expected(std::size_t messages) { return messages * kMembers; }

 private:
  NativeWorld world_{1};
  std::vector<NativeWorld::Seat*> members_;
};

// Native members in `rooms` further rooms of ten members each. Each room has as many messages as
// one room alone. `others` more members are in the default room only.
class RoomRun {
 public:
  RoomRun(std::size_t rooms, std::size_t others)
      : world_{1, config(), 0, static_cast<std::uint32_t>(rooms * kRoomMembers + others),
               static_cast<std::uint32_t>(2 * rooms)} {
    world_.checks_windows = false;
    const std::vector<NativeWorld::Seat*> quiet = enter("o", others);
    rooms_.resize(rooms);
    for (std::size_t i = 0; i < kRoomMembers; ++i) {
      const auto some = enter(fmt::format("m{}-", i), rooms);
      for (std::size_t room = 0; room < rooms; ++room) rooms_[room].push_back(some[room]);
      join(some, i == 0);
    }
    world_.run_for(std::chrono::seconds{10});  // they are told how many have joined
    // Members without messages need no turn: with thousands of them, the run would take hours.
    for (NativeWorld::Seat* seat : quiet) seat->asleep = true;
  }
  void paced(std::size_t messages) {
    for (std::size_t i = 0; i < messages; ++i) {
      in_each_room([&](std::size_t room) { say(room, i % kRoomMembers); });
    }
  }
  // A member sends kBurst messages in one packet, so one pass of the worker delivers all of them.
  void saturated(std::size_t messages) {
    for (std::size_t i = 0; i < messages; i += kBurst) {
      in_each_room([&](std::size_t room) {
        for (std::size_t k = 0; k < kBurst; ++k) say(room, 0);
      });
    }
  }
  [[nodiscard]] std::size_t deliveries() {
    world_.run_for(std::chrono::seconds{1});
    std::size_t count = 0;
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
      count += deliveries_in(name_of_room(i), rooms_[i]);
    }
    return count;
  }
  [[nodiscard]] std::size_t expected(std::size_t messages) const {
    return messages * rooms_.size() * kRoomMembers;
  }

 private:
  static constexpr std::size_t kRoomMembers = 10;

  static config::Config config() {
    config::Config config = NativeWorld::quick_config();
    config.limits.sessions_per_address = 0;
    config.limits.rooms_per_address = 0;
    config.limits.unauthenticated_per_second = 0;
    return config;
  }
  static std::string name_of_room(std::size_t room) { return fmt::format("lab{}", room); }

  // `count` members that log in at the same time.
  std::vector<NativeWorld::Seat*> enter(std::string_view prefix, std::size_t count) {
    std::vector<NativeWorld::Seat*> seats;
    for (std::size_t i = 0; i < count; ++i) {
      seats.push_back(&world_.add({.name = fmt::format("{}{}", prefix, i)}));
      world_.start(*seats.back());
    }
    const auto is_in = [](const NativeWorld::Seat* seat) { return seat->member.is_joined(); };
    check(world_.run_until([&] { return std::ranges::all_of(seats, is_in); }),
          "not all members log in");
    return seats;
  }
  // Each of the members joins the room with its index, or makes it.
  void join(const std::vector<NativeWorld::Seat*>& seats, bool makes) {
    for (std::size_t room = 0; room < seats.size(); ++room) {
      const std::string name = name_of_room(room);
      const client::Message message = makes ? client::Message{client::MakeRoom{.name = name}}
                                            : client::Message{client::JoinRoom{.name = name}};
      (void)seats[room]->member.send(message, world_.now());
    }
    const auto is_in = [](const NativeWorld::Seat* seat) {
      return test::has<client::RoomJoined>(seat->events);
    };
    check(world_.run_until([&] { return std::ranges::all_of(seats, is_in); }),
          "a member does not join its room");
  }
  // Each room has a turn in kPause, whatever their number is.
  template <class Turn>
  void in_each_room(Turn turn) {
    for (std::size_t room = 0; room < rooms_.size(); ++room) {
      turn(room);
      world_.run_for(kPause / static_cast<int>(rooms_.size()));
    }
  }
  void say(std::size_t room, std::size_t member) {
    (void)rooms_[room][member]->member.send(client::Say{.text = kText, .room = name_of_room(room)},
                                            world_.now());
  }

  NativeWorld world_;
  std::vector<std::vector<NativeWorld::Seat*>> rooms_;  // the members of each
};

template <class Run>
void run(std::string_view load, std::size_t messages, auto... options) {
  Run run{options...};
  load == "paced" ? run.paced(messages) : run.saturated(messages);
  const std::size_t deliveries = run.deliveries();
  check(deliveries == run.expected(messages), "a message was lost or repeated");
  fmt::print("{}\n", deliveries);
}

int run_all(std::span<char* const> arguments) {
  const std::string_view kind{arguments.size() < 2 ? "" : arguments[1]};
  check(arguments.size() == (kind == "rooms" ? 6U : 4U),
        "usage: delivery_cost text|native paced|saturated MESSAGES\n"
        "       delivery_cost rooms paced|saturated MESSAGES ROOMS OTHERS");
  const std::string_view load{arguments[2]};
  const std::size_t messages = std::strtoul(arguments[3], nullptr, 10) / kBurst * kBurst;
  if (kind == "text") {
    run<TextRun>(load, messages);
  } else if (kind == "rooms") {
    const auto number = [&](std::size_t at) { return std::strtoul(arguments[at], nullptr, 10); };
    run<RoomRun>(load, messages, number(4), number(5));
  } else {
    run<NativeRun>(load, messages);
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  return chatd::bench::run_all({argv, static_cast<std::size_t>(argc)});
}
