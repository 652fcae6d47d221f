// SPDX-License-Identifier: GPL-3.0-or-later
// key.hpp — keys that can be told apart.
//
// Runs in:   test programs.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::test {

// Nothing but that byte.
[[nodiscard]] inline crypto::Key key(int byte) {
  crypto::Key key{};
  key.fill(static_cast<std::byte>(byte));
  return key;
}

// What stands for crypto::password_key() where that would only take time.
[[nodiscard]] inline crypto::SecretKey quick_password_key(std::string_view password) {
  return crypto::SecretKey{crypto::sha256({std::as_bytes(std::span{password})})};
}

}  // namespace chatd::test
