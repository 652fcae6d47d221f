// SPDX-License-Identifier: GPL-3.0-or-later
// member.hpp — one native session as the client sees it: the whole protocol, and no socket.
//
// Runs in:   uchat's session process; in tests and the load generator thousands in one.
// Owns:      keys, streams, timers. Pure: bytes and times in, bytes, events and a deadline out.
// Invariant: every event of the room comes out once, in the server's order; every command is
//            carried out once or its fate is told, over any number of lost packets, address
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

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/native_record.hpp"

namespace chatd::client {

// Why a session ended, or did not begin. The exit statuses of uchat follow it.
enum class End : std::uint8_t {
  quit,              // as asked
  no_answer,         // nobody answered the handshake in time
  untrusted_server,  // its key is not the one that is known
  wrong_password,
  password_wanted,
  name_taken,
  name_refused,  // not a possible name
  room_full,
  kicked,
  replaced,          // the same key and name came in from elsewhere
  stopped,           // the server said goodbye
  no_password_here,  // one was given, and the server says that the room has none
  failed,            // this machine has not enough memory
  protocol,          // the server speaks another version
};

struct Event {
  enum class Kind : std::uint8_t {
    joined_room,     // name: as accepted; text: the server's name; replay: it resumed a session
    line,            // a record of the room, or a letter: record, name, text, time, replay, own
    confirmed,       // command: the server has it (once for each command, in order)
    refused,         // command: the server has it and will not; name: a code, text: why
    users,           // text: one a line, "name\taway" for who is away; the whole list
    limits_changed,  // max_text() is another one
    missed,          // part of the room's log was overwritten before it came here; replay: the
                     // room began anew, and what was said in between is not known
    server_stopped,  // it said goodbye; goes on trying, as `reconnecting` says next
    reconnecting,    // no word from the server for a while; goes on trying
    reconnected,     // and is back
    ended,           // end, text: the server's words
  };
  Kind kind;
  wire::RecordKind record{};
  std::string name{};
  std::string text{};
  WallTime time{};
  bool replay{false};
  bool own{false};
  std::uint64_t command{0};  // of confirmed, refused, and an own line
  End end{};
};

class Member {
 public:
  struct Options {
    std::string name;
    crypto::KeyPair identity;
    // Set if a password was given: its pre-shared key for that server, see crypto::password_key().
    // Asked once a handshake, of a server that is_trusted has let pass. May take a tenth of a
    // second; whoever reconnects should keep it.
    std::function<Result<crypto::SecretKey>(const crypto::PublicKey& server)> password_key{};
    // Asked once a handshake, before the identity is shown to the server.
    std::function<bool(const crypto::PublicKey& server)> is_trusted;
    std::function<void(std::span<std::byte>)> random;
    std::chrono::milliseconds handshake_patience{10'000};  // without any answer
    bool wants_replay{true};
    bool reconnects{true};  // after a stop of the server; false: that is the end
  };

  explicit Member(Options options);
  ~Member();
  Member(Member&&) noexcept;
  Member& operator=(Member&&) noexcept;

  // Input. None of them blocks or calls back but is_trusted, password_key
  // and random.
  void start(MonoTime now);
  void receive(std::span<const std::byte> datagram, MonoTime now);
  void tick(MonoTime now);  // when the deadline has come; earlier is harmless
  // The path is gone or new (a resumed laptop, another network): say something at once.
  void path_changed(MonoTime now);

  // Commands; each returns its number for `confirmed` and `refused`. They are kept until the
  // server has them. Empty or too long text is the caller's fault: see max_text().
  std::uint64_t say(std::string_view text, MonoTime now);
  std::uint64_t act(std::string_view text, MonoTime now);
  std::uint64_t write_to(std::string_view name, std::string_view text, MonoTime now);
  std::uint64_t ask_users(MonoTime now);
  void quit(MonoTime now);  // says goodbye once all commands are confirmed, or patience ends

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
