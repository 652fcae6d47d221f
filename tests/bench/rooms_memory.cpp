// SPDX-License-Identifier: GPL-3.0-or-later
// rooms_memory.cpp — measures the memory that a room without members, a member, each further room
// of a member, and a quiet room with members take. The program fails if more and more shared memory
// is used while rooms are made and dropped, if a further room of a member takes more than
// kMaxFurtherRoom, or if a quiet room takes more than kMaxQuietRoom. See README.md in this folder.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "ctl/client.hpp"
#include "tests/bench/accounts.hpp"
#include "tests/bench/server_configs.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_crowd.hpp"

namespace chatd::bench {
namespace {

constexpr std::size_t kRoomsOfAMember = 31;  // further rooms
constexpr double kMaxFurtherRoom = 200;      // bytes of shared memory
constexpr double kMaxQuietRoom = 2 * 4096;   // two pages

struct Size {
  std::size_t rooms;         // number of rooms without members that are made and dropped
  std::size_t members;       // number of members; each one is in kRoomsOfAMember further rooms
  std::size_t room_members;  // number of members in each further room
};

// Ends the program with an error if `holds` is false.
void check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "rooms_memory: " << what << '\n';
  std::exit(EXIT_FAILURE);
}

// The shared memory of all processes in bytes: the pages of the memfds that the supervisor has.
std::uint64_t shared_memory(pid_t supervisor) {
  std::uint64_t bytes = 0;
  const std::string folder = fmt::format("/proc/{}/fd", supervisor);
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    std::error_code gone;
    const std::string file = std::filesystem::read_symlink(entry.path(), gone).string();
    struct stat status {};
    if (!file.starts_with("/memfd:chatd-") || ::stat(entry.path().c_str(), &status) != 0) continue;
    bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

class RoomsMemory {
 public:
  explicit RoomsMemory(const Size& size) : size_{size} {
    crowd_.on_event = [this](std::size_t /*member*/, const client::Event& event) {
      if (std::holds_alternative<client::RoomJoined>(event)) ++joined_;
    };
  }

  void run() {
    make_and_drop();
    enter();
    join_rooms();
  }

 private:
  // Numbers of bytes.
  struct Point {
    double all;     // PSS of all processes, shared memory included
    double shared;  // shared memory
  };
  [[nodiscard]] Point measure() const {
    return {static_cast<double>(memory_of_family(daemon_.pid()).processes),
            static_cast<double>(shared_memory(daemon_.pid()))};
  }
  static Point between(const Point& before, const Point& after, std::size_t count) {
    const auto each = static_cast<double>(count);
    return {(after.all - before.all) / each, (after.shared - before.shared) / each};
  }
  static void print(std::string_view about, const Point& each) {
    fmt::print("{:<52} {:>9.0f} bytes, {:>9.0f} of them shared\n", about, each.all, each.shared);
  }

  void for_each_room(std::string_view verb) const {
    ctl::Client client{daemon_.control(), test::NativeCrowd::kGenerous};
    for (std::size_t i = 0; i < size_.rooms; ++i) {
      const auto done = client.ask({.verb = std::string{verb}, .args = {fmt::format("room{}", i)}});
      check(done.has_value(), done ? "" : done.error().message);
    }
  }

  void make_and_drop() const {
    const Point none = measure();
    for_each_room("room make");
    const Point made = measure();
    for_each_room("room drop");
    const Point dropped = measure();
    for_each_room("room make");
    for_each_room("room drop");
    const Point again = measure();
    print("a room without members", between(none, made, size_.rooms));
    print("a dropped room", between(none, dropped, size_.rooms));
    print("a dropped room, after another one was made, dropped",
          between(dropped, again, size_.rooms));
    // The row of a dropped room keeps its pages, and a later room uses the row again.
    check(dropped.shared <= made.shared, "a drop takes shared memory");
    check(again.shared <= dropped.shared, "rooms that are made later take more shared memory");
  }

  void enter() {
    const Point before = measure();
    check(crowd_.enter(), "not all members log in");
    settle();
    print("a member in the default room", between(before, measure(), size_.members));
  }

  void join_rooms() {
    const Point none = measure();
    join(0);
    const Point one = measure();
    for (std::size_t room = 1; room < kRoomsOfAMember; ++room) join(room);
    const Point all = measure();
    const Point further = between(one, all, size_.members * (kRoomsOfAMember - 1));
    // The subscriptions to these rooms are on the page of the first one.
    const std::size_t rooms = size_.members / size_.room_members * (kRoomsOfAMember - 1);
    const Point quiet = between(one, all, rooms);
    print("a member's first further room", between(none, one, size_.members));
    print(fmt::format("each other one, with its part of a room of {}", size_.room_members),
          further);
    print(fmt::format("a quiet room of {}", size_.room_members), quiet);
    check(further.shared <= kMaxFurtherRoom, "a further room takes too much shared memory");
    check(quiet.shared <= kMaxQuietRoom, "a quiet room with members takes more than two pages");
  }
  // Each group of room_members members makes and joins a room; "g2-7" is room 7 of group 2.
  void join(std::size_t room) {
    const std::size_t before = joined_;
    const auto name_of = [&](std::size_t member) {
      return fmt::format("g{}-{}", member / size_.room_members, room);
    };
    for (std::size_t i = 0; i < size_.members; i += size_.room_members) {
      crowd_.send(i, client::MakeRoom{.name = name_of(i)});
    }
    const std::size_t rooms = size_.members / size_.room_members;
    check(crowd_.pump_until([&] { return joined_ == before + rooms; }), "a room is not made");
    for (std::size_t i = 0; i < size_.members; ++i) {
      if (i % size_.room_members != 0) crowd_.send(i, client::JoinRoom{.name = name_of(i)});
    }
    check(crowd_.pump_until([&] { return joined_ == before + size_.members; }),
          "not all members join a room");
    settle();
  }
  void settle() {
    (void)crowd_.pump_until([] { return false; }, std::chrono::milliseconds{500});
  }

  Size size_;
  test::DaemonUnderTest daemon_{{.config = std::string{chatd_config()}}};
  test::NativeCrowd crowd_{daemon_.endpoint(), {.size = size_.members, .keeps_lines = false}};
  std::size_t joined_{0};
};

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  const bool is_short = argc == 2 && std::string_view{argv[1]} == "--short";
  if (argc != 1 && !is_short) {
    std::cerr << "usage: rooms_memory [--short]\n";
    return EXIT_FAILURE;
  }
  using chatd::bench::RoomsMemory;
  RoomsMemory memory{
      is_short ? chatd::bench::Size{.rooms = 50, .members = 100, .room_members = 50}
               : chatd::bench::Size{.rooms = 10'000, .members = 1000, .room_members = 100}};
  memory.run();
  return EXIT_SUCCESS;
}
