// SPDX-License-Identifier: GPL-3.0-or-later
// handshake_pair.hpp — both sides of a handshake whose bytes are the same in every run.
//
// Runs in:   test programs, fuzz targets.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/crypto/noise.hpp"
#include "tests/common/crypto/hex.hpp"
#include "tests/common/crypto/noise_vectors.hpp"

namespace chatd::crypto {

using Role = Handshake::Role;

inline KeyPair pair_from_hex(std::string_view secret) {
  return key_pair_of(SecretKey{key_from_hex(secret)}).value();
}

// The setup of one side with fixed keys. `prologue` is borrowed.
inline Handshake::Setup fixed_setup(Role role, std::string_view password_hex,
                                    std::span<const std::byte> prologue = {}) {
  const bool initiator = role == Role::initiator;
  Handshake::Setup setup{
      .role = role,
      .identity = pair_from_hex(initiator ? kInitiatorStatic : kResponderStatic),
      .prologue = prologue,
      .password = std::nullopt,
      .ephemeral = pair_from_hex(initiator ? kInitiatorEphemeral : kResponderEphemeral)};
  if (!password_hex.empty()) setup.password = SecretKey{key_from_hex(password_hex)};
  return setup;
}

inline std::vector<std::byte> written(Handshake& side, std::span<const std::byte> payload) {
  std::vector<std::byte> message(payload.size() + side.overhead());
  message.resize(side.write_message(payload, message).value());
  return message;
}

// Returns the payload; nullopt if the side refuses the message.
inline std::optional<std::vector<std::byte>> read(Handshake& side,
                                                  std::span<const std::byte> message) {
  std::vector<std::byte> payload(message.size());
  const auto size = side.read_message(message, payload);
  if (!size) return std::nullopt;
  payload.resize(*size);
  return payload;
}

// An initiator and a responder with the same password and prologue.
struct HandshakePair {
  explicit HandshakePair(std::string_view password_hex, std::span<const std::byte> prologue = {})
      : initiator{fixed_setup(Role::initiator, password_hex, prologue)},
        responder{fixed_setup(Role::responder, password_hex, prologue)} {}

  [[nodiscard]] Handshake& writer(std::size_t message) {
    return message % 2 == 0 ? initiator : responder;
  }
  [[nodiscard]] Handshake& reader(std::size_t message) {
    return message % 2 == 0 ? responder : initiator;
  }

  Handshake initiator;
  Handshake responder;
};

}  // namespace chatd::crypto
