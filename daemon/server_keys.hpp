// SPDX-License-Identifier: GPL-3.0-or-later
// server_keys.hpp — the server's keys, in four files of the state directory:
//   identity.key  the secret half of the identity (Ed25519), which signs certificates. It may be
//                 kept elsewhere ("offline"): then the server cannot renew its certificate itself.
//   server.cert   the certificate: which X25519 key the identity says is the server's
//   server.key    the X25519 key, with which the server proves itself in each handshake
//   persons.key   the secret from which the numbers of persons are calculated; it never changes,
//                 as bans and roles on disk are by these numbers
// server.key.next is a key that has no certificate yet.
//
// Runs in:   main() before any fork, and the supervisor.
// Invariant: at each instruction the files can be loaded again, with the keys of before or the new
//            ones: server.cert decides which key is the server's, and is replaced in one step.
//            Nothing that exists is overwritten unless another key was asked for.
// Errors:    one sentence that names the file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/keys.hpp"

namespace chatd {

inline constexpr std::chrono::days kCertificateLife{365};
// So long before its end a certificate is renewed, or the administrator is warned.
inline constexpr std::chrono::days kNearEnd{30};

struct ServerKeys {
  crypto::KeyPair key;  // X25519
  crypto::SecretKey persons;
  crypto::Certificate certificate;
  bool has_identity{false};  // identity.key is in the state directory
};

// Makes what is missing at a first start, or in a directory of a version that had only server.key;
// renews a certificate that is near its end if identity.key is there.
[[nodiscard]] Result<ServerKeys> load_server_keys(const std::string& directory, WallTime now);
// Whether load_server_keys() would find keys that clients know. Changes nothing.
[[nodiscard]] Result<> check_server_keys(const std::string& directory);

// The keys after a renewal: another X25519 key and its certificate, or, if `same_key`, the same key
// with a new certificate. Nothing is stored yet. Needs identity.key.
[[nodiscard]] Result<ServerKeys> renewed(const std::string& directory, const ServerKeys& keys,
                                         bool same_key, WallTime now);
// Makes another X25519 key in server.key.next, and returns the request for its certificate, which
// certify() signs where identity.key is.
[[nodiscard]] Result<std::string> request_certificate(const std::string& directory,
                                                      const ServerKeys& keys);
// The keys with a certificate that was signed elsewhere, for server.key.next or for the key that is
// in use. Nothing is stored yet.
[[nodiscard]] Result<ServerKeys> with_certificate(const std::string& directory,
                                                  const ServerKeys& keys, std::string_view text,
                                                  WallTime now);
// Stores key and certificate.
[[nodiscard]] Result<> store_server_keys(const std::string& directory, const ServerKeys& keys);

// The certificate, as text, for a request; `identity_file` is identity.key.
[[nodiscard]] Result<std::string> certify(std::string_view request,
                                          const std::string& identity_file, WallTime now);

// True if identity.key is in the directory now.
[[nodiscard]] bool has_identity(const std::string& directory);

[[nodiscard]] bool is_near_end(const crypto::Certificate& certificate, WallTime now) noexcept;

}  // namespace chatd
