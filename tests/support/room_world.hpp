// SPDX-License-Identifier: GPL-3.0-or-later
// room_world.hpp — a client::Member and a small server with rooms, under a simulated clock, with a
// network between them that loses, repeats, delays and reorders.
//
// Runs in:   test programs.
// Owns:      everything. The server does no more than the tests of the client need.
// Invariant: the same seed gives the same world. Nothing waits for a real clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/member.hpp"
#include "common/transport/command_mask.hpp"
#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_frame.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/gateway/handshakes.hpp"
#include "daemon/limits/flood_log.hpp"
#include "tests/support/world_log.hpp"

namespace chatd::test {

class RoomWorld {
 public:
  explicit RoomWorld(std::uint64_t seed, bool wants_replay = true);
  // Of the server. "": the default room.
  wire::RoomId make(std::string_view room);
  void rename(std::string_view room, std::string_view name);  // without a record
  void drop(std::string_view room);  // its member leaves with the reason "dropped"
  void say(std::string_view room, std::string_view name, std::string_view text);
  // A text member writes in the default room.
  void say_as_text_member(std::string_view name, std::string_view text);
  // Another member joins the default room; or, as a `speaker`, is about to write.
  void join(std::string_view name, std::uint64_t person,
            wire::RecordKind kind = wire::RecordKind::join);
  // The texts of the member's own messages in a room, as the log has them.
  [[nodiscard]] std::vector<std::string> said_in(std::string_view room) const;
  // The commands carried out in this session, as "join lab", "1 3 hello" (kind, room), "end 2",
  // "whois bob", "direct bob 7" (name, person). The member has the programs 1 (this one), 2 and 7.
  [[nodiscard]] const std::vector<std::string>& carried_out() const { return carried_out_; }
  void overwrite(std::string_view room);  // all of its log: what was not acknowledged is lost
  void forget_session();   // the member gets a RESET if it knows the session, and then another one
  void begin_history();    // another one, with a default room only; the session is forgotten
  void begin_from_disk();  // another history, in which all rooms and lines are there again
  void resume_session();   // the next handshake continues the session
  // Appends a record that no command has caused: a `say` of a text member.
  void put_in_room(std::string_view room, wire::RecordKind kind, std::string_view name,
                   std::string_view text);
  void put_in_mailbox(wire::RecordKind kind, std::string_view name, std::string_view text,
                      std::uint32_t slot = wire::kNobody);

  std::vector<client::KnownUser> known_users;  // of earlier runs
  client::Member member;
  std::vector<client::Event> events;
  // The messages in a room, as "name: text".
  [[nodiscard]] std::vector<std::string> lines_of(std::string_view room) const;
  bool run_until(const std::function<bool()>& holds, Micros most = std::chrono::seconds{60});
  void run_for(Micros time);
  [[nodiscard]] MonoTime now() const { return MonoTime{time_}; }
  double loss{0};
  Micros most_delay{1'000};
  bool ignores_commands{false};  // they are carried out, but neither acknowledged nor answered
  bool acknowledges{true};       // commands; if not, they are carried out and answered
  std::uint32_t whois_slot{wire::kNobody};  // in the answer to a `whois`
  bool reads_asks_for_more{true};           // reads commands that ask for a further part of a list
  std::vector<wire::HistoryQuestion> asked{};  // by commands `history`, which are not answered
  std::string refuses_history{};               // the code; "": it does not
  std::string waits_for{};                     // direct messages to this user wait
  void refuse(std::string_view code);          // the last command

 private:
  void block(const wire::CommandView& command);
  static constexpr std::uint32_t kSlot = 1;
  static constexpr std::uint64_t kConnection = wire::connection_of(kSlot, 7);
  using Log = WorldLog;
  struct Stream {
    wire::RoomId room{};  // not of the mailbox
    Log* log{};
    std::uint64_t acked{};
  };
  struct Session {
    crypto::Key from_client;
    crypto::Key to_client;
    std::uint64_t generation{};
    std::uint64_t counter{0};
    std::set<std::uint64_t> seen{};
    bool is_welcomed{false};
    std::uint64_t login_offset{0};
    std::uint64_t live_offset{0};
    std::uint64_t commands_read{0};
    std::uint64_t command_end{0};  // of the one that is carried out
    Log mailbox{};
    std::map<std::uint8_t, Stream> streams{};
    Micros next_send{0};
  };
  struct Handshaking {
    explicit Handshaking(MonoTime now)
        : identity{crypto::generate_key_pair().value()},
          unauthenticated{0, 42, counters, floods},
          server{identity, {}, std::nullopt, unauthenticated, now} {}
    state::GatewayCounters counters{};
    gateway::FloodLog floods;
    crypto::KeyPair identity;
    gateway::UnauthenticatedLimits unauthenticated;
    gateway::Handshakes server;
  };
  void append(Log& log, const RecordFacts& about, std::string_view name, std::string_view text);
  void reply(wire::RecordKind kind, std::string_view name, std::string_view text);
  void reply_part(wire::RecordKind kind, std::string_view name, const wire::CommandView& command,
                  std::string_view first, std::string_view second);
  void unsubscribe(std::uint8_t stream, std::string_view reason);
  void subscribe(wire::RoomId room, const std::optional<wire::RoomPosition>& from);
  [[nodiscard]] std::optional<wire::RoomId> find(std::string_view room) const;
  [[nodiscard]] std::optional<wire::RoomId> find_joined(const wire::CommandView& join) const;
  [[nodiscard]] static wire::CommandKey key_of(std::uint64_t generation);
  void carry_out(const wire::CommandView& command);
  void carry_out_in_room(const wire::CommandView& command);
  void on_datagram(wire::Bytes datagram);
  void on_confirm(wire::Bytes datagram);
  void on_sealed(wire::Bytes datagram);
  void on_commands(const wire::DataFrame& data);
  void on_ack(const wire::AckFrame& ack);
  void server_work();
  void seal(wire::Bytes frames);
  void fly(bool to_server, wire::Bytes bytes);
  void step();

  std::mt19937_64 random_;
  Micros time_{std::chrono::seconds{1000}};
  std::unique_ptr<Handshaking> handshaking_;
  std::unique_ptr<Session> session_;
  std::map<wire::RoomId, Log> rooms_;
  wire::RoomId last_room_{0};
  std::uint64_t history_id_{1}, generation_{0}, sequence_{0};
  bool resumes_{false};
  std::vector<std::string> carried_out_;
  std::multimap<Micros, std::pair<bool, std::vector<std::byte>>> flying_;
  transport::CommandMask mask_;
};

}  // namespace chatd::test
