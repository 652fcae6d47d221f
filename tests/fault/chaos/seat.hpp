// SPDX-License-Identifier: GPL-3.0-or-later
// seat.hpp — the simulated users of the chaos test: a socket and a client each, and what the test
// knows of it.
//
// Runs in:   chaos. Plain data.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/member/member.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

// The time in which a client is in a further room.
struct Stay {
  wire::RoomId id{};
  std::optional<std::size_t> reader{};  // in the history of the room; nullopt: it has none
  bool is_leaving{false};
  bool may_be_removed{false};  // the administrator was asked to
};

// A message that is neither confirmed nor refused.
struct Said {
  std::string room;  // "": the default room, or a direct message
  std::size_t reader{};
  std::optional<MonoTime> at{};  // nullopt: its sender was suspended since
};

// A native user.
struct Seat {
  std::string name;
  crypto::KeyPair identity;
  bool is_guest{false};
  bool stays{false};  // never leaves, never crashes: receives every line of its rooms
  UdpClient socket{};
  std::uint64_t socket_serial{};  // a unique number for each socket
  std::optional<client::Member> member{};
  std::size_t reader{};
  bool is_leaving{false};
  MonoTime awake_at{};    // suspended until then
  MonoTime restart_at{};  // without a member: the time when the next one starts
  std::map<std::uint64_t, Said> said{};
  std::map<std::string, Stay, std::less<>> stays_in{};  // by the room's name
};

// A text user.
struct TextSeat {
  std::string name;
  UdpClient socket{};
  std::size_t reader{};
  bool has_joined{false};
};

// A datagram in the simulated network.
struct InFlight {
  std::uint64_t socket_serial;
  bool to_server;
  std::vector<std::byte> bytes;
};

}  // namespace chatd::test
