// SPDX-License-Identifier: GPL-3.0-or-later
// handshake.hpp — the client's side of the native handshake.
//
// Runs in:   client (Member). Pure.
// Owns:      the unfinished Noise handshake.
// Invariant: the client's identity, and data from which a password could be guessed, is sent only
//            to a server whose key is trusted. A client that was given a password does not log in
//            without it. Each packet is repeated at growing intervals until it is answered; a late
//            or forged answer changes nothing.
//
//   hello ──RETRY: cookie──> hello_again ──ACCEPT──> confirming ──WELCOME──> (done)
//     ^───────────the server does not know it──────────────┘
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/member/link.hpp"
#include "client/member/member.hpp"
#include "common/crypto/noise.hpp"
#include "common/wire/native/native_handshake.hpp"

namespace chatd::client {

class Handshake {
 public:
  struct Resume {
    std::uint64_t history_id{0};
    std::uint64_t room_offset{0};
    std::uint64_t client{0};
    std::string name{};  // "": that of the options
    bool is_brief{false};
    bool wants_saved{false};
    bool reads_direct{true};
  };
  // Borrows `options` for its life.
  Handshake(const Member::Options& options, Resume resume, MonoTime now);

  // The effect of a packet of the handshake.
  enum class Step : std::uint8_t { none, moved, keys, failed };
  Step receive(wire::Bytes datagram, MonoTime now);
  // After `failed`.
  [[nodiscard]] End failure() const noexcept { return failure_; }
  // After `keys`, once.
  [[nodiscard]] Link::Keys keys() const noexcept { return keys_; }

  [[nodiscard]] bool next_datagram(std::vector<std::byte>& datagram, MonoTime now);
  [[nodiscard]] MonoTime deadline() const noexcept { return next_send_; }
  // When the server last answered, or when the handshake began.
  [[nodiscard]] MonoTime progressed() const noexcept { return progressed_; }

 private:
  enum class State : std::uint8_t { hello, hello_again, confirming };
  Step on_retry(const wire::Retry& retry, MonoTime now);
  Step on_accept(const wire::Accept& accept, MonoTime now);
  Step on_refuse(const wire::Refuse& refuse, MonoTime now);
  Step fail_with(End end) noexcept;
  void wait_longer(MonoTime now);
  void enter(State state, MonoTime now);

  const Member::Options& options_;
  Resume resume_;
  State state_{State::hello};
  std::uint64_t token_{0};
  std::uint64_t handshake_{0};
  wire::Cookie cookie_{};
  std::optional<crypto::Handshake> noise_;
  std::vector<std::byte> message_;  // the Noise message of the state's packet
  Link::Keys keys_{};
  MonoTime progressed_;
  MonoTime next_send_;
  Micros backoff_{};
  bool forgotten_{false};  // the server did not know the handshake, once
  End failure_{};
};

}  // namespace chatd::client
