// SPDX-License-Identifier: GPL-3.0-or-later
// member.hpp — the client's side of a native session: the whole protocol, without a socket.
//
// Runs in:   uchat's session process; in tests and the load generator thousands in one.
// Owns:      keys, streams, timers. Pure: takes bytes and times, returns bytes, events and a
//            deadline.
// Invariant: every event of a room is returned once, in the server's order. Every command is
//            carried out once, or reported as refused, over any number of lost packets, address
//            changes and new handshakes.
// See:       chatd-protocol(7).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/event.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::client {

// The second message of a handshake, in which a server proves itself.
struct ServerProof {
  crypto::PublicKey key;                   // its X25519 key, which the handshake has proved
  std::span<const std::byte> certificate;  // the bytes of a crypto::Certificate, not checked yet
};

class Member {
 public:
  struct Options {
    std::string name;
    crypto::KeyPair identity;
    // Set if a password was given: its pre-shared key for that server, see crypto::password_key().
    // Called once in a handshake, after is_trusted returned true. May take a tenth of a second;
    // the caller should cache the key.
    std::function<Result<crypto::SecretKey>(const crypto::PublicKey& server)> password_key{};
    // Called once in a handshake, before the identity is sent to the server.
    std::function<bool(const ServerProof& server)> is_trusted;
    // Users that were seen in earlier runs. Called once, when the first session begins; its server
    // is trusted then.
    std::function<std::vector<KnownUser>()> known_users{};
    std::function<void(std::span<std::byte>)> random;
    // The secret of an invitation code, for the first login; it is wiped when that is accepted.
    // Sent to a trusted server only.
    std::string code{};
    std::chrono::milliseconds handshake_timeout{10'000};  // time limit without an answer
    bool wants_replay{true};
    bool reconnects{true};  // after a stop of the server; false: the session ends
    // The first login is brief: the session is for messages that are sent at once, and reads no
    // room for ten seconds. A later one reads what was confirmed before.
    bool is_brief{false};
    // Each Confirmed is followed by a Saved.
    bool wants_saved{false};
    // Direct messages are shown to the user; if not, those that wait for it go on waiting.
    bool reads_direct{true};
  };

  explicit Member(Options options);
  ~Member();
  Member(Member&&) noexcept;
  Member& operator=(Member&&) noexcept;

  // Input. These functions do not block, and call only is_trusted, password_key and random.
  void start(MonoTime now);
  void receive(std::span<const std::byte> datagram, MonoTime now);
  void tick(MonoTime now);  // when the deadline has come; an earlier call does no harm
  // The path may have changed (a resumed laptop, another network): sends a packet at once.
  void path_changed(MonoTime now);

  // Commands; each returns its number for Confirmed and Refused, and is stored until then.
  // The text must not be empty or longer than max_text().
  std::uint64_t send(const Message& message, MonoTime now);
  std::uint64_t say(std::string_view text, MonoTime now);
  std::uint64_t act(std::string_view text, MonoTime now);
  std::uint64_t write_to(std::string_view name, std::string_view text, MonoTime now);
  // The members of a room; "": of the server.
  std::uint64_t ask_users(MonoTime now, std::string_view room = {});
  std::uint64_t ask_rooms(MonoTime now);
  // Facts about a room; "": about the default room.
  std::uint64_t ask_about(MonoTime now, std::string_view room);
  // The programs of this member.
  std::uint64_t ask_programs(MonoTime now);
  // The users that this one has blocked.
  std::uint64_t ask_blocks(MonoTime now);
  // Goes on under another name when all commands before it are confirmed; those after it are sent
  // then. Joined or NameRefused is the answer. The rooms are joined again. A name that counts as
  // the same is refused. Does nothing while another change of the name is under way.
  void rename(std::string_view name, MonoTime now);
  // Facts about a user, by its name.
  std::uint64_t ask_member(MonoTime now, std::string_view name);
  // Stored lines of a room. HistoryPage is the answer; a further question takes the place of one
  // that is not answered.
  std::uint64_t ask_history(MonoTime now, HistoryRequest request);
  void quit(MonoTime now);  // sends BYE when all commands are confirmed, or after 5 s

  // Output.
  [[nodiscard]] bool next_datagram(std::vector<std::byte>& datagram, MonoTime now);
  [[nodiscard]] std::optional<Event> next_event();
  [[nodiscard]] MonoTime deadline() const;

  [[nodiscard]] bool is_joined() const;
  [[nodiscard]] bool has_ended() const;
  [[nodiscard]] std::size_t max_text() const;
  [[nodiscard]] std::size_t unconfirmed() const;  // commands

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace chatd::client
