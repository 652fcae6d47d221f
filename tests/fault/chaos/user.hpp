// SPDX-License-Identifier: GPL-3.0-or-later
// user.hpp — the simulated users of the chaos test: each has a socket, a client, and the state that
// the test keeps of the client.
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

// The membership of a client in a further room: from its join until it leaves or is removed.
struct Membership {
  wire::RoomId id{};
  std::optional<std::size_t> reader{};  // in the history of the room; nullopt: a temporary room
  bool is_leaving{false};
  bool may_be_removed{false};  // `chatctl kick` or `chatctl room drop` has been started
};

// A message that is neither confirmed nor refused.
struct Said {
  std::string room;              // "": the default room, or a direct message
  std::size_t reader{};          // the sender, in the history of the room
  std::optional<MonoTime> at{};  // the time of sending; nullopt: the sender was suspended since
};

// A native user.
struct User {
  std::string name;
  crypto::KeyPair identity;
  bool is_guest{false};      // logs in for a part of a round
  bool is_permanent{false};  // never leaves a room or crashes: receives every line of its rooms
  UdpClient socket{};
  std::uint64_t socket_serial{};  // a unique number for each socket
  std::optional<client::Member> member{};
  std::size_t reader{};
  bool is_leaving{false};
  MonoTime awake_at{};                   // the user is suspended until this time
  MonoTime restart_at{};                 // the time when a user without a client starts one
  std::map<std::uint64_t, Said> said{};  // by the number that the client gave the message
  std::map<std::string, Membership, std::less<>> memberships{};  // by the room's name
};

// A text user.
struct TextUser {
  std::string name;
  UdpClient socket{};
  std::size_t reader{};
  bool has_joined{false};
};

// A datagram in the simulated network.
struct Datagram {
  std::uint64_t socket_serial;
  bool to_server;
  std::vector<std::byte> bytes;
};

}  // namespace chatd::test
