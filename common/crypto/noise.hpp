// SPDX-License-Identifier: GPL-3.0-or-later
// noise.hpp — the handshake: Noise_XX_25519_AESGCM_SHA256, and with a password
// Noise_XXpsk3_25519_AESGCM_SHA256 (the Noise protocol framework, revision 34).
//
// Runs in:   gateway (responder), client (initiator). Pure except for the ephemeral keys.
// Owns:      its keys, wiped when it is destroyed; about 500 bytes, nothing on the heap.
// Invariant: a refused message changes nothing: the valid one is still accepted after any number
//            of forged ones. No message can be written twice.
// Errors:    a message of a wrong size, one that does not authenticate, a public key of low
//            order, a call out of order, a buffer that is too small, a password that is not known
//            when it is needed.
//
//   initiator                      responder
//   -> e                                        32 bytes + payload (unencrypted; 48, encrypted,
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

// The result of a handshake: one key for each direction.
struct SessionKeys {
  SecretKey from_initiator;
  SecretKey from_responder;
  Hash handshake_hash{};  // the same on both sides, different for each handshake
};

// One side of a handshake of three messages.
class Handshake {
 public:
  enum class Role : std::uint8_t { initiator, responder };
  struct Setup {
    Role role{};
    KeyPair identity;
    Bytes prologue;                     // must be the same on both sides
    std::optional<SecretKey> password;  // password_key(); selects XXpsk3
    std::optional<KeyPair> ephemeral;   // only for tests; otherwise made when it is needed
    // Selects XXpsk3 without a password; use_password() sets it later, since the password's key
    // depends on the responder's key.
    bool password_follows{false};
  };
  explicit Handshake(const Setup& setup);
  Handshake(Handshake&&) = default;
  Handshake& operator=(Handshake&&) = default;
  Handshake& operator=(const Handshake&) = delete;
  ~Handshake() = default;

  // The bytes that the next message has more than its payload. 0 after the last one.
  [[nodiscard]] std::size_t overhead() const noexcept;
  // Returns the size of the message. `payload` and `out` do not overlap.
  [[nodiscard]] Result<std::size_t> write_message(Bytes payload, std::span<std::byte> out);
  // Returns the size of the payload. `message` and `payload` do not overlap. An initiator must
  // check remote_static() before it writes the last message, which contains its own identity.
  [[nodiscard]] Result<std::size_t> read_message(Bytes message, std::span<std::byte> payload);

  // The peer's identity. Known to the initiator after the second message, to the responder after
  // the third.
  [[nodiscard]] const std::optional<PublicKey>& remote_static() const noexcept {
    return remote_static_;
  }
  // Sets the password of an initiator with password_follows, before it writes the last message.
  void use_password(const SecretKey& password) { password_ = password; }
  [[nodiscard]] bool is_finished() const noexcept { return message_ == kMessages; }
  // The session keys. An error before is_finished().
  [[nodiscard]] Result<SessionKeys> split() const;

 private:
  enum class Token : std::uint8_t { e, s, ee, es, se, psk, none };
  static constexpr std::size_t kMessages = 3;
  static const std::array<std::array<Token, 4>, kMessages> kPattern;

  Handshake(const Handshake&) = default;  // read_message() tries a message on a copy
  [[nodiscard]] bool is_own_turn() const noexcept;
  [[nodiscard]] Result<> write_token(Token token, std::span<std::byte>& out);
  [[nodiscard]] Result<> read_token(Token token, Bytes& message);
  [[nodiscard]] Result<> mix_token(Token token);
  [[nodiscard]] Result<> mix_dh(const KeyPair* own, const PublicKey* peer);
  void mix_ephemeral(const PublicKey& key);

  Role role_;
  std::size_t message_{0};  // the next message, 0 to kMessages
  SymmetricState symmetric_;
  KeyPair static_;
  std::optional<KeyPair> ephemeral_;
  std::optional<PublicKey> remote_static_;
  std::optional<PublicKey> remote_ephemeral_;
  bool with_password_;                 // the pattern is XXpsk3
  std::optional<SecretKey> password_;  // the pre-shared key, once it is known
};

}  // namespace chatd::crypto
