// SPDX-License-Identifier: GPL-3.0-or-later
// handshakes.hpp — the server's side of the native handshake.
//
// Runs in:   gateway.
// Owns:      the unfinished handshakes: a fixed table in private memory. The successor of a killed
//            gateway does not know them, and the client begins again.
// Borrows:   the limits for unauthenticated peers.
// Invariant: before a cookie proves its address, a peer costs neither memory nor a Diffie-Hellman,
//            and gets at most as many bytes as it sent. Then it costs two Diffie-Hellmans: a
//            CONFIRM that does not open ends the handshake. A banned address costs no
//            Diffie-Hellman.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/base/address.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/cookie.hpp"
#include "common/crypto/noise.hpp"
#include "common/wire/native/native_handshake.hpp"
#include "daemon/gateway/handshake_places.hpp"
#include "daemon/limits/unauthenticated_limits.hpp"
#include "daemon/state/layout.hpp"
#include "daemon/state/rule_slot.hpp"

namespace chatd::gateway {

class Handshakes {
 public:
  // `certificate` is sent in the second message, so that clients know whose key `identity` is.
  Handshakes(const crypto::KeyPair& identity, const crypto::Certificate& certificate,
             std::optional<crypto::SecretKey> password, UnauthenticatedLimits& unauthenticated,
             MonoTime now);

  // A client that has proved its address and its key, and its login payload.
  struct Arrival {
    std::uint64_t handshake;
    crypto::PublicKey identity;
    crypto::Key from_client;
    crypto::Key to_client;
    wire::LoginPayload login;  // borrows a buffer of this object until the next call
  };
  struct Outcome {
    wire::Bytes reply{};  // to send; borrows a buffer of this object until the next call
    std::optional<Arrival> arrival{};
    bool failed{false};  // its Noise message was not valid: made of other keys, or forged
    bool wrong_password{false};
    bool busy{false};                       // this network begins too many handshakes
    bool turned_away{false};                // unauthenticated peers send too much; counted
    std::optional<state::RuleIndex> ban{};  // the rule that bans the address, which is proved
  };
  // Finds the rule that bans the address of the sender. Called only when the address is proved: a
  // flood of forged datagrams costs no search of rules. Empty: no address is banned.
  using FindBan = std::function<std::optional<state::RuleIndex>()>;
  Outcome on_hello(wire::Bytes datagram, const Endpoint& from, MonoTime now,
                   const FindBan& find_ban = {});
  Outcome on_confirm(wire::Bytes datagram, const Endpoint& from, MonoTime now,
                     const FindBan& find_ban = {});

  // The session that an arrival got, so that a CONFIRM that is repeated because its answer was lost
  // can be answered again.
  void settled(std::uint64_t handshake, const state::Sender& session);
  // The same for an arrival that was refused, with the packet that refused it.
  void refused(std::uint64_t handshake, wire::Bytes packet);
  [[nodiscard]] std::optional<state::Sender> find_settled(wire::Bytes confirm,
                                                          const Endpoint& from) const;

  [[nodiscard]] std::uint64_t began() const noexcept { return began_; }

  static constexpr std::size_t kMaxHandshakeReply = 384;

 private:
  struct Pending {
    std::uint64_t handshake{0};  // 0: free
    Endpoint from{};
    std::optional<crypto::Handshake> noise{};
    std::optional<state::Sender> settled{};
    bool refused{false};
    std::size_t reply_bytes{0};
    // The ACCEPT, for a HELLO that comes twice; later the REFUSED, for a CONFIRM that does.
    std::array<std::byte, kMaxHandshakeReply> reply{};
  };
  Outcome refuse(wire::RefuseCode code, std::uint32_t time, std::uint64_t reference);
  // The address is proved. No reply if it has received too many.
  Outcome refuse_banned(state::RuleIndex ban, const Endpoint& from, const wire::Hello& hello,
                        MonoTime now);
  Outcome retry(const wire::Hello& hello, const Endpoint& from, MonoTime now);
  Outcome accept(const wire::Hello& hello, const Endpoint& from, MonoTime now);
  // Begins in that place. No reply: the Noise message was not valid.
  Outcome begin(const wire::Hello& hello, const Endpoint& from, std::size_t index);
  Outcome repeat(const Pending& pending);
  // Repeats the answer if the limits for its address allow one more.
  Outcome answer_again(const Pending& pending, MonoTime now);
  // Ends a handshake whose CONFIRM is not valid. Each repetition gets the same REFUSE.
  Outcome end(Pending& pending, wire::RefuseCode code, std::uint32_t time);
  [[nodiscard]] const Pending* find(std::uint64_t handshake, const Endpoint& from) const;

  crypto::KeyPair identity_;
  std::vector<std::byte> certificate_;
  std::optional<crypto::SecretKey> password_;
  crypto::CookieJar cookies_;
  HandshakePlaces places_;
  UnauthenticatedLimits& unauthenticated_;
  std::vector<Pending> pending_;
  std::vector<std::uint64_t> tokens_;  // of the HELLOs, at the same places
  std::uint64_t began_{0};
  std::array<std::byte, wire::kBaseDatagram> reply_{};
  std::array<std::byte, wire::kBaseDatagram> payload_{};
};

}  // namespace chatd::gateway
