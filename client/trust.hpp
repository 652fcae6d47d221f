// SPDX-License-Identifier: GPL-3.0-or-later
// trust.hpp — whether the key that a server has shown is the right one.
//
// Runs in:   uchat's session process.
// Rule:      a known key is trusted, another one for a known server is refused with the line of
//            the file to look at. An unknown server's key is kept and shown, as ssh does (trust at
//            first use); but not if a password is to be used, which whoever is at the other end
//            could then guess: there the user must confirm the key. A demanded fingerprint must
//            match in every case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/known_servers.hpp"
#include "client/message.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

struct Verdict {
  bool trusted{false};
  std::optional<Report> report{};  // the user must see it
  // Of one that is not trusted: how it ends, changed_key or unconfirmed_key, and the detail.
  Outcome outcome{Outcome::changed_key};
  std::string why_not{};
};

struct Demands {
  std::string fingerprint{};  // as crypto::fingerprint() writes it; "": none is demanded
  bool has_password{false};   // a password is to be used with this server
};

[[nodiscard]] Verdict judge(const KnownServers& known, std::string_view server,
                            const crypto::PublicKey& key, const Demands& demands,
                            wire::Language language);

}  // namespace chatd::client
