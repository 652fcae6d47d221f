// SPDX-License-Identifier: GPL-3.0-or-later
// key.hpp — different keys for tests, made from a number or a password.
//
// Runs in:   test programs.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "common/crypto/hash.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::test {

// A key of which each byte has this value.
[[nodiscard]] inline crypto::Key key(int byte) {
  crypto::Key key{};
  key.fill(static_cast<std::byte>(byte));
  return key;
}

// A fast replacement of crypto::password_key(), which is slow on purpose.
[[nodiscard]] inline crypto::SecretKey quick_password_key(std::string_view password) {
  return crypto::SecretKey{crypto::sha256({std::as_bytes(std::span{password})})};
}

}  // namespace chatd::test
