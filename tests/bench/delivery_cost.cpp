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

// Ten native members, which send all their messages in a further room. `others` more members are in
// the default room only.
class RoomRun {
 public:
  explicit RoomRun(std::size_t others)
      : world_{1, config(), 0, static_cast<std::uint32_t>(others + kMembers)} {
    for (std::size_t i = 0; i < others; ++i) (void)world_.enter(fmt::format("o{}", i));
    for (std::size_t i = 0; i < kRoomMembers; ++i) {
      NativeWorld::Seat& seat = world_.enter(name_of(i));
      members_.push_back(&seat);
      const client::Message enter = i == 0 ? client::Message{client::MakeRoom{.name = kRoom}}
                                           : client::Message{client::JoinRoom{.name = kRoom}};
      (void)seat.member.send(enter, world_.now());
      const auto is_in = [&] { return test::has<client::RoomJoined>(seat.events); };
      check(world_.run_until(is_in), "a member does not join the room");
    }
    world_.run_for(std::chrono::seconds{1});
  }
  void paced(std::size_t messages) {
    for (std::size_t i = 0; i < messages; ++i) say(i % kRoomMembers);
  }
  // A member sends kBurst messages in one packet, so one pass of the worker delivers all of them.
  void saturated(std::size_t messages) {
    for (std::size_t i = 0; i < messages; i += kBurst) {
      for (std::size_t k = 1; k < kBurst; ++k) {
        (void)members_[0]->member.send(client::Say{.text = kText, .room = kRoom}, world_.now());
      }
      say(0);
    }
  }
  [[nodiscard]] std::size_t deliveries() {
    world_.run_for(std::chrono::seconds{1});
    return deliveries_in(kRoom, members_);
  }
  [[nodiscard]] static std::size_t expected(std::size_t messages) {
    return messages * kRoomMembers;
  }

 private:
  static constexpr std::size_t kRoomMembers = 10;
  static inline const std::string kRoom{"lab"};

  static config::Config config() {
    config::Config config = NativeWorld::quick_config();
    config.limits.sessions_per_address = 0;
    return config;
  }

  void say(std::size_t member) {
    (void)members_[member]->member.send(client::Say{.text = kText, .room = kRoom}, world_.now());
    world_.run_for(kPause);
  }

  NativeWorld world_;
  std::vector<NativeWorld::Seat*> members_;
};

template <class Run>
void run(std::string_view load, std::size_t messages, auto... options) {
  Run run{options...};
  load == "paced" ? run.paced(messages) : run.saturated(messages);
  const std::size_t deliveries = run.deliveries();
  check(deliveries == Run::expected(messages), "a message was lost or repeated");
  fmt::print("{}\n", deliveries);
}

int run_all(std::span<char* const> arguments) {
  const std::string_view kind{arguments.size() < 2 ? "" : arguments[1]};
  check(arguments.size() == (kind == "room" ? 5U : 4U),
        "usage: delivery_cost text|native paced|saturated MESSAGES\n"
        "       delivery_cost room paced|saturated MESSAGES OTHERS");
  const std::string_view load{arguments[2]};
  const std::size_t messages = std::strtoul(arguments[3], nullptr, 10) / kBurst * kBurst;
  if (kind == "text") {
    run<TextRun>(load, messages);
  } else if (kind == "room") {
    run<RoomRun>(load, messages, std::strtoul(arguments[4], nullptr, 10));
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
