// SPDX-License-Identifier: GPL-3.0-or-later
// user.hpp — the simulated users of the chaos test. Some run two programs: each program has a
// socket, a client, and the state that the test keeps of the client.
//
// Runs in:   chaos. Plain data.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/member.hpp"
#include "tests/fault/chaos/room_rules.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

// A room that becomes hidden gets another end of its name, behind a '-'. Here it keeps one name.
[[nodiscard]] inline std::string lasting_name(std::string_view room) {
  return std::string{room.substr(0, room.find('-'))};
}

// The membership of a client in a further room: from its join until it leaves or is removed.
struct Membership {
  wire::RoomId id{};
  std::string name{};                   // at the moment
  std::optional<std::size_t> reader{};  // in the history of the room; nullopt: a temporary room
  RoomRules rules{};                    // by what the client has received
  bool has_begun{false};                // a line from after the join has been received
  bool is_leaving{false};
  bool may_be_dropped{false};  // `chatctl room drop` has been started
};

// A message that is neither confirmed nor refused.
struct Said {
  std::string room;              // its lasting name; "": the default room, or a direct message
  std::size_t reader{};          // the sender, in the history of the room
  bool is_change{};              // a change of the room
  std::optional<MonoTime> at{};  // the time of sending; nullopt: the sender was suspended since
};

// The state that the programs of one native user share.
struct Person {
  static constexpr std::size_t kPrograms = 2;  // limits.programs_per_person of the server
  std::int64_t changes{};                      // the state of the limit of changes, see RateLimit
  std::size_t clients{};                       // clients that were started
  std::multiset<std::uint32_t> to_end{};       // the numbers of programs that another one shall end
};

// How far the login of a client is.
enum class Login : std::uint8_t { begun, confirmed, done };

// A program of a native user.
struct User {
  // For each datagram that it sends. True: its login begins again after its CONFIRM. The server may
  // have carried the first login out.
  [[nodiscard]] bool begins_login_again(std::span<const std::byte> datagram);
  // Whether the server may end its session for this reason. Called once for each end.
  [[nodiscard]] bool may_end(client::End reason);

  std::string name;
  crypto::KeyPair identity;
  std::shared_ptr<Person> person{std::make_shared<Person>()};
  bool is_second{false};     // another program has the same name and the same person
  bool is_guest{false};      // logs in for a part of a round
  std::string other_name{};  // a guest that logs in under this name of another user; "": none
  bool is_brief{false};      // its first login is brief
  bool is_permanent{false};  // never leaves a room or crashes: receives every line of its rooms
  UdpClient socket{};
  std::uint64_t socket_serial{};  // a unique number for each socket
  std::optional<client::Member> member{};
  std::size_t reader{};
  Login login{Login::begun};
  MonoTime begun_at{};    // the client began
  bool has_begun{false};  // a line from after the login has been received
  bool is_leaving{false};
  Micros stays_away{};                    // for so long after it has left
  std::optional<std::uint32_t> number{};  // of the program, as in the list that it asked for
  std::vector<std::uint32_t> listed{};    // the programs in that list
  bool ends_another{false};               // it asks for the list to end one of them
  MonoTime awake_at{};                    // the user is suspended until this time
  MonoTime restart_at{};                  // the time when a user without a client starts one
  std::map<std::uint64_t, Said> said{};   // by the number that the client gave the message
  std::map<std::string, Membership, std::less<>> memberships{};  // by lasting_name()
};

// A text user.
struct TextUser {
  std::string name;
  UdpClient socket{};
  std::size_t reader{};
  bool has_joined{false};
};

// Counters of all users over the whole run.
struct Figures {
  std::uint64_t said{0};
  std::uint64_t heard{0};          // lines received by native members
  std::uint64_t refused{0};        // messages and changes
  std::uint64_t clients{0};        // clients started
  std::uint64_t joins{0};          // joins of further rooms
  std::uint64_t changes{0};        // changes of rooms that were carried out
  std::uint64_t ended{0};          // programs that were ended by another one
  std::uint64_t replaced{0};       // programs whose session another one has taken over
  std::uint64_t waited{0};         // direct messages that had waited for their recipient
  std::uint64_t refused_names{0};  // logins that were refused because another user owns the name
  Micros longest_wait{0};          // of a member that is not suspended, for an acknowledgement
};

// The number of users of each kind, and where they log in.
struct PeopleOptions {
  Endpoint server;
  std::size_t natives{};
  std::size_t two_programs{};  // of the natives, those with two: not more than half
  std::size_t texts{};
  std::size_t rooms{};  // number of further rooms with a history; at most People::kMaxRooms
  std::uint64_t seed{};
};

// A datagram in the simulated network.
struct Datagram {
  std::uint64_t socket_serial;
  bool to_server;
  std::vector<std::byte> bytes;
};

}  // namespace chatd::test
