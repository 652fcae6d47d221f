// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/noise.hpp"

#include <algorithm>
#include <utility>

#include "common/crypto/aead.hpp"
#include "common/crypto/dh.hpp"
#include "common/crypto/must.hpp"

namespace chatd::crypto {

namespace {

constexpr std::size_t kLongestMessage = 65535;  // Noise, section 3

std::string_view protocol_name(bool with_password) {
  return with_password ? "Noise_XXpsk3_25519_AESGCM_SHA256" : "Noise_XX_25519_AESGCM_SHA256";
}

constexpr std::size_t kKeyBytes = sizeof(PublicKey);
constexpr std::size_t kSealedKeyBytes = kKeyBytes + kTagBytes;

template <class T>
const T* pointer_to(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

}  // namespace

// The tokens of each message of XXpsk3. Without a password `psk` is skipped.
constexpr std::array<std::array<Handshake::Token, 4>, Handshake::kMessages> Handshake::kPattern{{
    {Token::e, Token::none, Token::none, Token::none},
    {Token::e, Token::ee, Token::s, Token::es},
    {Token::s, Token::se, Token::psk, Token::none},
}};

Handshake::Handshake(const Setup& setup)
    : role_{setup.role},
      symmetric_{protocol_name(setup.password.has_value() || setup.password_follows)},
      static_{setup.identity},
      ephemeral_{setup.ephemeral},
      with_password_{setup.password.has_value() || setup.password_follows},
      password_{setup.password} {
  symmetric_.mix_hash(setup.prologue);
}

std::size_t Handshake::overhead() const noexcept {
  switch (message_) {
    case 0:
      return kKeyBytes + (with_password_ ? kTagBytes : 0);
    case 1:
      return kKeyBytes + kSealedKeyBytes + kTagBytes;
    case 2:
      return kSealedKeyBytes + kTagBytes;
    default:
      return 0;
  }
}

bool Handshake::is_own_turn() const noexcept {
  return !is_finished() && (message_ % 2 == 0) == (role_ == Role::initiator);
}

Result<std::size_t> Handshake::write_message(Bytes payload, std::span<std::byte> out) {
  if (!is_own_turn()) return fail("write a handshake message: it is the peer's turn");
  const std::size_t size = payload.size() + overhead();
  if (size > out.size() || size > kLongestMessage) {
    return fail("write a handshake message: the payload is too long");
  }
  Handshake next{*this};
  std::span<std::byte> rest = out.first(size);
  for (const Token token : kPattern[message_]) {
    if (auto done = next.write_token(token, rest); !done) return fail(std::move(done.error()));
  }
  next.symmetric_.encrypt_and_hash(payload, rest);
  ++next.message_;
  *this = std::move(next);
  return size;
}

Result<std::size_t> Handshake::read_message(Bytes message, std::span<std::byte> payload) {
  if (is_finished() || is_own_turn()) return fail("a handshake message out of turn");
  if (message.size() < overhead() || message.size() > kLongestMessage) {
    return fail("a handshake message of a wrong size");
  }
  const std::size_t size = message.size() - overhead();
  if (payload.size() < size) return fail("a handshake message with a payload that is too long");
  Handshake next{*this};
  for (const Token token : kPattern[message_]) {
    if (auto done = next.read_token(token, message); !done) return fail(std::move(done.error()));
  }
  if (!next.symmetric_.decrypt_and_hash(message, payload.first(size))) {
    return fail("a handshake message that does not authenticate");
  }
  ++next.message_;
  *this = std::move(next);
  return size;
}

Result<> Handshake::write_token(Token token, std::span<std::byte>& out) {
  if (token == Token::e) {
    if (!ephemeral_) {
      auto made = generate_key_pair();
      if (!made) return fail(std::move(made.error()));
      ephemeral_ = std::move(*made);
    }
    std::ranges::copy(ephemeral_->public_key, out.begin());
    out = out.subspan(kKeyBytes);
    mix_ephemeral(ephemeral_->public_key);
    return {};
  }
  if (token == Token::s) {
    const std::size_t size = kKeyBytes + symmetric_.tag_bytes();
    symmetric_.encrypt_and_hash(static_.public_key, out.first(size));
    out = out.subspan(size);
    return {};
  }
  return mix_token(token);
}

Result<> Handshake::read_token(Token token, Bytes& message) {
  if (token == Token::e) {
    std::ranges::copy(message.first(kKeyBytes), remote_ephemeral_.emplace().begin());
    message = message.subspan(kKeyBytes);
    mix_ephemeral(*remote_ephemeral_);
    return {};
  }
  if (token == Token::s) {
    const std::size_t size = kKeyBytes + symmetric_.tag_bytes();
    if (!symmetric_.decrypt_and_hash(message.first(size), remote_static_.emplace())) {
      return fail("a handshake message that does not authenticate");
    }
    message = message.subspan(size);
    return {};
  }
  return mix_token(token);
}

// Section 9.2: with a pre-shared key, ephemeral keys are mixed into the key as well.
void Handshake::mix_ephemeral(const PublicKey& key) {
  symmetric_.mix_hash(key);
  if (with_password_) symmetric_.mix_key(key);
}

// In "es" and "se" the first letter names the initiator's key.
Result<> Handshake::mix_token(Token token) {
  const bool initiator = role_ == Role::initiator;
  const KeyPair* const ephemeral = pointer_to(ephemeral_);
  const PublicKey* const remote_ephemeral = pointer_to(remote_ephemeral_);
  const PublicKey* const remote_static = pointer_to(remote_static_);
  switch (token) {
    case Token::ee:
      return mix_dh(ephemeral, remote_ephemeral);
    case Token::es:
      return initiator ? mix_dh(ephemeral, remote_static) : mix_dh(&static_, remote_ephemeral);
    case Token::se:
      return initiator ? mix_dh(&static_, remote_ephemeral) : mix_dh(ephemeral, remote_static);
    case Token::psk:
      if (!with_password_) return {};
      if (!password_) return fail("write a handshake message: its password is not known yet");
      symmetric_.mix_key_and_hash(password_->bytes());
      return {};
    default:
      return {};
  }
}

// The pattern sends each key before it is used.
Result<> Handshake::mix_dh(const KeyPair* own, const PublicKey* peer) {
  must(own != nullptr && peer != nullptr);
  auto shared = shared_secret(*own, *peer);
  if (!shared) return fail(std::move(shared.error()).within("handshake"));
  symmetric_.mix_key(shared->bytes());
  return {};
}

Result<SessionKeys> Handshake::split() const {
  if (!is_finished()) return fail("the keys of a handshake that is not finished");
  const auto keys = symmetric_.split();
  return SessionKeys{.from_initiator = keys.first,
                     .from_responder = keys.second,
                     .handshake_hash = symmetric_.handshake_hash()};
}

}  // namespace chatd::crypto
