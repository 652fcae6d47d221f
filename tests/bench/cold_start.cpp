// SPDX-License-Identifier: GPL-3.0-or-later
// cold_start.cpp — measures how long a start without a predecessor's memory takes: `cold_start
// ROOMS LINES` makes a registry.db with so many kept rooms and a history.db with so many messages
// in them, and reads them three times. Fails if a room or the number of lines is missing. See
// README.md in this folder.
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "daemon/archive/history_db.hpp"
#include "daemon/restore/loader.hpp"
#include "tests/support/registry_text.hpp"

namespace chatd::bench {
namespace {

constexpr std::uint64_t kBorn = 17;
constexpr std::uint32_t kReplay = 50;
constexpr std::uint64_t kBytes = std::uint64_t{1} << 40U;
constexpr std::size_t kBatch = 5000;

// Ends the program with an error if `holds` is false.
void check(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "cold_start: " << what << '\n';
  std::exit(EXIT_FAILURE);
}

void make_registry(const std::string& folder, std::uint32_t rooms) {
  test::RegistryText text{.last_room = rooms, .last_rule = 4};
  for (std::uint32_t id = 1; id <= rooms; ++id) {
    text.rooms.push_back(test::room_row(id, fmt::format("room{}", id),
                                        R"(,"properties":)" + test::properties("a topic"), kBorn));
  }
  for (std::uint32_t id = 1; id <= 4; ++id) {
    text.rules.push_back(test::rule_row(id, 1, 2, fmt::format(R"(,"name":"eve{}")", id)));
  }
  text.write_database(folder + "/registry.db");
}

// The rooms take turns, so that the lines of each are scattered over the file.
void make_history(const std::string& folder, std::uint32_t rooms, std::uint64_t lines) {
  auto database = archive::HistoryDb::open(folder + "/history.db", kBorn, kBytes, [] {});
  check(database.has_value(), "history.db cannot be made");
  for (std::uint64_t done = 0; done < lines;) {
    archive::Batch batch;
    for (std::size_t i = 0; i < kBatch && done < lines; ++i, ++done) {
      const std::uint64_t sequence = done / rooms;
      batch.rooms.push_back(
          {.room = state::RoomId{static_cast<std::uint32_t>(done % rooms) + 1},
           .name = fmt::format("room{}", done % rooms + 1),
           .place = {.offset = 200 * (sequence + 1), .sequence = sequence + 1},
           .lines = {{.sequence = sequence,
                      .at = static_cast<std::int64_t>(done),
                      .kind = static_cast<std::uint16_t>(wire::RecordKind::say),
                      .author = {.person = done % 1000,
                                 .name = fmt::format("user{}", done % 1000),
                                 .key = {}},
                      .text = "a message of sixty bytes, half of the mean of the corpus, 你好"}}});
    }
    check(database->save(batch).has_value(), "a batch cannot be stored");
  }
}

double seconds(clockid_t clock) {
  timespec time{};
  (void)::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

void measure(const std::string& folder, std::uint32_t rooms, std::uint64_t lines) {
  const state::Geometry geometry{.sessions = 10'000,
                                 .ring_bytes = std::uint64_t{4} << 20U,
                                 .rooms = rooms,
                                 .room_ring_bytes = std::uint64_t{256} << 10U};
  const auto region = state::create_region(geometry, 18, WallTime{});
  check(region.has_value(), "the memory cannot be made");
  const auto view = state::StateView::map(region->get(), state::Access::writer);
  check(view.has_value(), "the memory cannot be mapped");
  const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double time = seconds(CLOCK_MONOTONIC);
  restore::load_here(*view, {.directory = folder, .replay = kReplay}, WallTime{});
  const auto& loaded = view->loaded();
  fmt::print(
      "{} rooms and {} lines of {} rooms in {:.2f} s, {:.2f} s of processor time; {} rooms "
      "without lines\n",
      loaded.rooms, loaded.history_lines, loaded.history_rooms, seconds(CLOCK_MONOTONIC) - time,
      seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, loaded.history_skipped);
  check(loaded.rooms == rooms && loaded.rules == 4, "rooms or rules are missing");
  const std::uint64_t most = std::uint64_t{rooms} * kReplay;
  check(loaded.history_skipped != 0 || loaded.history_lines == std::min(lines, most),
        "lines are missing");
}

template <class Number>
Number number(const char* text) {
  Number value = 0;
  const std::string_view digits{text};
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
  check(value != 0, "usage: cold_start ROOMS LINES");
  return value;
}

void run(std::uint32_t rooms, std::uint64_t lines) {
  const test::TempDir folder;
  make_registry(folder.path(), rooms);
  make_history(folder.path(), rooms, lines);
  for (int i = 0; i < 3; ++i) measure(folder.path(), rooms, lines);
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  using namespace chatd::bench;  // NOLINT(google-build-using-namespace)
  check(argc == 3, "usage: cold_start ROOMS LINES");
  run(number<std::uint32_t>(argv[1]), number<std::uint64_t>(argv[2]));
}
