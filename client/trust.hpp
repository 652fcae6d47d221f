// SPDX-License-Identifier: GPL-3.0-or-later
// trust.hpp — decides whether the public key of a server is trusted.
//
// Runs in:   uchat's session process.
// Rule:      a known key is trusted. Another key of a known server is refused, with the line of the
//            file of known servers in the message. The key of an unknown server is stored and
//            shown, as ssh does (trust on first use). If a password will be used, the user must
//            confirm the key of an unknown server first: a false server could use the handshake to
//            guess the password. A fingerprint of the user must match in every case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/known_servers.hpp"
#include "client/message.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

// The decision about a key.
struct Verdict {
  bool trusted{false};
  std::optional<Report> report{};  // for the user
  // If not trusted: the outcome of the session, changed_key or unconfirmed_key, and the detail.
  Outcome outcome{Outcome::changed_key};
  std::string why_not{};
};

// The user's conditions for a key.
struct Demands {
  // The key must have it, as crypto::fingerprint() writes it.
  std::optional<std::string> fingerprint{};
  bool has_password{false};  // a password will be used with this server
};

// Decides about `key` of `server` (written as to_text(Target) writes it). Stores a new key in
// `known`. The messages are in `language`.
[[nodiscard]] Verdict judge(const KnownServers& known, std::string_view server,
                            const crypto::PublicKey& key, const Demands& demands,
                            wire::Language language);

}  // namespace chatd::client
