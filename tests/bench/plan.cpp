// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/plan.hpp"

#include <utility>

#include <fmt/format.h>

namespace chatd::bench {

namespace {

using Kind = Workload::Kind;
using std::chrono::milliseconds;

std::vector<std::string_view> every_server() {
  std::vector<std::string_view> names;
  for (const ServerKind& kind : server_kinds()) {
    if (kind.is_in_all) names.push_back(kind.name);
  }
  return names;
}

std::vector<std::string_view> with(std::vector<std::string_view> names,
                                   std::initializer_list<std::string_view> more) {
  names.insert(names.end(), more);
  return names;
}

// The servers without the text protocol, which does not repeat lost datagrams and has no further
// rooms.
std::vector<std::string_view> without_text() {
  std::vector<std::string_view> names;
  for (const ServerKind& kind : server_kinds()) {
    if (kind.is_in_all && kind.dialect != Dialect::text) names.push_back(kind.name);
  }
  return names;
}

Case paced(std::size_t listeners, std::uint32_t rate, milliseconds lasts) {
  return {.workload = {.name = fmt::format("paced-{}", listeners),
                       .kind = Kind::paced,
                       .listeners = listeners,
                       .rate = rate,
                       .lasts = lasts},
          .servers = with(every_server(), {kBare})};
}

struct RoomsLoad {
  std::size_t rooms;   // number of further rooms of ten members each
  std::size_t all;     // number of all members; the last ones are in the default room only
  std::uint32_t rate;  // messages a second in all rooms together
  milliseconds lasts;
};
Case in_rooms(std::string name, const RoomsLoad& load,
              std::vector<std::string_view> servers = without_text()) {
  return {.workload = {.name = std::move(name),
                       .kind = Kind::paced,
                       .listeners = load.all - load.rooms,
                       .rate = load.rate,
                       .rooms = load.rooms,
                       .lasts = load.lasts},
          .servers = std::move(servers)};
}

Case lossy(int percent, std::size_t listeners, milliseconds lasts) {
  return {.workload = {.name = fmt::format("loss-{}", percent),
                       .kind = Kind::paced,
                       .listeners = listeners,
                       .rate = 100,
                       .loss = percent / 100.0,
                       .lasts = lasts},
          .servers = without_text()};
}

}  // namespace

std::vector<Case> plan(bool is_short) {
  constexpr milliseconds kLong{4000};
  constexpr milliseconds kShort{300};
  if (is_short) {
    Case saturated{
        {.name = "saturated-20", .kind = Kind::saturated, .listeners = 20, .lasts = kShort},
        with(every_server(), {kBarePacked, kBareRuns})};
    return {paced(20, 100, kShort), saturated, lossy(5, 20, kShort),
            in_rooms("rooms-3x10", {3, 30, 2000, kShort}),
            in_rooms("room-10-of-40", {1, 40, 2000, kShort}, {kChatdNative})};
  }
  std::vector<Case> cases{paced(10, 2000, kLong), paced(100, 400, kLong), paced(1000, 50, kLong),
                          paced(5000, 10, kLong)};
  cases.push_back(
      {{.name = "saturated-1000", .kind = Kind::saturated, .listeners = 1000, .lasts = kLong},
       with(every_server(), {kBarePacked, kBareRuns})});
  for (Case& one : cases) {
    const bool compares = one.workload.name == "paced-100" || one.workload.name == "paced-1000";
    if (compares) one.servers.push_back(kChatdNoHistory);
  }
  // A room of rooms-1000x10 has two messages a second, as the room of room-10-at-2 has.
  cases.push_back(in_rooms("room-10", {1, 10, 2000, kLong}));
  cases.push_back(in_rooms("room-10-of-10000", {1, 10'000, 2000, kLong}));
  cases.push_back(in_rooms("room-10-at-2", {1, 10, 2, 5 * kLong}));
  cases.push_back(in_rooms("rooms-1000x10", {1000, 10'000, 2000, kLong}));
  for (const int percent : {1, 5, 20}) cases.push_back(lossy(percent, 100, kLong));
  cases.push_back({{.name = "joins-1000", .kind = Kind::joins, .listeners = 1000}, every_server()});
  cases.push_back(
      {{.name = "memory-1000", .kind = Kind::memory, .listeners = 1000}, every_server()});
  cases.push_back({{.name = "idle-10000",
                    .kind = Kind::idle,
                    .listeners = 10'000,
                    .lasts = milliseconds{20'000}},
                   {kChatdNative}});
  return cases;
}

}  // namespace chatd::bench
