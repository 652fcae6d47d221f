// SPDX-License-Identifier: GPL-3.0-or-later
// password_keys.hpp — the pre-shared key of a password and a server, calculated once.
//
// Runs in:   uchat's session process. It needs the key at each reconnect, and the calculation takes
//            a tenth of a second.
// Owns:      the last password and its key, which are wiped when another one replaces them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"

namespace chatd::client {

// Keeps one key: that of the last password and server.
class PasswordKeys {
 public:
  using Calculate =
      std::function<Result<crypto::SecretKey>(std::string_view, const crypto::PublicKey&)>;

  // `calculate` has the parameters and the result of crypto::password_key().
  explicit PasswordKeys(Calculate calculate) : calculate_{std::move(calculate)} {}
  PasswordKeys(const PasswordKeys&) = delete;
  PasswordKeys& operator=(const PasswordKeys&) = delete;
  ~PasswordKeys() { forget(); }

  // The key of `password` for `server`. An error is not kept: the next call calculates again.
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
