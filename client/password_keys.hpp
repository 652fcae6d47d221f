// SPDX-License-Identifier: GPL-3.0-or-later
// password_keys.hpp — the pre-shared key of a password, calculated once for a password and a
// server.
//
// Runs in:   uchat's session process, which reconnects: the calculation takes a tenth of a second.
// Owns:      the last password and its key, wiped when they go.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::client {

class PasswordKeys {
 public:
  using Calculate =
      std::function<Result<crypto::SecretKey>(std::string_view, const crypto::PublicKey&)>;

  // As crypto::password_key().
  explicit PasswordKeys(Calculate calculate) : calculate_{std::move(calculate)} {}
  PasswordKeys(const PasswordKeys&) = delete;
  PasswordKeys& operator=(const PasswordKeys&) = delete;
  ~PasswordKeys() { forget(); }

  [[nodiscard]] Result<crypto::SecretKey> of(const std::string& password,
                                             const crypto::PublicKey& server);

 private:
  struct Last {
    std::string password;
    crypto::PublicKey server;
    crypto::SecretKey key;
  };
  void forget();

  Calculate calculate_;
  std::optional<Last> last_;
};

}  // namespace chatd::client
