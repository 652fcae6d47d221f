// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/password_keys.hpp"

#include "client/words/secret_text.hpp"

namespace chatd::client {

Result<crypto::SecretKey> PasswordKeys::of(const std::string& password,
                                           const crypto::PublicKey& server) {
  if (last_ && last_->password == password && last_->server == server) return last_->key;
  forget();
  auto key = calculate_(password, server);
  if (key) last_.emplace(Last{.password = password, .server = server, .key = *key});
  return key;
}

void PasswordKeys::forget() {
  if (last_) wipe(last_->password);
  last_.reset();
}

}  // namespace chatd::client
