// SPDX-License-Identifier: GPL-3.0-or-later
// handshakes.hpp — the server's side of the native handshake, until both have keys.
//
// Runs in:   gateway.
// Owns:      the half-done handshakes: a fixed table in private memory. A gateway that is
//            killed forgets them, and the client begins anew. Borrows: the limits for strangers.
// Invariant: a peer costs neither memory nor a Diffie-Hellman before its address is proved
//            by a cookie, and gets at most as many bytes as it sent. Then it costs two: a last
//            word that does not open ends the handshake.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/address.hpp"
#include "common/crypto/cookie.hpp"
#include "common/crypto/noise.hpp"
#include "common/wire/native_packet.hpp"
#include "daemon/gateway/handshake_places.hpp"
#include "daemon/gateway/unauthenticated_limits.hpp"

namespace chatd::gateway {

class Handshakes {
 public:
  Handshakes(const crypto::KeyPair& identity, std::optional<crypto::SecretKey> password,
             UnauthenticatedLimits& unauthenticated, MonoTime now);

  // Somebody who proved its address and its key, and says who it wants to be.
  struct Arrival {
    std::uint64_t handshake;
    crypto::PublicKey identity;
    crypto::Key from_client;
    crypto::Key to_client;
    wire::LoginPayload login;  // borrows from this until the next call
  };
  struct Outcome {
    std::size_t reply{0};  // bytes in reply(); 0: none
    std::optional<Arrival> arrival{};
    bool wrong_password{false};
    bool busy{false};         // this network begins too many
    bool turned_away{false};  // strangers send too many; it is counted
  };
  Outcome on_hello(wire::Bytes datagram, const Endpoint& from, MonoTime now);
  Outcome on_confirm(wire::Bytes datagram, const Endpoint& from, MonoTime now);
  [[nodiscard]] wire::Bytes reply() const noexcept { return reply_; }

  // What became of an arrival, so that a CONFIRM that comes twice (its answer was lost) can
  // be answered again: the slot it got.
  void settled(std::uint64_t handshake, std::uint32_t slot, std::uint64_t generation);
  struct Settled {
    std::uint32_t slot;
    std::uint64_t generation;
  };
  // The same for one that was told no, with the packet that said so.
  void refused(std::uint64_t handshake, wire::Bytes packet);
  [[nodiscard]] std::optional<Settled> find_settled(wire::Bytes confirm,
                                                    const Endpoint& from) const;

  [[nodiscard]] std::uint64_t began() const noexcept { return began_; }
  [[nodiscard]] std::uint64_t failed() const noexcept { return failed_; }

  static constexpr std::size_t kMostReply = 320;

 private:
  struct Pending {
    std::uint64_t handshake{0};  // 0: free
    Endpoint from{};
    std::optional<crypto::Handshake> noise{};
    std::optional<Settled> settled{};
    bool refused{false};
    std::size_t reply_bytes{0};
    // The ACCEPT, for a HELLO that comes twice; later the REFUSED, for a CONFIRM that does.
    std::array<std::byte, kMostReply> reply{};
  };
  Outcome refuse(wire::RefuseCode code, std::uint32_t time, std::uint64_t reference);
  Outcome retry(const wire::Hello& hello, const Endpoint& from, MonoTime now);
  Outcome accept(const wire::Hello& hello, const Endpoint& from, MonoTime now);
  // In that place; no reply: it was none.
  Outcome begin(const wire::Hello& hello, const Endpoint& from, std::size_t index);
  Outcome repeat(const Pending& pending);
  // The same again, if its address may have one more answer.
  Outcome answer_again(const Pending& pending, MonoTime now);
  // A last word that is no good: it is told why as often as it asks, and nothing else.
  Outcome end(Pending& pending, wire::RefuseCode code, std::uint32_t time);
  [[nodiscard]] const Pending* find(std::uint64_t handshake, const Endpoint& from) const;

  crypto::KeyPair identity_;
  std::optional<crypto::SecretKey> password_;
  crypto::CookieJar cookies_;
  HandshakePlaces places_;
  UnauthenticatedLimits& unauthenticated_;
  std::vector<Pending> pending_;
  std::vector<std::uint64_t> tokens_;  // of the HELLOs, at the same places
  std::uint64_t began_{0};
  std::uint64_t failed_{0};
  std::array<std::byte, wire::kBaseDatagram> reply_{};
  std::array<std::byte, wire::kBaseDatagram> payload_{};
};

}  // namespace chatd::gateway
