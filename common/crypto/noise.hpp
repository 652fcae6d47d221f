// SPDX-License-Identifier: GPL-3.0-or-later
// noise.hpp — the handshake: Noise_XX_25519_AESGCM_SHA256, and with a password
// Noise_XXpsk3_25519_AESGCM_SHA256 (the Noise protocol framework, revision 34).
//
// Runs in:   gateway (responder), client (initiator). Pure but for the ephemeral keys.
// Owns:      its keys, wiped when it goes; some 500 bytes, nothing on the heap.
// Invariant: a message that is refused changes nothing: the right one is still taken after
//            any number of forged ones. There is no way to write one message twice.
// Errors:    a message of a wrong size, one that does not authenticate, a public key of low
//            order, a step out of turn, a buffer that is too small, a password that is not known
//            when it is needed.
//
//   initiator                      responder
//   -> e                                        32 bytes + payload (in the clear; 48, sealed,
//                                               with a password)
//                 <- e, ee, s, es               96 bytes + payload
//   -> s, se (, psk)                            64 bytes + payload
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/result.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"
#include "common/crypto/symmetric_state.hpp"

namespace chatd::crypto {

// What a handshake is for.
struct SessionKeys {
  SecretKey from_initiator;
  SecretKey from_responder;
  Hash handshake_hash{};  // the same on both sides, and of no other handshake
};

class Handshake {
 public:
  enum class Role : std::uint8_t { initiator, responder };
  struct Setup {
    Role role{};
    KeyPair identity;
    Bytes prologue;                     // both sides must have the same
    std::optional<SecretKey> password;  // with one, XXpsk3: password_key()
    std::optional<KeyPair> ephemeral;   // only for tests; otherwise made when it is needed
    // XXpsk3 without a password yet, which depends on the responder's key: see use_password().
    bool password_follows{false};
  };
  explicit Handshake(const Setup& setup);
  Handshake(Handshake&&) = default;
  Handshake& operator=(Handshake&&) = default;
  Handshake& operator=(const Handshake&) = delete;
  ~Handshake() = default;

  // A message has so many bytes more than its payload. 0 after the last one.
  [[nodiscard]] std::size_t overhead() const noexcept;
  // The size of the message. `payload` and `out` do not overlap.
  [[nodiscard]] Result<std::size_t> write_message(Bytes payload, std::span<std::byte> out);
  // The size of the payload. `message` and `payload` do not overlap. An initiator looks at
  // remote_static() before it writes the last message, which tells who it is itself.
  [[nodiscard]] Result<std::size_t> read_message(Bytes message, std::span<std::byte> payload);

  // Known to the initiator after the second message, to the responder after the third.
  [[nodiscard]] const std::optional<PublicKey>& remote_static() const noexcept {
    return remote_static_;
  }
  // For an initiator whose password follows: before it writes the last message.
  void use_password(const SecretKey& password) { password_ = password; }
  [[nodiscard]] bool is_finished() const noexcept { return message_ == kMessages; }
  // Once it is finished.
  [[nodiscard]] Result<SessionKeys> split() const;

 private:
  enum class Token : std::uint8_t { e, s, ee, es, se, psk, none };
  static constexpr std::size_t kMessages = 3;
  static const std::array<std::array<Token, 4>, kMessages> kPattern;

  Handshake(const Handshake&) = default;  // to try a message on
  [[nodiscard]] bool is_own_turn() const noexcept;
  [[nodiscard]] Result<> write_token(Token token, std::span<std::byte>& out);
  [[nodiscard]] Result<> read_token(Token token, Bytes& message);
  [[nodiscard]] Result<> mix_token(Token token);
  [[nodiscard]] Result<> mix_dh(const KeyPair* own, const PublicKey* peer);
  void mix_ephemeral(const PublicKey& key);

  Role role_;
  std::size_t message_{0};  // the next one
  SymmetricState symmetric_;
  KeyPair static_;
  std::optional<KeyPair> ephemeral_;
  std::optional<PublicKey> remote_static_;
  std::optional<PublicKey> remote_ephemeral_;
  bool with_password_;                 // the pattern is XXpsk3
  std::optional<SecretKey> password_;  // its pre-shared key, once it is known
};

}  // namespace chatd::crypto
